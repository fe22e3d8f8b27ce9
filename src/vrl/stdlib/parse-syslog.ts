import { fail } from '../failure';
import { UTC, zoneNamed, type Zone } from '../time';
import { INTEGER, NULL, objectOfKind, shapeOf, STRING, TIMESTAMP, unionOf } from '../types/kind';
import { parseDecimalInteger } from '../value/integer';
import { emptyObject, type VrlObject, type VrlValue } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';
import { FACILITIES, SEVERITIES, type SyslogMessage } from './syslog/message';
import { readRfc3164 } from './syslog/rfc3164';
import { readRfc5424 } from './syslog/rfc5424';
import { trimWhiteSpace } from './text/white-space';

const OPTIONAL_STRING = unionOf(STRING, NULL);
const MESSAGE = shapeOf(
  {
    message: STRING,
    hostname: OPTIONAL_STRING,
    severity: OPTIONAL_STRING,
    facility: OPTIONAL_STRING,
    appname: OPTIONAL_STRING,
    msgid: OPTIONAL_STRING,
    timestamp: unionOf(TIMESTAMP, NULL),
    procid: unionOf(STRING, INTEGER, NULL),
    version: unionOf(INTEGER, NULL),
  },
  objectOfKind(STRING),
);

// Alike but for their names: the log of the Linux authorization facilities is syslog.
const families = ['parse_syslog', 'parse_linux_authorization'].map((name) =>
  define({
    name,
    params: [text('value')],
    returns: MESSAGE,
    fallible: true,
    fresh: true,
    prepare: (call) => {
      const zone = zoneNamed(call.timezone) ?? UTC;
      return (value) => parseMessage(value, zone);
    },
  }),
);

function parseMessage(value: string, zone: Zone): VrlObject {
  const line = trimWhiteSpace(value);
  const message = readRfc5424(line) ?? readRfc3164(line, zone, Date.now() / 1000);
  if (message === undefined) throw fail('unable to parse input as valid syslog message');
  return toObject(message);
}

function toObject(message: SyslogMessage): VrlObject {
  const object = emptyObject();
  object['message'] = message.message;
  if (message.hostname !== undefined) object['hostname'] = message.hostname;
  if (message.priority !== undefined) {
    object['severity'] = SEVERITIES[message.priority & 7] as string;
    const facility = FACILITIES[message.priority >> 3];
    if (facility !== undefined) object['facility'] = facility;
  }
  if (message.appname !== undefined) object['appname'] = message.appname;
  if (message.msgid !== undefined) object['msgid'] = message.msgid;
  if (message.timestamp !== undefined) object['timestamp'] = message.timestamp;
  if (message.procid !== undefined) object['procid'] = processId(message.procid);
  if (message.version !== undefined) object['version'] = message.version;
  for (const { id, params } of message.structuredData) {
    const element = emptyObject();
    for (const [name, value] of params) element[name] = value;
    object[id] = element;
  }
  return object;
}

const MAX_I32 = 0x7fff_ffff;

/** A process id as a number when it is one of 32 bits. */
function processId(text: string): VrlValue {
  const id = parseDecimalInteger(text);
  return typeof id === 'number' && id <= MAX_I32 && id >= -MAX_I32 - 1 ? id : text;
}

export const functions: readonly FunctionDefinition[] = families;
