import { fail } from '../../failure';
import { kindBitOf, kindOf } from '../../value/kind-of';
import { emptyObject, KindBit, VrlTimestamp, type VrlObject, type VrlString, type VrlValue } from '../../value/value';
import { isObject } from '../../value/kind-of';
import { textOf, utf8Length } from '../../value/bytes';
import { JsonSyntaxError, readJson } from '../json/json-reader';

const MESSAGE_TYPES = new Set(['CONTROL_MESSAGE', 'DATA_MESSAGE']);

/** What every message has, in the order in which its absence is told. */
const FIELDS = ['owner', 'messageType', 'logGroup', 'logStream', 'subscriptionFilters', 'logEvents'] as const;

/** The place behind the document, where it turns out what is missing. */
function endOf(text: string): string {
  const lines = text.trimEnd().split('\n');
  return ` at line ${lines.length} column ${utf8Length(lines.at(-1) ?? '')}`;
}

/**
 * Reads the payload that CloudWatch sends to subscribers.
 *
 * @throws Failure for what is not JSON or not such a payload
 */
export function readSubscription(text: string): VrlObject {
  const message = readObject(text);
  const missing = FIELDS.find((field) => message[field] === undefined);
  if (missing !== undefined) throw unparsable(`missing field \`${missing}\`${endOf(text)}`);
  const object = emptyObject();
  object['owner'] = member(message, 'owner');
  object['message_type'] = messageType(member(message, 'messageType'));
  object['log_group'] = member(message, 'logGroup');
  object['log_stream'] = member(message, 'logStream');
  object['subscription_filters'] = list(message, 'subscriptionFilters').map((filter) => string(filter));
  object['log_events'] = list(message, 'logEvents').map(readEvent);
  return object;
}

function readObject(text: string): VrlObject {
  let value: VrlValue;
  try {
    value = readJson(text);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? unparsable(error.message) : error;
  }
  if (!isObject(value)) throw unparsable(`invalid type: ${kindOf(value)}, expected a log subscription message`);
  return value;
}

function readEvent(value: VrlValue): VrlObject {
  if (!isObject(value)) throw unparsable(`invalid type: ${kindOf(value)}, expected a log event`);
  const timestamp = value['timestamp'];
  if (timestamp === undefined) throw unparsable('missing field `timestamp`');
  if (typeof timestamp !== 'number') {
    throw unparsable(`invalid type: ${kindOf(timestamp)}, expected a unix timestamp in milliseconds`);
  }
  const event = emptyObject();
  event['id'] = member(value, 'id');
  event['timestamp'] = VrlTimestamp.fromEpochMs(timestamp);
  event['message'] = member(value, 'message');
  return event;
}

function member(object: VrlObject, key: string): string {
  const value = object[key];
  if (value === undefined) throw unparsable(`missing field \`${key}\``);
  return string(value);
}

function list(object: VrlObject, key: string): readonly VrlValue[] {
  const value = object[key];
  if (value === undefined) throw unparsable(`missing field \`${key}\``);
  if (!Array.isArray(value)) throw unparsable(`invalid type: ${kindOf(value)}, expected a sequence`);
  return value;
}

function string(value: VrlValue): string {
  if (kindBitOf(value) !== KindBit.string) throw unparsable(`invalid type: ${kindOf(value)}, expected a string`);
  return textOf(value as VrlString);
}

function messageType(type: string): string {
  if (MESSAGE_TYPES.has(type)) return type;
  throw unparsable(`unknown variant \`${type}\`, expected \`CONTROL_MESSAGE\` or \`DATA_MESSAGE\``);
}

function unparsable(reason: string) {
  return fail(`unable to parse: ${reason}`);
}
