import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordBatch } from '../../record';
import {
  PermanentFailure,
  TemporaryFailure,
  type DeliveryIds,
  type DeliveryOutcome,
  type Destination,
} from '../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../forwarder-type';
import { withoutCredentials } from '../url-credentials';
import { HTTP_URL_PATTERN, checkHttpUrl } from './shared/address';
import { withDeliveryId } from './shared/delivery-id';
import { HttpClient, type HttpAnswer } from './shared/http-client';
import { COMPRESSION_SCHEMA, PROXY_SCHEMA } from './shared/http-settings';
import { answerText, isBrokenJson, requireTaken } from './shared/http-verdict';
import { offerInParts } from './shared/offer-in-parts';
import { OutcomeBuilder } from './shared/outcome-builder';
import { cutRendered, renderRows } from './shared/render-rows';
import { DynamicText, RowInput } from './shared/row-templates';
import { TLS_SCHEMA, TLS_TRUST, checkTls, type TlsSettings } from './shared/tls-settings';

/** Configuration of a `splunk` forwarder. */
export interface SplunkConfig {
  readonly type: 'splunk';
  readonly endpoint: string;
  readonly token: string;
  readonly source?: string;
  readonly host?: string;
  readonly sourcetype?: string;
  readonly index?: string;
  readonly acknowledge?: boolean;
  readonly compression?: 'none' | 'gzip';
  readonly proxy?: string;
  readonly tls?: TlsSettings;
}

/** Bytes of a request: below the 1 MB that hosted Splunk takes for a request. */
const MAX_REQUEST_BYTES = 900_000;
/** First and longest wait between two questions whether events are indexed, milliseconds. */
const FIRST_ACK_WAIT_MS = 100;
const LONGEST_ACK_WAIT_MS = 2_000;

const EVENT_PATH = '/services/collector/event';
const ACK_PATH = '/services/collector/ack';
/** All paths that take events (HEC, "HTTP Event Collector REST API endpoints"), with what may stand in front. */
const COLLECTOR_PATH = /\/services\/collector(?:\/(?:event|raw|mint)(?:\/1\.0)?)?\/?$/;
const STATUS_BAD_REQUEST = 400;

/** Splunk, through its HTTP Event Collector. */
export const SPLUNK_TYPE: ForwarderType<SplunkConfig> = {
  type: 'splunk',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'endpoint', 'token'],
    properties: {
      type: { const: 'splunk' },
      endpoint: {
        type: 'string',
        pattern: HTTP_URL_PATTERN,
        description: `URL of the HTTP Event Collector, such as https://splunk:8088; without a path ${EVENT_PATH} is meant.`,
      },
      token: { type: 'string', minLength: 1, description: 'Token of the collector.' },
      source: { type: 'string', default: 'flowg', description: 'Dynamic. Source of the event.' },
      host: {
        type: 'string',
        default: '@expr:log.host',
        description: 'Dynamic. Host of the event; left out when empty.',
      },
      sourcetype: { type: 'string', default: 'json', description: 'Dynamic. Source type of the event.' },
      index: { type: 'string', default: '', description: "Dynamic. Index; the token's own when empty." },
      acknowledge: {
        type: 'boolean',
        default: false,
        description: 'Wait until events are indexed, not only accepted. The token must have indexer acknowledgment on.',
      },
      compression: COMPRESSION_SCHEMA,
      proxy: PROXY_SCHEMA,
      tls: TLS_SCHEMA,
    },
  },
  secrets: [['token'], ['proxy'], ['tls', 'key']],
  secretsGoTo: [['endpoint'], ['proxy'], ...TLS_TRUST],
  templates: [['source'], ['host'], ['sourcetype'], ['index']],

  check(config: SplunkConfig): ConfigProblem[] {
    return [
      ...checkHttpUrl('endpoint', config.endpoint),
      ...(config.proxy ? checkHttpUrl('proxy', config.proxy) : []),
      ...checkTls(config.tls),
    ];
  },

  open(config: SplunkConfig, context: DestinationContext): Destination {
    return new SplunkDestination(config, context);
  },
};

class SplunkDestination implements Destination {
  readonly #config: SplunkConfig;
  readonly #client: HttpClient;
  readonly #eventUrl: string;
  readonly #ackUrl: string;
  readonly #headers: Record<string, string>;
  readonly #source: DynamicText;
  readonly #host: DynamicText;
  readonly #sourcetype: DynamicText;
  readonly #index: DynamicText;

