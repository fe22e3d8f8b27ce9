import { Metadata } from '@grpc/grpc-js';
import type { RecordBatch } from '../../../record';
import {
  decodeExportLogsResponse,
  encodeLogsJson,
  encodeLogsProtobuf,
  type ExportLogsOutcome,
  type OtlpFormat,
} from '../../../otlp';
import type { DeliveryIds, DeliveryOutcome, Destination } from '../../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../../forwarder-type';
import { checkHttpUrl } from '../shared/address';
import { deliveryIdOf } from '../shared/delivery-id';
import { shown } from '../shared/describe';
import { HEADER_SECRETS, checkHeaders } from '../shared/http-settings';
import { TooLargeFailure, offerInParts } from '../shared/offer-in-parts';
import { OutcomeBuilder } from '../shared/outcome-builder';
import { TLS_TRUST, checkTls } from '../shared/tls-settings';
import { GrpcTransport } from './grpc-transport';
import { HttpTransport } from './http-transport';
import { OTLP_SCHEMA, type OtlpConfig, type OtlpTransport } from './otlp-config';

/** Bytes of a request: below the 4 MiB that gRPC receivers take by default. */
const MAX_REQUEST_BYTES = 4_000_000;
/** Into how many requests a batch is cut after one whose records were taken only in part. */
const PARTS_AFTER_REJECTION = 8;

/** OpenTelemetry collectors and whatever else takes OTLP logs. */
export const OTLP_TYPE: ForwarderType<OtlpConfig> = {
  type: 'otlp',
  schema: OTLP_SCHEMA,
  secrets: [...HEADER_SECRETS, ['proxy'], ['tls', 'key']],
  secretsGoTo: [['endpoint'], ['proxy'], ...TLS_TRUST],
  templates: [],

  check(config: OtlpConfig): ConfigProblem[] {
    const problems = [
      ...checkHttpUrl('endpoint', config.endpoint),
      ...checkHeaders(config.headers),
      ...(config.proxy ? checkHttpUrl('proxy', config.proxy) : []),
      ...checkTls(config.tls),
    ];
    if (config.protocol === 'grpc') {
      if (config.proxy) problems.push({ path: 'proxy', message: 'is only for OTLP over HTTP' });
      problems.push(...metadataProblems(config.headers));
    }
    return problems;
  },

  open(config: OtlpConfig, context: DestinationContext): Destination {
    return new OtlpDestination(config, context);
  },
};

class OtlpDestination implements Destination {
  readonly #format: OtlpFormat;
  readonly #transport: OtlpTransport;
  /** Most records of a request. */
  #runLength = Number.POSITIVE_INFINITY;

  constructor(config: OtlpConfig, context: DestinationContext) {
    this.#format = config.protocol === 'http/json' ? 'json' : 'protobuf';
    this.#transport =
      config.protocol === 'grpc'
        ? new GrpcTransport(config, context)
        : new HttpTransport(config, this.#format, context);
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    await offerInParts(runsOf(batch.length, this.#runLength), outcome, (rows) =>
      this.#offer(batch, rows, outcome, signal, ids && deliveryIdOf(rows, ids)),
    );
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch): Promise<unknown> {
    return JSON.parse(encodeLogsJson(batch.records())) as unknown;
  }

  async close(): Promise<void> {
    this.#transport.close();
  }

  async #offer(
    batch: RecordBatch,
    rows: readonly number[],
    outcome: OutcomeBuilder,
    signal: AbortSignal,
    id: string | undefined,
  ): Promise<void> {
    const records = rows.map((row) => batch.record(row));
    const logs = this.#format === 'json' ? Buffer.from(encodeLogsJson(records)) : encodeLogsProtobuf(records);
    if (logs.length > MAX_REQUEST_BYTES && rows.length > 1) throw new TooLargeFailure('request too large');
    const { rejected, message } = answerOf(await this.#transport.export(logs, signal, id), this.#format);
    if (rejected <= 0) {
      // A receiver may warn of what it took (OTLP specification, "Partial Success").
      if (message !== '') outcome.warn(`the receiver warns: ${shown(message)}`);
      this.#runLength *= 2;
      return;
    }
    // OTLP tells how many records were rejected, not which, and forbids to offer any of them again: all of the request become
    // dead letters, so that the rejected ones are among them. Smaller requests then keep company small.
    const count =
      rejected >= rows.length ? 'rejected' : `${rejected} of ${rows.length} records rejected, which is not said`;
    outcome.refuseAll(rows, message === '' ? count : `${count}: ${shown(message)}`);
    this.#runLength = Math.max(1, Math.floor(Math.min(rows.length, this.#runLength) / PARTS_AFTER_REJECTION));
  }
}

/** Headers that gRPC does not allow as metadata: it wants fewer characters, and bytes where a name ends in `-bin`. */
function metadataProblems(headers: OtlpConfig['headers']): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(headers ?? {})) {
    try {
      new Metadata().set(name, value);
    } catch (error) {
      problems.push({ path: `headers.${name}`, message: (error as Error).message });
    }
  }
  return problems;
}

/** An answer that can't be read comes from a receiver that has taken everything: only success has no other status. */
function answerOf(bytes: Buffer, format: OtlpFormat): ExportLogsOutcome {
  try {
    if (bytes.length > 0) return decodeExportLogsResponse(bytes, format);
  } catch {
    // Below.
  }
  return { rejected: 0, message: '' };
}

function runsOf(length: number, runLength: number): number[][] {
  const runs: number[][] = [];
  for (let row = 0; row < length; row++) {
    const last = runs.at(-1);
    if (last === undefined || last.length >= runLength) runs.push([row]);
    else last.push(row);
  }
  return runs;
}
