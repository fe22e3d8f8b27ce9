import type { RecordBatch } from '../../../record';
import { formatRfc3164 } from '../../../syslog';
import type { DeliveryIds, DeliveryOutcome, Destination } from '../../destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../../forwarder-type';
import { parseHostPort, type HostPort } from '../shared/address';
import { ByteText } from '../shared/byte-text';
import { OutcomeBuilder } from '../shared/outcome-builder';
import { renderRows } from '../shared/render-rows';
import { TLS_TRUST, checkTls } from '../shared/tls-settings';
import { DatagramSender } from './datagram-sender';
import { StreamConnection } from './stream-connection';
import { SYSLOG_SCHEMA, SYSLOG_TEMPLATES, type SyslogConfig } from './syslog-config';
import { SyslogRenderer } from './syslog-renderer';

/** Bytes that are handed to a connection at once: enough for few system calls, little to send again. */
const CHUNK_BYTES = 65_536;

/** Messages are small and nothing is waited for but the kernel: the more at once the fewer notes of what was delivered. */
const BATCH_SIZE = 2_000;

/** Syslog receivers over UDP, TCP and TLS. */
export const SYSLOG_TYPE: ForwarderType<SyslogConfig> = {
  type: 'syslog',
  schema: SYSLOG_SCHEMA,
  batchSize: BATCH_SIZE,
  secrets: [['tls', 'key']],
  secretsGoTo: [['network'], ['address'], ...TLS_TRUST],
  templates: SYSLOG_TEMPLATES.map((name) => [name]),

  check(config: SyslogConfig): ConfigProblem[] {
    const problems = checkTls(config.tls);
    if (parseHostPort(config.address) === undefined) {
      problems.push({ path: 'address', message: 'must be host:port, with a port from 1 to 65535' });
    }
    if (config.network !== 'tls' && config.tls !== undefined) {
      problems.push({ path: 'tls', message: 'is only for network tls' });
    }
    if (config.structured_data !== undefined && config.format !== 'rfc5424') {
      problems.push({ path: 'structured_data', message: 'is only for format rfc5424' });
    }
    try {
      formatRfc3164({}, { timezone: config.timezone });
    } catch (error) {
      problems.push({ path: 'timezone', message: (error as Error).message });
    }
    return problems;
  },

  open(config: SyslogConfig, context: DestinationContext): Destination {
    return new SyslogDestination(config, context);
  },
};

class SyslogDestination implements Destination {
  readonly #renderer: SyslogRenderer;
  readonly #octetCounted: boolean;
  readonly #datagrams: DatagramSender | undefined;
  readonly #stream: StreamConnection | undefined;
  /** Length of the last batch: the next one is about as long. */
  #lastBytes = 0;

  constructor(config: SyslogConfig, context: DestinationContext) {
    this.#renderer = new SyslogRenderer(config);
    this.#octetCounted = (config.framing ?? (config.format === 'rfc5424' ? 'octet_counted' : 'lf')) === 'octet_counted';
    // `check` has refused addresses that are none.
    const address = parseHostPort(config.address) as HostPort;
    if (config.network === 'udp') this.#datagrams = new DatagramSender(address, context);
    else
      this.#stream = new StreamConnection(address, config.network === 'tls' ? (config.tls ?? {}) : undefined, context);
  }

  async send(batch: RecordBatch, signal: AbortSignal, ids?: DeliveryIds): Promise<DeliveryOutcome> {
    const outcome = new OutcomeBuilder();
    const messages = renderRows(batch, outcome, (row) => this.#renderer.render(batch, row, ids));
    const rows = [...messages.keys()];
    if (this.#datagrams !== undefined) await this.#datagrams.send(rows, messages, outcome, signal);
    else await this.#write(rows, messages, outcome, signal);
    return outcome.build(batch.length);
  }

  async preview(batch: RecordBatch, ids?: DeliveryIds): Promise<unknown> {
    return { messages: Array.from({ length: batch.length }, (_, row) => this.#renderer.render(batch, row, ids)) };
  }

  async close(): Promise<void> {
    await this.#datagrams?.close();
    await this.#stream?.close();
  }

  async #write(
    rows: readonly number[],
    messages: ReadonlyMap<number, string>,
    outcome: OutcomeBuilder,
    signal: AbortSignal,
  ): Promise<void> {
    if (rows.length === 0) return;
    const text = new ByteText(this.#lastBytes);
    const ends: number[] = [];
    /** Rows up to the end of each chunk. */
    const rowsUpTo: number[] = [];
    let end = 0;
    for (const [i, row] of rows.entries()) {
      this.#addFramed(messages.get(row) as string, text);
      if (text.length - end < CHUNK_BYTES && i < rows.length - 1) continue;
      end = text.length;
      ends.push(end);
      rowsUpTo.push(i + 1);
    }
    this.#lastBytes = text.length;
    const bytes = text.finish();
    const chunks = ends.map((chunkEnd, i) => bytes.subarray(ends[i - 1] ?? 0, chunkEnd));
    try {
      const taken = await (this.#stream as StreamConnection).write(chunks, signal);
      const rowsTaken = rowsUpTo[taken - 1] ?? 0;
      outcome.retryAll(rows.slice(rowsTaken), 'the receiver took only a part in time');
    } catch (error) {
      outcome.fail(rows, error);
    }
  }

  /** As RFC 6587 asks for: section 3.4.1 or 3.4.2. */
  #addFramed(message: string, text: ByteText): void {
    if (this.#octetCounted) {
      text.add(`${Buffer.byteLength(message)} `);
      text.add(message);
    } else {
      // Receivers end a message at each of these.
      text.add(message.replace(/[\n\r\0]/g, ' '));
      text.add('\n');
    }
  }
}
