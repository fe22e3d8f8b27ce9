import type { RecordBatch } from '../../record';
import {
  PermanentFailure,
  TemporaryFailure,
  type DeliveryIds,
  type DeliveryOutcome,
  type Destination,
} from '../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../forwarder-type';
import { HTTP_URL_PATTERN, checkHttpUrl } from './shared/address';
import { shown } from './shared/describe';
import { withDeliveryId } from './shared/delivery-id';
import { HttpClient, type HttpAnswer } from './shared/http-client';
import { COMPRESSION_SCHEMA, PROXY_SCHEMA } from './shared/http-settings';
import { httpVerdict, isBrokenJson, requireTaken } from './shared/http-verdict';
import { offerInParts } from './shared/offer-in-parts';
import { OutcomeBuilder } from './shared/outcome-builder';
import { RecordJson, isoTime } from './shared/record-json';
import { cutRendered, renderRows } from './shared/render-rows';
import { DynamicText, RowInput } from './shared/row-templates';
import { TLS_SCHEMA, TLS_TRUST, checkTls, type TlsSettings } from './shared/tls-settings';

/** Configuration of an `elastic` forwarder. */
export interface ElasticConfig {
  readonly type: 'elastic';
  readonly addresses: readonly string[];
  readonly index: string;
  readonly username?: string;
  readonly password?: string;
  readonly api_key?: string;
  readonly ca?: string;
  readonly operation?: Operation;
  readonly id?: string;
  readonly document?: 'record' | 'flat';
  readonly pipeline?: string;
  readonly compression?: 'none' | 'gzip';
  readonly proxy?: string;
  readonly tls?: TlsSettings;
}

type Operation = 'create' | 'index';

/** Bytes of a request: below what hosted clusters take (10 MB), far below the default of self-run ones (100 MB). */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** Bytes of an answer: a line of error for every document of a request. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** A document of this id is already there (with operation `create`): an earlier offer of the same record was taken. */
const STATUS_CONFLICT = 409;

/** Elasticsearch and OpenSearch, through their bulk API. */
export const ELASTIC_TYPE: ForwarderType<ElasticConfig> = {
  type: 'elastic',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'addresses', 'index'],
    properties: {
      type: { const: 'elastic' },
      addresses: {
        type: 'array',
        minItems: 1,
        items: { type: 'string', pattern: HTTP_URL_PATTERN },
        description: 'URLs of nodes of one cluster. One is used until it fails, then the next.',
      },
      index: {
        type: 'string',
        minLength: 1,
        description:
          'Dynamic. Index or data stream. In a fixed text %Y, %m, %d and %H stand for the year, month, day and hour (UTC) of ' +
          'the record: `logs-%Y.%m.%d`. A data stream needs `document: flat`.',
      },
      username: { type: 'string', minLength: 1, description: 'User; needs `password`.' },
      password: { type: 'string', minLength: 1, description: 'Password of the user.' },
      api_key: {
        type: 'string',
        minLength: 1,
        description: 'API key, encoded or as `id:key`, instead of user and password.',
      },
      ca: {
        type: 'string',
        description: 'Certificates of the authorities to trust, PEM; the same as `tls.ca`.',
      },
      operation: {
        type: 'string',
        enum: ['create', 'index'],
        default: 'create',
        description:
          '`create` never changes a document that is there, and is what data streams take; `index` replaces it.',
      },
      id: {
        type: 'string',
        description:
          'Dynamic. Id of the document; a record that is sent twice is then stored once. `@expr:delivery_id` suits every record. ' +
          'Without it, or empty: the cluster gives one.',
      },
      document: {
        type: 'string',
        enum: ['record', 'flat'],
        default: 'record',
        description: '`record`: {"timestamp", "fields"}. `flat`: {"@timestamp"} beside the fields themselves.',
      },
      pipeline: { type: 'string', minLength: 1, description: 'Ingest pipeline of the cluster.' },
      compression: COMPRESSION_SCHEMA,
      proxy: PROXY_SCHEMA,
      tls: TLS_SCHEMA,
    },
  },
  secrets: [['password'], ['api_key'], ['proxy'], ['tls', 'key']],
  secretsGoTo: [['addresses'], ['proxy'], ['ca'], ...TLS_TRUST],
  templates: [['index'], ['id']],

  check(config: ElasticConfig): ConfigProblem[] {
    const problems = config.addresses.flatMap((address, i) => checkHttpUrl(`addresses.${i}`, address));
    if (config.proxy) problems.push(...checkHttpUrl('proxy', config.proxy));
    if (config.api_key !== undefined && config.username !== undefined) {
      problems.push({ path: 'api_key', message: 'give either an API key or a user with a password' });
    }
    if ((config.username === undefined) !== (config.password === undefined)) {
      const missing = config.username === undefined ? 'username' : 'password';
      problems.push({ path: missing, message: 'username and password belong together' });
    }
    return [...problems, ...checkTls(config.tls), ...(config.ca ? caProblems(config.ca) : [])];
  },

  open(config: ElasticConfig, context: DestinationContext): Destination {
    return new ElasticDestination(config, context);
  },
};

