import type { RecordBatch, RecordFields } from '../../../record';
import { formatElement, formatRfc3164, formatRfc5424, isParameterName, type FormattedFields } from '../../../syslog';
import type { DeliveryIds } from '../../destination';
import { DynamicText, RowInput } from '../shared/row-templates';
import { DEFAULT_ELEMENT_ID, SYSLOG_TEMPLATES, type SyslogConfig } from './syslog-config';
import { PARAMETER_FIELD_PREFIX, SyslogColumns } from './syslog-columns';
import { facilityNumber, severityNumber } from './syslog-names';

type TemplateName = (typeof SYSLOG_TEMPLATES)[number];

/** Fields that have a place of their own in an RFC 5424 message. */
const PLACED_FIELDS: ReadonlySet<string> = new Set([
  ...['timestamp', 'hostname', 'app_name', 'proc_id', 'msg_id', 'structured_data'],
  ...['version', 'priority', 'facility', 'severity'],
]);
/** Parameter that holds, as a JSON object, the fields whose names can't be names of parameters. */
const JSON_PARAMETER = 'fields_json';

/** Makes syslog messages of records, without frames. */
export class SyslogRenderer {
  readonly #config: SyslogConfig;
  readonly #templates = new Map<TemplateName, DynamicText>();
  /** Records leave as they are: nothing of the configuration changes a field. */
  readonly #asTheyAre: boolean;

  #lastBatch: RecordBatch | undefined;
  /** For records that leave as they are. */
  #columns: SyslogColumns | undefined;

  constructor(config: SyslogConfig) {
    this.#config = config;
    for (const name of SYSLOG_TEMPLATES) {
      const text = config[name];
      // An empty tag, host or id says nothing: the record's own one then counts.
      if (text !== undefined && (text !== '' || name === 'message')) {
        this.#templates.set(name, new DynamicText(name, text));
      }
    }
    const { format, structured_data } = config;
    this.#asTheyAre = format === 'rfc5424' && structured_data === undefined && this.#templates.size === 0;
  }

  /** @throws TemplateFailure */
  render(batch: RecordBatch, row: number, ids?: DeliveryIds): string {
    // Records that came over syslog, mostly.
    const columns = this.#asTheyAre ? this.#columnsOf(batch) : undefined;
    if (columns !== undefined && !columns.needsParameters(row)) {
      const fields = columns.fields(row);
      if (messageFieldOf(fields) !== '') {
        return formatRfc5424(fields, { timestamp: batch.timestamps[row], parameters: false });
      }
    }
    const input = new RowInput(batch, row, ids);
    const original = input.log;
    const { timestamp } = input;
    if (this.#asTheyAre && messageFieldOf(original) !== '') return formatRfc5424(original, { timestamp });
    // A copy: dynamic fields look at the record as it came.
    const fields = Object.assign(Object.create(null) as RecordFields, original);
    this.#setPriority(fields, input);
    for (const name of ['hostname', 'proc_id', 'msg_id'] as const) {
      const template = this.#templates.get(name);
      if (template !== undefined) fields[name] = template.of(input);
    }
    const tag = this.#templates.get('tag')?.of(input);
    if (this.#config.format === 'rfc5424') {
      if (tag !== undefined) fields.app_name = tag;
      const messageField = this.#setMessage(fields, input, false);
      const extraData = this.#extraData(original, messageField, tag === undefined);
      return formatRfc5424(fields, { timestamp, extraData });
    }
    if (tag !== undefined) fields.tag = tag;
    this.#setMessage(fields, input, true);
    const { time_format: time = 'rfc3339', timezone } = this.#config;
    return formatRfc3164(fields, { timestamp, time, timezone });
  }

  #columnsOf(batch: RecordBatch): SyslogColumns {
    if (this.#columns === undefined || batch !== this.#lastBatch) {
      this.#lastBatch = batch;
      this.#columns = new SyslogColumns(batch);
    }
    return this.#columns;
  }

  #setPriority(fields: RecordFields, input: RowInput): void {
    const severity = this.#templates.get('severity')?.of(input);
    const facility = this.#templates.get('facility')?.of(input);
    if (severity === undefined && facility === undefined) return;
    if (severity !== undefined) fields.severity = String(severityNumber(severity));
    if (facility !== undefined) fields.facility = String(facilityNumber(facility));
    const priority = Number(fields.priority ?? Number.NaN);
    if (priority >= 0 && priority <= 191) {
      // The half that the configuration leaves open stays the record's.
      fields.severity ??= String(priority & 7);
      fields.facility ??= String(priority >> 3);
    }
    delete fields.priority;
  }

  /** Sets what both formats take as the message; returns the field whose place that is, "" for none. */
  #setMessage(fields: RecordFields, input: RowInput, jsonByDefault: boolean): string {
    const template = this.#templates.get('message');
    const own = messageFieldOf(fields);
    let text: string;
    if (template !== undefined) text = template.of(input);
    else if (jsonByDefault || own === '') text = JSON.stringify(input.log);
    else return own;
    fields.message = text;
    fields.content = text;
    return '';
  }

  /** The element for fields that have no other place. */
  #extraData(original: RecordFields, messageField: string, tagMayBePlaced: boolean): string | undefined {
    const wanted = this.#config.structured_data;
    if (wanted === undefined || this.#config.format !== 'rfc5424') return undefined;
    const tagField = tagMayBePlaced && !original.app_name ? 'tag' : '';
    const names =
      wanted === 'all'
        ? Object.keys(original).filter(
            (name) =>
              !PLACED_FIELDS.has(name) &&
              name !== messageField &&
              name !== tagField &&
              !name.startsWith(PARAMETER_FIELD_PREFIX),
          )
        : wanted.filter((name) => original[name] !== undefined);
    if (names.length === 0) return undefined;
    const parameters: [string, string][] = [];
    const others = Object.create(null) as RecordFields;
    for (const name of names) {
      if (isParameterName(name) && name !== JSON_PARAMETER) parameters.push([name, original[name] as string]);
      else others[name] = original[name] as string;
    }
    if (Object.keys(others).length > 0) parameters.push([JSON_PARAMETER, JSON.stringify(others)]);
    return formatElement(this.#freeId(original), parameters);
  }

  /** An id that the record's own data does not have: RFC 5424 section 6.3.2 allows each but once. */
  #freeId(fields: RecordFields): string {
    const id = this.#config.structured_data_id ?? DEFAULT_ELEMENT_ID;
    const data = fields.structured_data ?? '';
    const at = id.indexOf('@');
    const [name, number] = at === -1 ? [id, ''] : [id.slice(0, at), id.slice(at)];
    let free = id;
    for (let i = 2; data.includes(`[${free}`) || hasElement(fields, free); i++) free = `${name}.${i}${number}`;
    return free;
  }
}

/** The field that is the message: the first that says something, else the first that is there. */
function messageFieldOf(fields: FormattedFields): string {
  for (const name of ['message', 'content']) if (fields[name]) return name;
  for (const name of ['message', 'content']) if (fields[name] !== undefined) return name;
  return '';
}

function hasElement(fields: RecordFields, id: string): boolean {
  const prefix = `${PARAMETER_FIELD_PREFIX}${id}.`;
  return Object.keys(fields).some((name) => name.startsWith(prefix));
}
