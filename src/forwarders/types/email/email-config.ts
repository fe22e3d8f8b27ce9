import { TLS_SCHEMA, type TlsSettings } from '../shared/tls-settings';

/** Configuration of an `email` forwarder. */
export interface EmailConfig {
  readonly type: 'email';
  readonly host: string;
  readonly port?: number;
  readonly security?: 'starttls' | 'tls' | 'none';
  readonly username?: string;
  readonly password?: string;
  readonly from: string;
  readonly to: string;
  readonly cc?: string;
  readonly bcc?: string;
  readonly reply_to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attach_records?: boolean;
  readonly digest_window?: number;
  readonly digest_records?: number;
  readonly group_by?: string;
  readonly hourly_cap?: number;
  readonly tls?: TlsSettings;
}

export const DEFAULT_SUBJECT = '@expr:get(log, "message") ?? "Log record"';
export const DEFAULT_WINDOW_SECONDS = 300;
export const DEFAULT_DIGEST_RECORDS = 10;
export const DEFAULT_HOURLY_CAP = 30;

const ADDRESSES = 'Dynamic. Addresses, joined by commas.';

export const EMAIL_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'host', 'from', 'to'],
  properties: {
    type: { const: 'email' },
    host: { type: 'string', pattern: '^[^\\s/@]+$', description: 'Mail server.' },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65535,
      description: 'Without it: 587 for starttls, 465 for tls, 25 for none.',
    },
    security: {
      type: 'string',
      enum: ['starttls', 'tls', 'none'],
      default: 'starttls',
      description:
        '`starttls`: the connection becomes secure or ends. `tls`: it is from the start. `none`: it never is.',
    },
    username: { type: 'string', minLength: 1, description: 'User; needs `password`.' },
    password: { type: 'string', minLength: 1, description: 'Password of the user.' },
    from: { type: 'string', minLength: 1, description: 'Dynamic. Address of the sender.' },
    to: { type: 'string', minLength: 1, description: ADDRESSES },
    cc: { type: 'string', description: `${ADDRESSES} Copies.` },
    bcc: { type: 'string', description: `${ADDRESSES} Copies that the others do not see.` },
    reply_to: { type: 'string', description: 'Dynamic. Where answers go.' },
    subject: {
      type: 'string',
      default: DEFAULT_SUBJECT,
      description: 'Dynamic. Subject, of the first record of a mail; a digest has the number of records in front.',
    },
    text: {
      type: 'string',
      description: 'Dynamic. Text for a record. Without it: a line for each field.',
    },
    html: {
      type: 'string',
      description: 'Dynamic. HTML for a record; fields are escaped before. Without it mails are plain text.',
    },
    attach_records: {
      type: 'boolean',
      default: false,
      description: 'Attach the records of a mail as lines of JSON.',
    },
    digest_window: {
      type: 'integer',
      minimum: 0,
      maximum: 86_400,
      default: DEFAULT_WINDOW_SECONDS,
      description:
        'Seconds. The first record is mailed at once; what comes within the window goes into one mail at its end. 0: no waiting.',
    },
    digest_records: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_DIGEST_RECORDS,
      description: 'Records that a mail shows; it tells how many it leaves out.',
    },
    group_by: { type: 'string', description: 'Field by whose values a mail counts its records.' },
    hourly_cap: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: DEFAULT_HOURLY_CAP,
      description: 'Most mails within an hour; what is beyond waits.',
    },
    tls: TLS_SCHEMA,
  },
} as const;

/** Values that are dynamic fields. */
export const EMAIL_TEMPLATES = ['from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'text', 'html'] as const;
