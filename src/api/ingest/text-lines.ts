import { RecordBatch } from '../../record';
import { unsupportedMedia } from '../errors/api-error';
import { mediaTypeParameter } from '../../inputs/http';
import type { DecodedBody, IngestFormat } from './ingest-format';

const CONTENT_FIELD = 'content';
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** One record a line, `{content: <line>}`: without blanks at both ends (so that CRLF is no matter), blank lines left out. */
export const TEXT_FORMAT: IngestFormat = {
  mediaTypes: ['text/plain'],
  typeRequired: false,
  decode(body, _mediaType, contentType, arrival): DecodedBody {
    const text = decodeText(body, contentType);
    const batch = new RecordBatch();
    const column = batch.columnIndex(CONTENT_FIELD);
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      const line = text.slice(start, end).trim();
      if (line !== '') batch.setValue(batch.addRow(arrival), column, line);
      start = end + 1;
    }
    return { batch };
  },
};

function decodeText(body: Buffer, contentType: string | undefined): string {
  const charset = mediaTypeParameter(contentType, 'charset')?.toLowerCase() ?? 'utf-8';
  if (UTF8_NAMES.has(charset)) return body.toString('utf8');
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    throw unsupportedMedia('charset', charset, 'utf-8');
  }
}