/** An API key as the header has it. Base64 has no colon. */
function encodedKey(key: string): string {
  return key.includes(':') ? Buffer.from(key).toString('base64') : key;
}

function caProblems(ca: string): ConfigProblem[] {
  return checkTls({ ca }).map(({ message }) => ({ path: 'ca', message }));
}

class ElasticDestination implements Destination {
  readonly #config: ElasticConfig;
  readonly #operation: Operation;
  readonly #index: DynamicText;
  readonly #datePattern: string | undefined;
  readonly #id: DynamicText | undefined;
  readonly #client: HttpClient;
  readonly #headers: Record<string, string>;
  /** The address that answered last. */
  #current = 0;

  constructor(config: ElasticConfig, context: DestinationContext) {
    this.#config = config;
    this.#operation = config.operation ?? 'create';
    this.#index = new DynamicText('index', config.index);
    this.#datePattern = !config.index.startsWith('@expr:') && config.index.includes('%') ? config.index : undefined;
    this.#id = config.id ? new DynamicText('id', config.id) : undefined;
    const tls = config.ca ? { ...config.tls, ca: config.tls?.ca || config.ca } : config.tls;
    this.#client = new HttpClient(context, { tls, proxy: config.proxy, answerBytes: MAX_ANSWER_BYTES });
    this.#headers = { 'Content-Type': 'application/x-ndjson', Accept: 'application/json' };
    if (config.api_key !== undefined) this.#headers.Authorization = `ApiKey ${encodedKey(config.api_key)}`;
    else if (config.username !== undefined) {
      const credentials = Buffer.from(`${config.username}:${config.password ?? ''}`).toString('base64');
      this.#headers.Authorization = `Basic ${credentials}`;
    }
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const json = new RecordJson(batch);
    const texts = renderRows(batch, outcome, (row) => this.#linesOf(batch, row, json, ids));
    await offerInParts(cutRendered(texts, MAX_REQUEST_BYTES), outcome, async (rows) => {
      const headers = withDeliveryId(this.#headers, rows, ids);
      const answer = await this.#request(rows.map((row) => texts.get(row)).join(''), headers, signal);
      this.#readItems(answer, rows, outcome);
    });
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown> {
    const json = new RecordJson(batch);
    return { body: Array.from({ length: batch.length }, (_, row) => this.#linesOf(batch, row, json, ids)).join('') };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  /** The action and the document of a row, a line each. */
  #linesOf(batch: RecordBatch, row: number, json: RecordJson, ids: DeliveryIds | undefined): string {
    const input = new RowInput(batch, row, ids);
    const index =
      this.#datePattern === undefined ? this.#index.of(input) : datedName(this.#datePattern, input.timestamp);
    if (index === '') throw new PermanentFailure('index: the name is empty for this record');
    const id = this.#id?.of(input);
    const action = JSON.stringify({ [this.#operation]: { _index: index, ...(id && { _id: id }) } });
    if (this.#config.document !== 'flat') return `${action}\n${json.of(row)}\n`;
    const { '@timestamp': own, ...fields } = input.log;
    return `${action}\n${JSON.stringify({ '@timestamp': own || isoTime(input.timestamp), ...fields })}\n`;
  }

  /** Asks one address after the other until one answers. */
  async #request(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const { addresses, pipeline, compression } = this.#config;
    for (let attempt = 1; ; attempt++) {
      const url = new URL(addresses[this.#current] as string);
      url.pathname = `${url.pathname.replace(/\/+$/, '')}/_bulk`;
      if (pipeline !== undefined) url.searchParams.set('pipeline', pipeline);
      const request = { url: url.href, headers, body, gzip: compression === 'gzip' };
      try {
        const answer = await this.#client.send(request, signal);
        requireTaken(answer);
        return answer;
      } catch (error) {
        if (!(error instanceof TemporaryFailure)) throw error;
        this.#current = (this.#current + 1) % addresses.length;
        if (attempt >= addresses.length || signal.aborted) throw error;
      }
    }
  }

  /** Puts down what became of each document. */
  #readItems(answer: HttpAnswer, rows: readonly number[], outcome: OutcomeBuilder): void {
    const items = bulkItems(answer, this.#operation);
    if (items === 'all taken') return;
    if (items === 'broken off') {
      const words = 'the answer broke off: which documents were taken is not known';
      // Documents with an id of their own can be sent twice, others would be there twice.
      if (this.#id !== undefined) throw new TemporaryFailure(words);
      outcome.refuseAll(rows, words);
      return;
    }
    if (items.length !== rows.length) {
      throw new TemporaryFailure(`the answer tells of ${items.length} documents, ${rows.length} were sent`);
    }
    for (const [i, row] of rows.entries()) {
      const { status, reason } = items[i] as BulkItem;
      const verdict = httpVerdict(status);
      if (verdict === 'taken' || (status === STATUS_CONFLICT && this.#id !== undefined)) continue;
      if (verdict === 'temporary') outcome.retry(row, reason, answer.retryAfterMs);
      else outcome.refuse(row, reason);
    }
  }
}

interface BulkItem {
  readonly status: number;
  readonly reason: string;
}

/** The flag stands in front of the items. */
const NO_ERRORS = /^[^[]*"errors"\s*:\s*false/;

/** What a bulk answer says of each document. @throws TemporaryFailure when it is none */
function bulkItems(reply: HttpAnswer, operation: Operation): BulkItem[] | 'all taken' | 'broken off' {
  const text = reply.body.toString('utf8');
  let answer: { errors?: unknown; items?: unknown };
  try {
    answer = JSON.parse(text) as typeof answer;
    if (answer.errors === false) return 'all taken';
    if (!Array.isArray(answer.items)) throw new TypeError('no items');
  } catch (error) {
    if (error instanceof SyntaxError && isBrokenJson(reply)) return NO_ERRORS.test(text) ? 'all taken' : 'broken off';
    throw new TemporaryFailure(`not the answer of a bulk API: ${shown(text)}`, undefined, { cause: error });
  }
  return answer.items.map((item: Record<string, { status?: unknown; error?: unknown } | undefined> | null) => {
    const result = item?.[operation];
    const status = Number(result?.status ?? Number.NaN);
    // An item that can't be read is offered again rather than given up.
    if (Number.isNaN(status)) return { status: 500, reason: 'an item of the answer has no status' };
    const error = result?.error as { type?: unknown; reason?: unknown } | string | undefined;
    const words = typeof error === 'object' ? `${String(error.type)}: ${String(error.reason)}` : (error ?? '');
    return { status, reason: shown(`status ${status}: ${words}`) };
  });
}

/** Replaces %Y, %m, %d and %H by the parts of a time in UTC, and %% by a percent sign. */
function datedName(pattern: string, milliseconds: number): string {
  const time = isoTime(milliseconds);
  return pattern.replace(/%[YmdH%]/g, (mark) => {
    switch (mark) {
      case '%Y':
        return time.slice(0, -20);
      case '%m':
        return time.slice(-19, -17);
      case '%d':
        return time.slice(-16, -14);
      case '%H':
        return time.slice(-13, -11);
      default:
        return '%';
    }
  });
}
