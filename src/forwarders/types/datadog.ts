import type { RecordBatch } from '../../record';
import type { DeliveryIds, DeliveryOutcome, Destination } from '../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../forwarder-type';
import { withoutCredentials } from '../url-credentials';
import { HTTP_URL_PATTERN, checkHttpUrl } from './shared/address';
import { withDeliveryId } from './shared/delivery-id';
import { HttpClient } from './shared/http-client';
import { COMPRESSION_SCHEMA, PROXY_SCHEMA } from './shared/http-settings';
import { requireTaken } from './shared/http-verdict';
import { offerInParts } from './shared/offer-in-parts';
import { OutcomeBuilder } from './shared/outcome-builder';
import { isoTime } from './shared/record-json';
import { cutRendered, renderRows } from './shared/render-rows';
import { DynamicText, RowInput } from './shared/row-templates';
import { TLS_SCHEMA, TLS_TRUST, checkTls, type TlsSettings } from './shared/tls-settings';

/** Configuration of a `datadog` forwarder. */
export interface DatadogConfig {
  readonly type: 'datadog';
  readonly url: string;
  readonly apiKey: string;
  readonly ddsource?: string;
  readonly ddtags?: string;
  readonly hostname?: string;
  readonly message?: string;
  readonly service?: string;
  readonly attributes?: boolean;
  readonly compression?: 'none' | 'gzip';
  readonly proxy?: string;
  readonly tls?: TlsSettings;
}

/** Limits of the intake: 5 MB and 1000 logs a request; some room is left for what stands around the logs. */
const MAX_REQUEST_BYTES = 4_500_000;
const MAX_REQUEST_LOGS = 1000;
/** Of a longer log the intake keeps the beginning, and calls that a success. */
const MAX_LOG_BYTES = 1_000_000;

const TEXTS = ['ddsource', 'ddtags', 'hostname', 'message', 'service'] as const;

function dynamicText(name: string, what: string): object {
  return {
    type: 'string',
    default: '',
    description: `Dynamic. ${what} Empty means the field \`${name}\` of the record.`,
  };
}

/** Datadog's log intake. */
export const DATADOG_TYPE: ForwarderType<DatadogConfig> = {
  type: 'datadog',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'url', 'apiKey'],
    properties: {
      type: { const: 'datadog' },
      url: {
        type: 'string',
        pattern: HTTP_URL_PATTERN,
        description: 'URL of the intake of your site, such as https://http-intake.logs.datadoghq.eu/api/v2/logs.',
      },
      apiKey: { type: 'string', minLength: 1, description: 'API key.' },
      ddsource: dynamicText('ddsource', 'Technology that the log is from; chooses the pipeline there.'),
      ddtags: dynamicText('ddtags', 'Tags, `name:value` joined by commas.'),
      hostname: dynamicText('hostname', 'Host that the log is from.'),
      message: {
        type: 'string',
        default: '',
        description:
          'Dynamic. The log itself. Empty means the field `message` of the record, or all fields as JSON where it has none.',
      },
      service: dynamicText('service', 'Name of the application.'),
      attributes: {
        type: 'boolean',
        default: false,
        description: 'Send all fields of the record as attributes, too.',
      },
      compression: COMPRESSION_SCHEMA,
      proxy: PROXY_SCHEMA,
      tls: TLS_SCHEMA,
    },
  },
  secrets: [['apiKey'], ['proxy'], ['tls', 'key']],
  secretsGoTo: [['url'], ['proxy'], ...TLS_TRUST],
  templates: TEXTS.map((name) => [name]),

  check(config: DatadogConfig): ConfigProblem[] {
    return [
      ...checkHttpUrl('url', config.url),
      ...(config.proxy ? checkHttpUrl('proxy', config.proxy) : []),
      ...checkTls(config.tls),
    ];
  },

  open(config: DatadogConfig, context: DestinationContext): Destination {
    return new DatadogDestination(config, context);
  },
};

class DatadogDestination implements Destination {
  readonly #config: DatadogConfig;
  readonly #client: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #texts: ReadonlyMap<(typeof TEXTS)[number], DynamicText>;

  constructor(config: DatadogConfig, context: DestinationContext) {
    this.#config = config;
    this.#client = new HttpClient(context, { tls: config.tls, proxy: config.proxy });
    this.#headers = { 'DD-API-KEY': config.apiKey, Accept: 'application/json', 'Content-Type': 'application/json' };
    this.#texts = new Map(TEXTS.map((name) => [name, new DynamicText(name, config[name] || `@expr:log.${name}`)]));
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const texts = renderRows(batch, outcome, (row) => this.#logOf(batch, row, ids));
    const gzip = this.#config.compression === 'gzip';
    for (const text of texts.values()) {
      const bytes = text.length * 3 > MAX_LOG_BYTES ? Buffer.byteLength(text) : 0;
      if (bytes > MAX_LOG_BYTES) outcome.warn(`a log of ${bytes} bytes: Datadog cuts logs at ${MAX_LOG_BYTES}`);
    }
    await offerInParts(cutRendered(texts, MAX_REQUEST_BYTES, MAX_REQUEST_LOGS), outcome, async (rows) => {
      const body = `[${rows.map((row) => texts.get(row)).join(',')}]`;
      const headers = withDeliveryId(this.#headers, rows, ids);
      requireTaken(await this.#client.send({ url: this.#config.url, headers, body, gzip }, signal));
    });
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown> {
    const body = `[${Array.from({ length: batch.length }, (_, row) => this.#logOf(batch, row, ids)).join(',')}]`;
    return { url: withoutCredentials(this.#config.url), body };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  #logOf(batch: RecordBatch, row: number, ids: DeliveryIds | undefined): string {
    const input = new RowInput(batch, row, ids);
    const log = Object.create(null) as Record<string, string>;
    if (this.#config.attributes === true) Object.assign(log, input.log);
    log.timestamp = isoTime(input.timestamp);
    for (const [name, text] of this.#texts) {
      const value = text.of(input);
      if (value !== '') log[name] = value;
    }
    if (!this.#config.message && !log.message) log.message = JSON.stringify(input.log);
    return JSON.stringify(log);
  }
}
