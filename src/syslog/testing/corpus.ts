/** One message as a device sends it, and all the fields that must come of it. */
export interface CorpusEntry {
  /** Kind of device or daemon. */
  readonly device: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** When every message of the corpus arrives. */
export const ARRIVAL = Date.UTC(2024, 9, 11, 22, 14, 20);
export const ARRIVAL_TEXT = '2024-10-11T22:14:20.000Z';
export const CLIENT = '192.0.2.10:51400';
/** The address in {@link CLIENT}: host of messages that name none. */
export const SENDER = '192.0.2.10';

function common(priority: number): Record<string, string> {
  return {
    priority: String(priority),
    facility: String((priority - (priority % 8)) / 8),
    severity: String(priority % 8),
    client: CLIENT,
    tls_peer: '',
  };
}

/** The fields of an RFC 3164 message. `program` is the tag, with the pid in brackets if there is one. */
export function bsd(
  priority: number,
  timestamp: string,
  hostname: string,
  program: string,
  content: string,
  more: Record<string, string> = {},
): Record<string, string> {
  const bracket = program.indexOf('[');
  return {
    ...common(priority),
    timestamp,
    hostname,
    tag: bracket < 0 ? program : program.slice(0, bracket),
    proc_id: bracket < 0 ? '' : program.slice(bracket + 1, -1),
    content,
    ...more,
  };
}

/** The fields of an RFC 5424 message. `header` is TIMESTAMP HOSTNAME APP-NAME PROCID MSGID, with `-` for NIL. */
export function structured(
  priority: number,
  header: string,
  structuredData: string,
  message: string,
  more: Record<string, string> = {},
): Record<string, string> {
  const [timestamp, hostname, appName, procId, msgId] = header
    .split(' ')
    .map((field) => (field === '-' ? '' : field)) as [string, string, string, string, string];
  return {
    ...common(priority),
    version: '1',
    timestamp,
    hostname,
    app_name: appName,
    proc_id: procId,
    msg_id: msgId,
    structured_data: structuredData,
    message,
    ...more,
  };
}
