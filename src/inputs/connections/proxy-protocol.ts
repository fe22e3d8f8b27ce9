import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';

/** Longest header of version 1, its CR LF included (PROXY protocol, section 2.1). */
const MAX_V1_BYTES = 107;
/** Version 2 up to its length field (section 2.2). */
const V2_FIXED_BYTES = 16;
const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const V1_PREFIX = Buffer.from('PROXY ', 'latin1');

const V2_COMMAND_OFFSET = 12;
const V2_FAMILY_OFFSET = 13;
const V2_LENGTH_OFFSET = 14;
/** Version 2 in the high half; LOCAL and PROXY in the low one. */
const V2_LOCAL = 0x20;
const V2_PROXY = 0x21;
/** Address families in the high half of their byte. */
const V2_IPV4 = 0x1;
const V2_IPV6 = 0x2;
const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const PORT_BYTES = 2;

/** A connection that a proxy opened does not begin with a PROXY header. */
export class ProxyProtocolError extends Error {
  readonly code = 'PROXY_PROTOCOL';
  override readonly name = 'ProxyProtocolError';
}

/** What a PROXY header says. */
export interface ProxyHeader {
  /** Bytes of the header; what follows is the sender's. */
  readonly length: number;
  /** The sender; undefined when the proxy speaks for itself or does not know it. */
  readonly source: { readonly address: string; readonly port: number } | undefined;
}

/**
 * Reads a PROXY header of version 1 or 2 at the begin of a connection (HAProxy's PROXY protocol specification).
 *
 * @returns undefined when the bytes so far may still become one
 * @throws ProxyProtocolError
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | undefined {
  if (beginsWith(bytes, V2_SIGNATURE)) return bytes.length < V2_FIXED_BYTES ? undefined : readV2(bytes);
  if (beginsWith(bytes, V1_PREFIX)) return readV1(bytes);
  throw new ProxyProtocolError('the connection does not begin with a PROXY header');
}

/** True too when the bytes so far are a beginning of the prefix. */
function beginsWith(bytes: Buffer, prefix: Buffer): boolean {
  const length = Math.min(bytes.length, prefix.length);
  return bytes.compare(prefix, 0, length, 0, length) === 0;
}

function readV1(bytes: Buffer): ProxyHeader | undefined {
  const end = bytes.subarray(0, MAX_V1_BYTES).indexOf('\r\n', 0, 'latin1');
  if (end < 0) {
    if (bytes.length < MAX_V1_BYTES) return undefined;
    throw new ProxyProtocolError(`the PROXY header has no end within ${MAX_V1_BYTES} bytes`);
  }
  const length = end + 2;
  const [, family, address = '', , portText = ''] = bytes.toString('latin1', 0, end).split(' ');
  if (family === 'UNKNOWN') return { length, source: undefined };
  const port = Number(portText);
  const isValid = (family === 'TCP4' && isIPv4(address)) || (family === 'TCP6' && isIPv6(address));
  if (!isValid || !/^\d{1,5}$/.test(portText) || port > 0xffff) {
    throw new ProxyProtocolError('the PROXY header has no valid source address and port');
  }
  return { length, source: { address: normalized(address), port } };
}

function readV2(bytes: Buffer): ProxyHeader | undefined {
  const command = bytes[V2_COMMAND_OFFSET];
  if (command !== V2_LOCAL && command !== V2_PROXY) {
    throw new ProxyProtocolError('the PROXY header is neither LOCAL nor PROXY of version 2');
  }
  const addressLength = bytes.readUInt16BE(V2_LENGTH_OFFSET);
  const length = V2_FIXED_BYTES + addressLength;
  if (bytes.length < length) return undefined;
  const family = (bytes[V2_FAMILY_OFFSET] as number) >> 4;
  if (command === V2_LOCAL || (family !== V2_IPV4 && family !== V2_IPV6)) return { length, source: undefined };
  const bytesPerAddress = family === V2_IPV4 ? IPV4_BYTES : IPV6_BYTES;
  if (addressLength < 2 * (bytesPerAddress + PORT_BYTES)) {
    throw new ProxyProtocolError('the PROXY header is too short for its addresses');
  }
  const raw = bytes.subarray(V2_FIXED_BYTES, V2_FIXED_BYTES + bytesPerAddress);
  const address = family === V2_IPV4 ? raw.join('.') : normalized(raw.toString('hex').replace(/(.{4})(?=.)/g, '$1:'));
  return { length, source: { address, port: bytes.readUInt16BE(V2_FIXED_BYTES + 2 * bytesPerAddress) } };
}

/** IPv6 in its shortest form, so that one sender has one name. */
function normalized(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}
