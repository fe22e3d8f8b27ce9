import type { RecordBatch, RecordFields } from '../../../record';
import type { DeliveryIds } from '../../destination';
import { DELIVERY_ID_HEADER, deliveryIdOf } from '../shared/delivery-id';
import { RecordJson, isoTime } from '../shared/record-json';
import { DynamicText, RowInput } from '../shared/row-templates';
import { DEFAULT_DIGEST_RECORDS, DEFAULT_SUBJECT, EMAIL_TEMPLATES, type EmailConfig } from './email-config';

/** Who gets a mail. */
export interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly replyTo: string;
}

/** A mail in the words of nodemailer. */
export interface Mail extends Envelope {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same for a mail that is sent again: mailboxes keep one of each. */
  readonly messageId?: string;
  readonly attachments?: readonly { filename: string; contentType: string; content: string }[];
}

/** Records that a mail tells of and does not show. */
export interface LeftOut {
  /** Those that earlier windows took. */
  readonly counted: number;
  /** Those that wait behind the records of the mail. */
  readonly waiting: number;
}

const ENVELOPE_TEMPLATES = ['from', 'to', 'cc', 'bcc', 'reply_to'] as const;

/** RFC 5322 allows 998 characters a line; people read far fewer. */
const MAX_SUBJECT_CHARACTERS = 200;
/** Characters of one record that a mail shows. */
const MAX_RECORD_CHARACTERS = 20_000;
/** Groups that a mail counts by name. */
const MAX_GROUPS = 20;

/** Makes mails of records. */
export class MailRenderer {
  readonly #config: EmailConfig;
  readonly #templates = new Map<string, DynamicText>();

  constructor(config: EmailConfig) {
    this.#config = config;
    for (const name of EMAIL_TEMPLATES) {
      const text = config[name];
      if (text !== undefined && text !== '') this.#templates.set(name, new DynamicText(name, text));
    }
    if (!config.subject) this.#templates.set('subject', new DynamicText('subject', DEFAULT_SUBJECT));
  }

  /** Envelope of a record's mail; all dynamic fields are tried. @throws TemplateFailure */
  envelope(batch: RecordBatch, row: number, ids?: DeliveryIds): Envelope {
    const input = new RowInput(batch, row, ids);
    this.#of('subject', input);
    this.#recordText(input);
    this.#recordHtml(input);
    return {
      from: oneLine(this.#of('from', input)),
      to: oneLine(this.#of('to', input)),
      cc: oneLine(this.#of('cc', input)),
      bcc: oneLine(this.#of('bcc', input)),
      replyTo: oneLine(this.#of('reply_to', input)),
    };
  }

  /** Whether all mails go to the same recipients. */
  get sameEnvelope(): boolean {
    return ENVELOPE_TEMPLATES.every((name) => this.#templates.get(name)?.constant ?? true);
  }

  mail(
    envelope: Envelope,
    batch: RecordBatch,
    rows: readonly number[],
    { counted, waiting }: LeftOut,
    ids: DeliveryIds | undefined,
  ): Mail {
    const { digest_records: limit = DEFAULT_DIGEST_RECORDS, group_by: group, attach_records: attach } = this.#config;
    const inputs = rows.slice(0, limit).map((row) => new RowInput(batch, row, ids));
    const first = oneLine(this.#of('subject', inputs[0] as RowInput)).slice(0, MAX_SUBJECT_CHARACTERS);
    const total = rows.length + counted + waiting;
    const notes = group ? groupLines(batch, rows, group) : [];
    if (rows.length > inputs.length) notes.push(`${rows.length - inputs.length} more records are not shown.`);
    if (counted > 0) notes.push(`${counted} records that came in earlier windows were counted, not shown.`);
    if (waiting > 0) notes.push(`${waiting} more records were waiting behind these: counted, not shown.`);
    const texts = inputs.map((input) => `${isoTime(input.timestamp)}\n${this.#recordText(input)}`);
    const html = this.#templates.has('html')
      ? [...inputs.map((input) => this.#recordHtml(input)), ...notes.map((note) => `<p>${escapeHtml(note)}</p>`)]
      : undefined;
    return {
      ...envelope,
      ...(ids !== undefined && identified(envelope.from, deliveryIdOf(rows, ids))),
      subject: total > 1 ? `[${total}] ${first}` : first,
      text: [...texts, ...(notes.length > 0 ? [`-- \n${notes.join('\n')}`] : [])].join('\n\n'),
      ...(html && { html: html.join('\n<hr>\n') }),
      ...(attach === true && {
        attachments: [
          { filename: 'records.ndjson', contentType: 'application/x-ndjson', content: recordLines(batch, rows) },
        ],
      }),
    };
  }

  #of(name: string, input: RowInput): string {
    return this.#templates.get(name)?.of(input) ?? '';
  }

  #recordText(input: RowInput): string {
    const text =
      this.#templates.get('text')?.of(input) ??
      Object.entries(input.log)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n');
    return text.slice(0, MAX_RECORD_CHARACTERS);
  }

  #recordHtml(input: RowInput): string {
    const template = this.#templates.get('html');
    if (template === undefined) return '';
    const log = Object.create(null) as RecordFields;
    for (const [name, value] of Object.entries(input.log))
      log[name] = escapeHtml(value.slice(0, MAX_RECORD_CHARACTERS));
    return template.of({ timestamp: input.timestamp, log, deliveryId: input.deliveryId });
  }
}

/** The domain of the only address, or of the last. */
const DOMAIN = /@([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)>?\s*$/;

/** What a mail that is sent again can be known by. */
function identified(from: string, id: string): Pick<Mail, 'headers' | 'messageId'> {
  const domain = DOMAIN.exec(from)?.[1];
  return { headers: { [DELIVERY_ID_HEADER]: id }, ...(domain !== undefined && { messageId: `<${id}@${domain}>` }) };
}

/** The same mail for a server that did not take it with its attachment. */
export function withoutAttachment({ attachments: _, ...mail }: Mail, reason: string): Mail {
  const note = `The records are not attached, the mail server did not take them: ${reason}`;
  return {
    ...mail,
    text: `${mail.text}\n\n${note}`,
    ...(mail.html !== undefined && { html: `${mail.html}\n<p>${escapeHtml(note)}</p>` }),
  };
}

/** Text for a header: a line break would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function recordLines(batch: RecordBatch, rows: readonly number[]): string {
  const json = new RecordJson(batch);
  return rows.map((row) => `${json.of(row)}\n`).join('');
}

function groupLines(batch: RecordBatch, rows: readonly number[], field: string): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = batch.field(row, field) ?? '';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const lines = sorted
    .slice(0, MAX_GROUPS)
    .map(([value, count]) => `${count} with ${field} = ${oneLine(value).slice(0, 200)}`);
  if (sorted.length > MAX_GROUPS) lines.push(`${sorted.length - MAX_GROUPS} more values of ${field}`);
  return lines;
}
