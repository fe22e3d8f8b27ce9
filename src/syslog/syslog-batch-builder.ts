import { RecordBatch, type FieldColumn } from '../record';
import { frameOf, type SyslogFrame } from './frame';
import { MessageScanner } from './message-scanner';
import { facilityText, priorityText, severityText } from './priority';
import type { SyslogSender } from './sender';

/** The columns of one format; made when a batch meets its first message of that format. */
interface Columns {
  readonly timestamp: FieldColumn;
  readonly hostname: FieldColumn;
  readonly program: FieldColumn;
  readonly procId: FieldColumn;
  readonly message: FieldColumn;
  readonly priority: FieldColumn;
  readonly facility: FieldColumn;
  readonly severity: FieldColumn;
  readonly client: FieldColumn;
  readonly tlsPeer: FieldColumn;
}

/** The columns that only RFC 5424 has. */
interface StructuredColumns extends Columns {
  readonly msgId: FieldColumn;
  readonly structuredData: FieldColumn;
  readonly version: FieldColumn;
}

/**
 * Columns from which on {@link SyslogBatchBuilder.full} asks for a new batch. A column of a batch has a slot for each row,
 * so senders that make up ever new parameter names must not fill one batch with them.
 */
const COLUMNS_FOR_FULL = 512;
/** Columns after which a batch takes no new parameter names, for callers that do not look at `full`. */
const MAX_COLUMNS = 1024;

/** What a record costs in memory beside its text: slots of its columns and headers of its strings, in bytes. */
const RECORD_OVERHEAD_BYTES = 256;
/** Text beyond latin1 takes two bytes a character, beside the latin1 reading that other fields are cut from. */
const NON_ASCII_FACTOR = 3;

/** How a message was understood. */
export type SyslogKind = 'rfc5424' | 'rfc3164' | 'unparsed';

/**
 * Parses messages into the columns of a record batch.
 *
 * @example
 * const builder = new SyslogBatchBuilder();
 * const sender = new SyslogSender('192.0.2.7:40312');
 * framer.push(chunk);
 * while (framer.next()) builder.add(framer, arrival, sender);
 * if (builder.length > 0) await ingest.ingestAll('syslog', builder.take());
 */
export class SyslogBatchBuilder {
  readonly #scanner = new MessageScanner();
  #batch = new RecordBatch();
  #bsd: Columns | undefined;
  #structured: StructuredColumns | undefined;
  #bytes = 0;

  /** Messages added since the last {@link take}. */
  get length(): number {
    return this.#batch.length;
  }

  /** About how much memory the batch takes, in bytes. */
  get approximateBytes(): number {
    return this.#bytes;
  }

  /** True when the batch has so many different fields that it should be taken before the next message. */
  get full(): boolean {
    return this.#batch.names.length >= COLUMNS_FOR_FULL;
  }

