import { isIPv4, isIPv6 } from 'node:net';

/** Where a listener listens. */
export interface Bind {
  /** Host name or IP address (IPv6 without brackets); undefined means every interface. */
  readonly host: string | undefined;
  /** 0 lets the operating system choose a free port. */
  readonly port: number;
}

/** Largest number a 16-bit TCP or UDP port can have. */
const MAX_PORT = 65_535;
/** Longest host name DNS allows (RFC 1035 section 2.3.4). */
const MAX_HOST_LENGTH = 253;

/** What {@link parseBind} accepts, for error messages and the reference. */
export const BIND_FORMAT = '"host:port", "[IPv6]:port", ":port" for every interface, or "off"';

/**
 * Reads a listener address.
 *
 * @param text - `host:port`, `[IPv6]:port` or `:port` (every interface); port 0 is any free port; `off` or empty text
 *   switches the listener off
 * @returns the address, or undefined when the listener is off
 * @throws RangeError when the text is none of these
 *
 * @example
 * parseBind('[::1]:5514'); // { host: '::1', port: 5514 }
 * parseBind(':5080'); // { host: undefined, port: 5080 }
 * parseBind('off'); // undefined
 */
export function parseBind(text: string): Bind | undefined {
  if (text === '' || text === 'off') return undefined;
  const colon = text.lastIndexOf(':');
  if (colon === -1) throw new RangeError(`expected ${BIND_FORMAT}`);
  const portText = text.slice(colon + 1);
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port > MAX_PORT) {
    throw new RangeError(`expected a port from 0 to ${MAX_PORT} after the last colon`);
  }
  return { host: parseHost(text.slice(0, colon)), port };
}

/**
 * Writes an address the way {@link parseBind} reads it.
 *
 * @example
 * formatBind({ host: '::1', port: 5514 }); // '[::1]:5514'
 */
export function formatBind(bind: Bind): string {
  if (bind.host === undefined) return `:${bind.port}`;
  return bind.host.includes(':') ? `[${bind.host}]:${bind.port}` : `${bind.host}:${bind.port}`;
}

function parseHost(text: string): string | undefined {
  if (text === '') return undefined;
  if (text.startsWith('[')) {
    const address = text.slice(1, -1);
    if (text.endsWith(']') && isIPv6(address)) return address;
    throw new RangeError('expected an IPv6 address between the brackets');
  }
  if (text.includes(':')) throw new RangeError('an IPv6 address needs brackets, for example "[::1]:5514"');
  if (isIPv4(text) || isHostName(text)) return text;
  throw new RangeError(`expected ${BIND_FORMAT}`);
}

function isHostName(text: string): boolean {
  if (text.length > MAX_HOST_LENGTH || !/^[A-Za-z0-9._-]+$/.test(text)) return false;
  // Digits and dots alone can only be an IPv4 address, and a valid one was accepted before.
  return /[A-Za-z]/.test(text);
}
