import { HOST_PORT_PATTERN } from '../shared/address';
import { TLS_SCHEMA, type TlsSettings } from '../shared/tls-settings';

/** Configuration of a `syslog` forwarder. */
export interface SyslogConfig {
  readonly type: 'syslog';
  readonly network: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly format?: 'rfc3164' | 'rfc5424';
  readonly framing?: 'lf' | 'octet_counted';
  readonly tag?: string;
  readonly severity?: string;
  readonly facility?: string;
  readonly message?: string;
  readonly hostname?: string;
  readonly proc_id?: string;
  readonly msg_id?: string;
  readonly structured_data?: 'all' | readonly string[];
  readonly structured_data_id?: string;
  readonly time_format?: 'bsd' | 'rfc3339';
  readonly timezone?: string;
  readonly tls?: TlsSettings;
}

/** Number 32473 is the one that RFC 5612 keeps for those without an enterprise number. */
export const DEFAULT_ELEMENT_ID = 'logweir@32473';

const OWN_FIELD = 'Without it: the one of the record.';

export const SYSLOG_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'network', 'address'],
  properties: {
    type: { const: 'syslog' },
    network: {
      type: 'string',
      enum: ['udp', 'tcp', 'tls'],
      description: 'How messages travel. UDP loses what the receiver does not read in time; TCP and TLS do not.',
    },
    address: {
      type: 'string',
      pattern: HOST_PORT_PATTERN,
      description: '`host:port` of the receiver, an IPv6 address in brackets.',
    },
    format: {
      type: 'string',
      enum: ['rfc3164', 'rfc5424'],
      default: 'rfc3164',
      description: 'Form of messages. RFC 5424 has a place for every field of a record that came as syslog.',
    },
    framing: {
      type: 'string',
      enum: ['lf', 'octet_counted'],
      description:
        'Where a message ends on TCP and TLS (RFC 6587). `lf`: at a line feed, line breaks within become blanks. ' +
        '`octet_counted`: its length stands in front, every byte is kept. Without it: `octet_counted` for rfc5424, else `lf`.',
    },
    tag: {
      type: 'string',
      description: `Dynamic. Tag, or app name in RFC 5424. ${OWN_FIELD} (\`tag\` or \`app_name\`)`,
    },
    severity: {
      type: 'string',
      description:
        'Dynamic. emerg, alert, crit, err, warning, notice, info, debug or 0 to 7; another result counts as info. ' +
        OWN_FIELD,
    },
    facility: {
      type: 'string',
      description:
        'Dynamic. kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp, local0 to local7 or 0 to 23; ' +
        `another result counts as user. ${OWN_FIELD}`,
    },
    message: {
      type: 'string',
      description:
        'Dynamic. The message. Without it: in RFC 3164 all fields as JSON; in RFC 5424 the field `message` or `content`, or all ' +
        'fields as JSON for a record that has neither.',
    },
    hostname: { type: 'string', description: `Dynamic. Host that the record is about. ${OWN_FIELD}` },
    proc_id: { type: 'string', description: `Dynamic. Process id. ${OWN_FIELD}` },
    msg_id: { type: 'string', description: `Dynamic. Message id, RFC 5424 only. ${OWN_FIELD}` },
    structured_data: {
      anyOf: [
        { type: 'string', enum: ['all'] },
        { type: 'array', items: { type: 'string', minLength: 1 } },
      ],
      description:
        "RFC 5424 only. Fields that go into an element of structured data of their own, behind the record's: a list of names, or " +
        '`all` for every field that has no other place in the message.',
    },
    structured_data_id: {
      type: 'string',
      pattern: '^[!#-<>-\\\\^-~]{1,32}$',
      default: DEFAULT_ELEMENT_ID,
      description: 'Id of that element.',
    },
    time_format: {
      type: 'string',
      enum: ['bsd', 'rfc3339'],
      default: 'rfc3339',
      description: 'RFC 3164 only. `bsd`: `Oct 11 22:14:15`, without a year and a zone. `rfc3339`: with both.',
    },
    timezone: {
      type: 'string',
      default: 'UTC',
      description: 'RFC 3164 only. Zone of `bsd` times: an IANA name or an offset such as +02:00.',
    },
    tls: TLS_SCHEMA,
  },
} as const;

/** Values that are dynamic fields. */
export const SYSLOG_TEMPLATES = ['tag', 'severity', 'facility', 'message', 'hostname', 'proc_id', 'msg_id'] as const;
