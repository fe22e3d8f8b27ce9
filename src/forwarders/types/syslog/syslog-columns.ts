import type { FieldColumn, RecordBatch } from '../../../record';
import { isStructuredData, type FormattedFields, type Rfc5424Field } from '../../../syslog';

/** Fields of structured data: this, the id of the element and the name of the parameter. */
export const PARAMETER_FIELD_PREFIX = 'sd.';

/**
 * The columns of a batch that RFC 5424 has a place for. Its rows are objects of one shape, which cost a fraction of a map of all fields
 * (`npm run bench -- forward syslog_tcp`).
 */
export class SyslogColumns {
  readonly #priority;
  readonly #facility;
  readonly #severity;
  readonly #timestamp;
  readonly #hostname;
  readonly #appName;
  readonly #tag;
  readonly #procId;
  readonly #msgId;
  readonly #structuredData;
  readonly #message;
  readonly #content;
  readonly #parameters: readonly FieldColumn[];

  constructor(batch: RecordBatch) {
    this.#priority = batch.findColumn('priority');
    this.#facility = batch.findColumn('facility');
    this.#severity = batch.findColumn('severity');
    this.#timestamp = batch.findColumn('timestamp');
    this.#hostname = batch.findColumn('hostname');
    this.#appName = batch.findColumn('app_name');
    this.#tag = batch.findColumn('tag');
    this.#procId = batch.findColumn('proc_id');
    this.#msgId = batch.findColumn('msg_id');
    this.#structuredData = batch.findColumn('structured_data');
    this.#message = batch.findColumn('message');
    this.#content = batch.findColumn('content');
    this.#parameters = batch.columns.filter((_, c) => batch.names[c]?.startsWith(PARAMETER_FIELD_PREFIX) === true);
  }

  /** Whether a row has structured data that stands in fields of its own alone. */
  needsParameters(row: number): boolean {
    if (this.#parameters.every((column) => column[row] === undefined)) return false;
    const whole = this.#structuredData?.[row];
    return whole === undefined || !isStructuredData(whole);
  }

  /** The fields of a row, without those of structured data that stand alone. */
  fields(row: number): FormattedFields {
    return {
      priority: this.#priority?.[row],
      facility: this.#facility?.[row],
      severity: this.#severity?.[row],
      timestamp: this.#timestamp?.[row],
      hostname: this.#hostname?.[row],
      app_name: this.#appName?.[row],
      tag: this.#tag?.[row],
      proc_id: this.#procId?.[row],
      msg_id: this.#msgId?.[row],
      structured_data: this.#structuredData?.[row],
      message: this.#message?.[row],
      content: this.#content?.[row],
    } satisfies Record<Rfc5424Field, string | undefined>;
  }
}
