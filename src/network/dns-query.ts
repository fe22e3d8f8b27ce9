import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { createConnection, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { DestinationPolicy } from '../forwarders/destination-policy';
import type { DnsQuery, NetworkRequest } from './messages';

type DnsRequest = Extract<NetworkRequest, { kind: 'dns' }>;

const DNS_PORT = 53;
const HEADER_BYTES = 12;
const MAX_LABEL_BYTES = 63;
const MAX_NAME_BYTES = 255;
/** Flags of the header's third byte: recursion desired, truncated. */
const RECURSION_DESIRED = 0x01;
const TRUNCATED = 0x02;
const LENGTH_BYTES = 2;

/**
 * The bytes of a server's answer to a query (RFC 1035): over UDP, and over TCP when the answer was cut short. Servers are
 * asked one after the other; those that a script names are held to the destination policy, the system's are not.
 *
 * @throws Error when none answers in time
 */
export async function queryDns(
  request: DnsRequest,
  policy: DestinationPolicy,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Buffer> {
  const message = encodeQuery(request.query);
  const servers = (request.servers.length === 0 ? getServers() : request.servers).map(serverAt);
  if (request.servers.length > 0) for (const { address } of servers) policy.checkHost(address);
  const turns = servers.length * request.attempts;
  let failure: Error = new Error('no name server is configured');
  for (let turn = 0; turn < turns && !signal.aborted; turn++) {
    const server = servers[turn % servers.length] as Server;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(timeoutMs / turns))]);
    try {
      const answer = request.tcp ? undefined : await overUdp(message, server, patience);
      const cutShort = answer === undefined || ((answer[2] as number) & TRUNCATED) !== 0;
      return cutShort ? await overTcp(message, server, patience) : answer;
    } catch (error) {
      failure = error as Error;
    }
  }
  throw failure;
}

interface Server {
  readonly address: string;
  readonly port: number;
}

/** A server of the forms `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` and `[2001:db8::1]:53`. */
function serverAt(text: string): Server {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  if (isIP(address) === 0) throw new Error(`the name server ${JSON.stringify(text)} is no IP address`);
  return { address, port: port === undefined ? DNS_PORT : Number(port) };
}

/** @throws Error for what is no domain name */
export function encodeQuery({ name, type, class: queryClass, recurse }: DnsQuery): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(randomInt(0x1_0000), 0);
  header[2] = recurse ? RECURSION_DESIRED : 0;
  header.writeUInt16BE(1, 4);
  const end = Buffer.alloc(5);
  end.writeUInt16BE(type, 1);
  end.writeUInt16BE(queryClass, 3);
  return Buffer.concat([header, ...labelsOf(name), end]);
}

function labelsOf(name: string): Buffer[] {
  // Names of services begin with an underscore, which is none of the letters of host names.
  const ascii = /^[\x21-\x7e]*$/.test(name) ? name : domainToASCII(name);
  const labels = ascii.replace(/\.$/, '').split('.');
  const root = name === '.';
  if (!root && labels.some((label) => label === '' || label.length > MAX_LABEL_BYTES)) {
    throw new Error(`${JSON.stringify(name)} is no domain name`);
  }
  if (ascii.length >= MAX_NAME_BYTES) throw new Error('the domain name is too long');
  return root ? [] : labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
}

function overUdp(message: Buffer, { address, port }: Server, signal: AbortSignal): Promise<Buffer> {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  const answer = new Promise<Buffer>((resolve, reject) => {
    whenAborted(signal, () => reject(silent(address)));
    socket.on('error', reject);
    // Only datagrams from the server itself come through a connected socket.
    socket.on('message', (received) => {
      if (answers(received, message)) resolve(received);
    });
    socket.connect(port, address, (error?: Error) => {
      if (error) reject(error);
      else socket.send(message);
    });
  });
  return answer.finally(() => socket.close());
}

function overTcp(message: Buffer, { address, port }: Server, signal: AbortSignal): Promise<Buffer> {
  const socket = createConnection({ host: address, port });
  const answer = new Promise<Buffer>((resolve, reject) => {
    let received = Buffer.alloc(0);
    whenAborted(signal, () => reject(silent(address)));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the name server ${address} closed the connection`)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length < LENGTH_BYTES ? Infinity : LENGTH_BYTES + received.readUInt16BE(0);
      if (received.length < length) return;
      const whole = received.subarray(LENGTH_BYTES, length);
      if (answers(whole, message)) resolve(whole);
      else reject(new Error(`the name server ${address} answered something else`));
    });
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(message.length, 0);
    socket.write(Buffer.concat([length, message]));
  });
  return answer.finally(() => socket.destroy());
}

/** Is it an answer, and one to this query? Its number and the whole question have to be the same. */
function answers(received: Buffer, message: Buffer): boolean {
  if (received.length < message.length || received.readUInt16BE(0) !== message.readUInt16BE(0)) return false;
  const isResponse = ((received[2] as number) & 0x80) !== 0;
  const question = (bytes: Buffer): string => bytes.toString('latin1', HEADER_BYTES, message.length).toLowerCase();
  return isResponse && question(received) === question(message);
}

function whenAborted(signal: AbortSignal, action: () => void): void {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
}

function silent(address: string): Error {
  return new Error(`no answer from the name server ${address} in time`);
}
