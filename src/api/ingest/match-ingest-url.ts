import { API_PREFIX } from '../document';

/** The routes that take records, by what follows the pipeline's name. */
export type IngestKind = 'record' | 'struct' | 'text' | 'otlp';

export interface IngestMatch {
  readonly kind: IngestKind;
  /** Name of the pipeline, decoded. */
  readonly pipeline: string;
}

const PREFIX = `${API_PREFIX}/pipelines/`;

/**
 * Recognizes the URL of an ingest route. What is spelled in an unusual way is left to Express, which leads to the same place.
 * @example
 * matchIngestUrl('/api/v1/pipelines/default/logs') // { kind: 'record', pipeline: 'default' }
 */
export function matchIngestUrl(url: string): IngestMatch | undefined {
  if (!url.startsWith(PREFIX)) return undefined;
  const nameEnd = url.indexOf('/', PREFIX.length);
  if (nameEnd <= PREFIX.length) return undefined;
  const queryStart = url.indexOf('?', nameEnd);
  const kind = kindOf(queryStart < 0 ? url.slice(nameEnd + 1) : url.slice(nameEnd + 1, queryStart));
  if (kind === undefined) return undefined;
  const name = decodeName(url.slice(PREFIX.length, nameEnd));
  return name === undefined ? undefined : { kind, pipeline: name };
}

function kindOf(rest: string): IngestKind | undefined {
  switch (rest) {
    case 'logs':
      return 'record';
    case 'logs/struct':
      return 'struct';
    case 'logs/text':
      return 'text';
    case 'logs/otlp':
      return 'otlp';
    default:
      return undefined;
  }
}

function decodeName(text: string): string | undefined {
  if (text.includes('?')) return undefined;
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
