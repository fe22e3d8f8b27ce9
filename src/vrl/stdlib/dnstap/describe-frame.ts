import { encodeBase64 } from '../codec/base64';
import { DnsError, DnsReader, text } from '../dns/dns-reader';
import { readQueryMessage, readUpdateMessage } from '../dns/read-message';
import { formatIp, IPV4_BYTES, IPV6_BYTES } from '../ip/address';
import { fitsI64, normalizeInteger } from '../../value/integer';
import { isObject } from '../../value/kind-of';
import { emptyObject, VrlTimestamp, type VrlObject } from '../../value/value';
import { readFrame, type FrameMessage } from './frame';

const MESSAGE = 1;
const INET = 1;

const MESSAGE_TYPES = new Map(
  ['Auth', 'Resolver', 'Client', 'Forwarder', 'Stub', 'Tool', 'Update'].flatMap((name, i): [number, string][] => [
    [2 * i + 1, `${name}Query`],
    [2 * i + 2, `${name}Response`],
  ]),
);
const SOCKET_FAMILIES = new Map([
  [1, 'INET'],
  [2, 'INET6'],
]);
const SOCKET_PROTOCOLS = new Map([
  [1, 'UDP'],
  [2, 'TCP'],
  [3, 'DOT'],
  [4, 'DOH'],
  [5, 'DNSCryptUDP'],
  [6, 'DNSCryptTCP'],
  [7, 'DOQ'],
]);
const FIRST_UPDATE_TYPE = 13;
const LAST_TYPE = 14;

/**
 * Describes a dnstap frame. What is wrong inside a frame is told in it, beside the raw bytes.
 *
 * @throws Error of the protobuf library for bytes that are no frame
 */
export function describeFrame(bytes: Uint8Array, lowercase: boolean): VrlObject {
  const frame = readFrame(bytes);
  const event = emptyObject();
  if (frame.identity !== undefined) event['serverId'] = text(frame.identity);
  if (frame.version !== undefined) event['serverVersion'] = text(frame.version);
  if (frame.extra !== undefined) event['extraInfo'] = text(frame.extra);
  event['dataTypeId'] = frame.type;
  if (frame.type !== MESSAGE) {
    event['rawData'] = encodeBase64(bytes);
    return event;
  }
  event['dataType'] = 'Message';
  try {
    if (frame.message !== undefined) addMessage(event, frame.message, lowercase);
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    event['error'] = error.message;
    event['rawData'] = encodeBase64(bytes);
  }
  return event;
}

function addMessage(event: VrlObject, message: FrameMessage, lowercase: boolean): void {
  if (message.socketFamily !== undefined) addSocket(event, message, message.socketFamily);
  if (message.queryZone !== undefined) event['queryZone'] = new DnsReader(message.queryZone, false).name();
  const { type } = message;
  event['messageTypeId'] = type;
  event['messageType'] = MESSAGE_TYPES.get(type) ?? `Unknown dnstap message type: ${type}`;
  const isQuery = type % 2 === 1;
  addTime(event, message.querySeconds, message.queryNanos, isQuery, message.queryMessage);
  addTime(event, message.responseSeconds, message.responseNanos, !isQuery, message.responseMessage);
  if (type < 1 || type > LAST_TYPE) throw new DnsError(`Unsupported DNSTap message type: ${type}`);
  const read = type >= FIRST_UPDATE_TYPE ? readUpdateMessage : readQueryMessage;
  addDns(event, 'requestData', message.queryMessage, (bytes) => read(bytes, lowercase));
  addDns(event, 'responseData', message.responseMessage, (bytes) => read(bytes, lowercase));
}

function addSocket(event: VrlObject, message: FrameMessage, family: number): void {
  event['socketFamily'] = known(SOCKET_FAMILIES, family, 'socket family');
  if (message.socketProtocol !== undefined) {
    event['socketProtocol'] = known(SOCKET_PROTOCOLS, message.socketProtocol, 'socket protocol');
  }
  const { queryAddress, responseAddress, queryPort, responsePort } = message;
  if (queryAddress !== undefined) event['sourceAddress'] = addressText(queryAddress, family, 'query_address');
  if (queryPort !== undefined) event['sourcePort'] = queryPort;
  if (responseAddress !== undefined)
    event['responseAddress'] = addressText(responseAddress, family, 'response_address');
  if (responsePort !== undefined) event['responsePort'] = responsePort;
}

function known(names: ReadonlyMap<number, string>, code: number, what: string): string {
  const name = names.get(code);
  if (name === undefined) throw new DnsError(`Unknown ${what}: ${code}`);
  return name;
}

function addressText(bytes: Uint8Array, family: number, what: string): string {
  const length = family === INET ? IPV4_BYTES : IPV6_BYTES;
  if (bytes.length < length) throw new DnsError(`Cannot parse ${what}`);
  return formatIp(bytes.slice(0, length));
}

/** Adds a time in nanoseconds; without its message it is told in the request as well. */
function addTime(
  event: VrlObject,
  seconds: bigint | undefined,
  nanos: number | undefined,
  isOwn: boolean,
  message: Uint8Array | undefined,
): void {
  if (seconds === undefined) return;
  const time = seconds * 1_000_000_000n + BigInt(nanos ?? 0);
  if (!fitsI64(time)) throw new DnsError('Cannot parse timestamp');
  if (isOwn) {
    setTime(event, time);
    event['timestamp'] = VrlTimestamp.fromEpochNanos(time);
  }
  if (message === undefined) {
    const request = event['requestData'];
    const data = request !== undefined && isObject(request) ? request : emptyObject();
    setTime(data, time);
    event['requestData'] = data;
  }
}

function setTime(object: VrlObject, time: bigint): void {
  object['time'] = normalizeInteger(time);
  object['timePrecision'] = 'ns';
}

function addDns(
  event: VrlObject,
  key: string,
  bytes: Uint8Array | undefined,
  read: (bytes: Uint8Array) => VrlObject,
): void {
  if (bytes === undefined) return;
  event['messageSize'] = bytes.length;
  const existing = event[key];
  const data = existing !== undefined && isObject(existing) ? existing : emptyObject();
  event[key] = data;
  try {
    Object.assign(data, read(bytes));
  } catch (error) {
    if (error instanceof DnsError) data['rawData'] = encodeBase64(bytes);
    throw error;
  }
}