  constructor(config: SplunkConfig, context: DestinationContext) {
    this.#config = config;
    this.#client = new HttpClient(context, { tls: config.tls, proxy: config.proxy });
    const url = new URL(config.endpoint);
    if (url.pathname === '/') url.pathname = EVENT_PATH;
    this.#eventUrl = url.href;
    const ackUrl = new URL(url);
    // A collector behind a proxy may have a path of its own in front.
    ackUrl.pathname = url.pathname.replace(COLLECTOR_PATH, ACK_PATH);
    if (ackUrl.pathname === url.pathname) ackUrl.pathname = ACK_PATH;
    this.#ackUrl = ackUrl.href;
    this.#headers = { Authorization: `Splunk ${config.token}`, 'Content-Type': 'application/json' };
    // Acknowledgments count within a channel, so nobody else may use ours.
    if (config.acknowledge === true) this.#headers['X-Splunk-Request-Channel'] = randomUUID();
    this.#source = new DynamicText('source', config.source ?? 'flowg');
    this.#host = new DynamicText('host', config.host ?? '@expr:log.host');
    this.#sourcetype = new DynamicText('sourcetype', config.sourcetype ?? 'json');
    this.#index = new DynamicText('index', config.index ?? '');
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const texts = renderRows(batch, outcome, (row) => this.#eventOf(batch, row, ids));
    await offerInParts(cutRendered(texts, MAX_REQUEST_BYTES), outcome, async (rows) => {
      let open = rows;
      while (open.length > 0) open = await this.#offer(open, texts, outcome, signal, ids);
    });
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown> {
    const body = Array.from({ length: batch.length }, (_, row) => this.#eventOf(batch, row, ids)).join('\n');
    return { url: withoutCredentials(this.#eventUrl), body };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  #eventOf(batch: RecordBatch, row: number, ids: DeliveryIds | undefined): string {
    const input = new RowInput(batch, row, ids);
    return JSON.stringify({
      time: input.timestamp / 1000,
      // JSON.stringify leaves out what is undefined.
      host: this.#host.of(input) || undefined,
      source: this.#source.of(input) || undefined,
      sourcetype: this.#sourcetype.of(input) || undefined,
      index: this.#index.of(input) || undefined,
      event: input.log,
    });
  }

  /** Offers rows together; returns those that are to be offered again at once. */
  async #offer(
    rows: readonly number[],
    texts: ReadonlyMap<number, string>,
    outcome: OutcomeBuilder,
    signal: AbortSignal,
    ids: DeliveryIds | undefined,
  ): Promise<readonly number[]> {
    const body = rows.map((row) => texts.get(row)).join('\n');
    const gzip = this.#config.compression === 'gzip';
    const headers = withDeliveryId(this.#headers, rows, ids);
    const answer = await this.#client.send({ url: this.#eventUrl, headers, body, gzip }, signal);
    const words = jsonObject(answer);
    const invalid = words?.['invalid-event-number'];
    if (answer.status === STATUS_BAD_REQUEST && typeof invalid === 'number' && rows[invalid] !== undefined) {
      outcome.refuse(rows[invalid], answerText(answer));
      // Whether the events in front of it were taken is nowhere promised: rather twice than never.
      return rows.filter((_, i) => i !== invalid);
    }
    requireTaken(answer);
    const brokenOff = words === undefined && isBrokenJson(answer);
    if (words === undefined && !brokenOff) {
      throw new TemporaryFailure(`not the answer of a collector: ${answerText(answer)}`);
    }
    if (this.#config.acknowledge === true) {
      // The events are accepted: sent again they would be there twice.
      if (brokenOff)
        throw new PermanentFailure('accepted, but the answer broke off: whether they are indexed is not known');
      await this.#indexed(words?.ackId, signal);
    }
    return [];
  }

  /**
   * Waits until events are indexed. They are accepted: when a question fails it is asked again, as sent again the events would be there
   * twice.
   */
  async #indexed(ackId: unknown, signal: AbortSignal): Promise<void> {
    if (typeof ackId !== 'number') {
      throw new PermanentFailure('the token has no indexer acknowledgment: turn it on, or `acknowledge` off');
    }
    const body = JSON.stringify({ acks: [ackId] });
    for (let wait = FIRST_ACK_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_ACK_WAIT_MS)) {
      if (await this.#isIndexed(ackId, body, signal)) return;
      try {
        await delay(wait, undefined, { signal });
      } catch (error) {
        throw new TemporaryFailure(`accepted, but not indexed in time (acknowledgment ${ackId})`, undefined, {
          cause: error,
        });
      }
    }
  }

  async #isIndexed(ackId: number, body: string, signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await this.#client.send({ url: this.#ackUrl, headers: this.#headers, body }, signal);
      requireTaken(answer);
      const acks = jsonObject(answer)?.acks as Record<string, unknown> | undefined;
      return acks?.[String(ackId)] === true;
    } catch (error) {
      if (error instanceof TemporaryFailure && !signal.aborted) return false;
      throw error;
    }
  }
}

function jsonObject(answer: HttpAnswer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(answer.body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