  /**
   * Parses one message into the next row. Never fails: what no format matches is stored whole, with `parse_error`.
   *
   * @param frame the message, usually the framer itself
   * @param arrival time of arrival, milliseconds since the epoch: the record's timestamp
   * @returns whose fields the record has, or that nothing matched and the message is stored whole
   */
  add(frame: SyslogFrame, arrival: number, sender: SyslogSender): SyslogKind {
    const scanner = this.#scanner;
    scanner.scan(frame, arrival, sender);
    const { message } = scanner;
    const batch = this.#batch;
    const row = batch.addRow(arrival);
    let columns: Columns;
    if (message.structured) {
      const structured = (this.#structured ??= structuredColumns(batch));
      set(structured.msgId, row, message.msgId);
      set(structured.structuredData, row, message.structuredData);
      set(structured.version, row, message.version);
      for (let i = 0; i < message.parameterCount; i++) this.#addParameter(row, i);
      columns = structured;
    } else {
      columns = this.#bsd ??= bsdColumns(batch);
    }
    set(columns.timestamp, row, message.timestamp);
    set(columns.hostname, row, message.hostname);
    set(columns.program, row, message.program);
    set(columns.procId, row, message.procId);
    set(columns.message, row, message.message);
    set(columns.priority, row, priorityText(message.priority));
    set(columns.facility, row, facilityText(message.priority));
    set(columns.severity, row, severityText(message.priority));
    set(columns.client, row, sender.client);
    set(columns.tlsPeer, row, sender.tlsPeer);
    const { moreFields } = sender;
    for (let i = 0; i < moreFields.length; i++) {
      const [name, value] = moreFields[i] as (typeof moreFields)[number];
      batch.setField(row, name, value);
    }
    if (message.parseError !== '') batch.setField(row, 'parse_error', message.parseError);
    if (frame.invalidUtf8 || frame.originalLength !== 0 || frame.part !== 0) addFlags(batch, row, frame);
    const textBytes = (frame.end - frame.start) * (frame.ascii ? 1 : NON_ASCII_FACTOR);
    this.#bytes += textBytes + RECORD_OVERHEAD_BYTES;
    if (message.structured) return 'rfc5424';
    return message.parseError === '' ? 'rfc3164' : 'unparsed';
  }

  /** Parses a message that is a string or bytes of its own; see {@link add}. */
  addMessage(message: Uint8Array | string, arrival: number, sender: SyslogSender): void {
    this.add(frameOf(message), arrival, sender);
  }

  /** The batch of all messages since the last call; the builder begins a new one. */
  take(): RecordBatch {
    const batch = this.#batch;
    this.#batch = new RecordBatch();
    this.#bsd = undefined;
    this.#structured = undefined;
    this.#bytes = 0;
    this.#scanner.release();
    return batch;
  }

  #addParameter(row: number, index: number): void {
    const { message } = this.#scanner;
    const batch = this.#batch;
    const name = message.parameterNames[index] as string;
    if (batch.names.length >= MAX_COLUMNS && batch.findColumn(name) === undefined) {
      message.parseError = `more than ${MAX_COLUMNS} different fields in one batch: some parameters are in structured_data alone`;
      return;
    }
    batch.setValue(row, batch.columnIndex(name), message.parameterValues[index] as string);
  }
}

/** The fields that tell what happened to a message before it was parsed. */
function addFlags(batch: RecordBatch, row: number, frame: SyslogFrame): void {
  if (frame.invalidUtf8) {
    batch.setField(row, 'invalid_utf8', 'true');
    batch.setField(row, 'raw_base64', frame.bytes.toString('base64', frame.start, frame.end));
  }
  if (frame.originalLength !== 0) {
    batch.setField(row, 'truncated', 'true');
    batch.setField(row, 'original_length', String(frame.originalLength));
  }
  if (frame.part !== 0) batch.setField(row, 'split_part', String(frame.part));
}

/** {@link RecordBatch.setValue} on a column that is at hand. */
function set(column: FieldColumn, row: number, value: string): void {
  while (column.length < row) column.push(undefined);
  column.push(value);
}

function structuredColumns(batch: RecordBatch): StructuredColumns {
  return {
    timestamp: columnOf(batch, 'timestamp'),
    hostname: columnOf(batch, 'hostname'),
    program: columnOf(batch, 'app_name'),
    procId: columnOf(batch, 'proc_id'),
    msgId: columnOf(batch, 'msg_id'),
    structuredData: columnOf(batch, 'structured_data'),
    message: columnOf(batch, 'message'),
    version: columnOf(batch, 'version'),
    priority: columnOf(batch, 'priority'),
    facility: columnOf(batch, 'facility'),
    severity: columnOf(batch, 'severity'),
    client: columnOf(batch, 'client'),
    tlsPeer: columnOf(batch, 'tls_peer'),
  };
}

function bsdColumns(batch: RecordBatch): Columns {
  return {
    timestamp: columnOf(batch, 'timestamp'),
    hostname: columnOf(batch, 'hostname'),
    program: columnOf(batch, 'tag'),
    procId: columnOf(batch, 'proc_id'),
    message: columnOf(batch, 'content'),
    priority: columnOf(batch, 'priority'),
    facility: columnOf(batch, 'facility'),
    severity: columnOf(batch, 'severity'),
    client: columnOf(batch, 'client'),
    tlsPeer: columnOf(batch, 'tls_peer'),
  };
}

function columnOf(batch: RecordBatch, name: string): FieldColumn {
  return batch.columns[batch.columnIndex(name)] as FieldColumn;
}
