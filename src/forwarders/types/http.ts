import type { RecordBatch } from '../../record';
import type { DeliveryOutcome, Destination } from '../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../forwarder-type';
import { HTTP_URL_PATTERN, checkHttpUrl } from './shared/address';
import { HttpClient } from './shared/http-client';
import {
  COMPRESSION_SCHEMA,
  HEADER_SECRETS,
  HEADERS_SCHEMA,
  PROXY_SCHEMA,
  checkHeaders,
  withDefaultHeader,
} from './shared/http-settings';
import { requireTaken } from './shared/http-verdict';
import { offerInParts } from './shared/offer-in-parts';
import { OutcomeBuilder } from './shared/outcome-builder';
import { RecordJson, isoTime } from './shared/record-json';
import { renderRows } from './shared/render-rows';
import { DynamicText, RowInput } from './shared/row-templates';
import { TLS_SCHEMA, TLS_TRUST, checkTls, type TlsSettings } from './shared/tls-settings';

/** Configuration of an `http` forwarder. */
export interface HttpConfig {
  readonly type: 'http';
  readonly url: string;
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly proxy?: string;
  readonly body?: string;
  readonly format?: BodyFormat;
  readonly content_type?: string;
  readonly batch?: BatchForm;
  readonly compression?: 'none' | 'gzip';
  readonly accepted_status?: readonly number[];
  readonly tls?: TlsSettings;
}

type BodyFormat = 'record' | 'body' | 'raw';
type BatchForm = 'single' | 'json_array' | 'ndjson';

/** Text of `body` where a format needs one and none is set. */
const DEFAULT_BODY = '@expr:toJSON(log)';

/** Requests to any HTTP server. */
export const HTTP_TYPE: ForwarderType<HttpConfig> = {
  type: 'http',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'url'],
    properties: {
      type: { const: 'http' },
      url: { type: 'string', pattern: HTTP_URL_PATTERN, description: 'Where requests go; http or https.' },
      method: { type: 'string', enum: ['POST', 'PUT', 'PATCH'], default: 'POST', description: 'Method of requests.' },
      headers: HEADERS_SCHEMA,
      proxy: PROXY_SCHEMA,
      body: {
        type: 'string',
        description: 'Text of the body: fixed, or an expression behind `@expr:`. See `format` for where it stands.',
      },
      format: {
        type: 'string',
        enum: ['record', 'body', 'raw'],
        description:
          'What is sent for a record. `record`: {"timestamp", "fields"}. `body`: {"timestamp", "body"} with the text of `body`. ' +
          '`raw`: the text of `body` alone. Without it: `body` when `body` is set, else `record`.',
      },
      content_type: {
        type: 'string',
        minLength: 1,
        description:
          'Content-Type of requests. Without it: application/json, application/x-ndjson for `batch: ndjson`, text/plain for single `raw` bodies.',
      },
      batch: {
        type: 'string',
        enum: ['single', 'json_array', 'ndjson'],
        default: 'single',
        description: 'A request for each record, or one for each batch: as a JSON array, or a line for each record.',
      },
      compression: COMPRESSION_SCHEMA,
      accepted_status: {
        type: 'array',
        items: { type: 'integer', minimum: 200, maximum: 599 },
        description: 'Status codes that mean success, and no others do. Without it: 200 to 299.',
      },
      tls: TLS_SCHEMA,
    },
  },
  secrets: [...HEADER_SECRETS, ['proxy'], ['tls', 'key']],
  secretsGoTo: [['url'], ['proxy'], ...TLS_TRUST],
  templates: [['body']],

  check(config: HttpConfig): ConfigProblem[] {
    return [
      ...checkHttpUrl('url', config.url),
      ...(config.proxy ? checkHttpUrl('proxy', config.proxy) : []),
      ...checkHeaders(config.headers),
      ...checkTls(config.tls),
    ];
  },

  open(config: HttpConfig, context: DestinationContext): Destination {
    return new HttpDestination(config, context);
  },
};

class HttpDestination implements Destination {
  readonly #config: HttpConfig;
  readonly #format: BodyFormat;
  readonly #batch: BatchForm;
  readonly #body: DynamicText;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #client: HttpClient;

  constructor(config: HttpConfig, context: DestinationContext) {
    this.#config = config;
    this.#format = config.format ?? (config.body === undefined ? 'record' : 'body');
    this.#batch = config.batch ?? 'single';
    this.#body = new DynamicText('body', config.body ?? DEFAULT_BODY);
    const type = config.content_type ?? defaultContentType(this.#format, this.#batch);
    this.#headers = withDefaultHeader(config.headers, 'Content-Type', type);
    this.#client = new HttpClient(context, { tls: config.tls, proxy: config.proxy });
  }

  async send(batch: RecordBatch, signal: AbortSignal): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const json = new RecordJson(batch);
    const texts = renderRows(batch, outcome, (row) => this.#textOf(batch, row, json));
    const rows = [...texts.keys()];
    const runs = this.#batch === 'single' ? rows.map((row) => [row]) : rows.length > 0 ? [rows] : [];
    await offerInParts(runs, outcome, (part) =>
      this.#request(
        part.map((row) => texts.get(row) as string),
        signal,
      ),
    );
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch): Promise<unknown> {
    const json = new RecordJson(batch);
    const texts = Array.from({ length: batch.length }, (_, row) => this.#textOf(batch, row, json));
    const bodies = this.#batch === 'single' ? texts : [this.#joined(texts)];
    return { method: this.#config.method ?? 'POST', url: this.#config.url, bodies };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  /** @throws TemplateFailure */
  #textOf(batch: RecordBatch, row: number, json: RecordJson): string {
    if (this.#format === 'record') return json.of(row);
    const text = this.#body.of(new RowInput(batch, row));
    if (this.#format === 'raw') return text;
    const timestamp = isoTime(batch.timestamps[row] as number);
    return `{"timestamp":"${timestamp}","body":${JSON.stringify(text)}}`;
  }

  async #request(texts: readonly string[], signal: AbortSignal): Promise<void> {
    const answer = await this.#client.send(
      {
        url: this.#config.url,
        method: this.#config.method ?? 'POST',
        headers: this.#headers,
        body: this.#joined(texts),
        gzip: this.#config.compression === 'gzip',
      },
      signal,
    );
    requireTaken(answer, this.#config.accepted_status);
  }

  #joined(texts: readonly string[]): string {
    // What is made here is JSON on one line; a text of the configuration may be anything.
    const raw = this.#format === 'raw';
    switch (this.#batch) {
      case 'single':
        return texts.join('');
      case 'ndjson':
        return `${(raw ? texts.map(onOneLine) : texts).join('\n')}\n`;
      case 'json_array':
        return `[${(raw ? texts.map(asJson) : texts).join(',')}]`;
    }
  }
}

/** In JSON a line break is always a blank between two tokens, in other text it would begin another record. */
function onOneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function defaultContentType(format: BodyFormat, batch: BatchForm): string {
  if (batch === 'ndjson') return 'application/x-ndjson';
  return format === 'raw' && batch === 'single' ? 'text/plain; charset=utf-8' : 'application/json';
}

/** Text that is JSON as it is, other text as a JSON string. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
