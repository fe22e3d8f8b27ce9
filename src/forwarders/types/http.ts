import type { RecordBatch } from '../../record';
import type { DeliveryIds, DeliveryOutcome, Destination } from '../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../forwarder-type';
import { withoutCredentials } from '../url-credentials';
import { HTTP_URL_PATTERN, checkHttpUrl } from './shared/address';
import { ByteText } from './shared/byte-text';
import { withDeliveryId } from './shared/delivery-id';
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
  readonly delivery_ids?: boolean;
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
      delivery_ids: {
        type: 'boolean',
        default: false,
        description:
          'Put the id of each record in front of it, as "id" beside "timestamp": a record that is sent twice has the same id both times.',
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
  readonly #template: DynamicText;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #client: HttpClient;
  /** Length of the last body: the next one is about as long. */
  #lastBytes = 0;

  constructor(config: HttpConfig, context: DestinationContext) {
    this.#config = config;
    this.#format = config.format ?? (config.body === undefined ? 'record' : 'body');
    this.#batch = config.batch ?? 'single';
    this.#template = new DynamicText('body', config.body ?? DEFAULT_BODY);
    const type = config.content_type ?? defaultContentType(this.#format, this.#batch);
    this.#headers = withDefaultHeader(config.headers, 'Content-Type', type);
    this.#client = new HttpClient(context, { tls: config.tls, proxy: config.proxy });
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const textOf = this.#renderer(batch, ids);
    // Records as they are can't fail, and are written when their request is.
    const texts = this.#format === 'record' ? undefined : renderRows(batch, outcome, textOf);
    const rows = texts === undefined ? Array.from(batch.timestamps, (_, row) => row) : [...texts.keys()];
    const runs = this.#batch === 'single' ? rows.map((row) => [row]) : rows.length > 0 ? [rows] : [];
    await offerInParts(runs, outcome, async (part) => {
      const body = this.#body(part, (row) => texts?.get(row) ?? textOf(row));
      await this.#request(body, withDeliveryId(this.#headers, part, ids), signal);
    });
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown> {
    const textOf = this.#renderer(batch, ids);
    const rows = Array.from(batch.timestamps, (_, row) => row);
    const runs = this.#batch === 'single' ? rows.map((row) => [row]) : [rows];
    const bodies = runs.map((run) => this.#body(run, textOf).toString());
    return { method: this.#config.method ?? 'POST', url: withoutCredentials(this.#config.url), bodies };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  /** Gives the text of a row; it throws TemplateFailure. */
  #renderer(batch: RecordBatch, ids: DeliveryIds | undefined): (row: number) => string {
    const withIds = this.#config.delivery_ids === true ? ids : undefined;
    if (this.#format === 'record') {
      const json = new RecordJson(batch);
      return (row) => json.of(row, withIds?.of(row));
    }
    return (row) => {
      const text = this.#template.of(new RowInput(batch, row, ids));
      if (this.#format === 'raw') return text;
      const id = withIds === undefined ? '' : `"id":${JSON.stringify(withIds.of(row))},`;
      return `{${id}"timestamp":"${isoTime(batch.timestamps[row] as number)}","body":${JSON.stringify(text)}}`;
    };
  }

  async #request(body: Buffer, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const { url, method = 'POST', compression, accepted_status } = this.#config;
    const answer = await this.#client.send({ url, method, headers, body, gzip: compression === 'gzip' }, signal);
    requireTaken(answer, accepted_status);
  }

  #body(rows: readonly number[], textOf: (row: number) => string): Buffer {
    if (this.#batch === 'single') return Buffer.from(rows.map(textOf).join(''));
    const body = new ByteText(this.#lastBytes);
    // What is made here is JSON on one line; a text of the configuration may be anything.
    const raw = this.#format === 'raw';
    const lines = this.#batch === 'ndjson';
    if (!lines) body.add('[');
    for (let i = 0; i < rows.length; i++) {
      const text = textOf(rows[i] as number);
      if (!lines && i > 0) body.add(',');
      body.add(!raw ? text : lines ? onOneLine(text) : asJson(text));
      if (lines) body.add('\n');
    }
    if (!lines) body.add(']');
    this.#lastBytes = body.length;
    return body.finish();
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
