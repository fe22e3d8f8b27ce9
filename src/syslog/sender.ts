import { LocalZone } from './local-zone';

/** Prefix of an IPv4 address that arrived over an IPv6 socket (RFC 4291 section 2.5.5.2). */
const IPV4_MAPPED_PREFIX = '::ffff:';

/**
 * The bare address of a client written as `ip:port`, `[ipv6]:port` or an address alone; IPv4-mapped IPv6 becomes IPv4.
 *
 * @example
 * senderAddress('[2001:db8::1]:514'); // '2001:db8::1'
 * senderAddress('[::ffff:10.0.0.7]:514'); // '10.0.0.7'
 */
export function senderAddress(client: string): string {
  return withoutMapping(withoutPort(client));
}

/**
 * The `client` field of a socket's peer: `ip:port`, or `[ipv6]:port`.
 *
 * @example
 * formatClient('::ffff:10.0.0.7', 514); // '10.0.0.7:514'
 */
export function formatClient(address: string, port: number): string {
  const bare = withoutMapping(address);
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}

function withoutPort(client: string): string {
  if (client.startsWith('[')) {
    const close = client.indexOf(']');
    return close < 0 ? client.slice(1) : client.slice(1, close);
  }
  const colon = client.indexOf(':');
  // Two colons without brackets: an IPv6 address that has no port.
  return colon >= 0 && colon === client.lastIndexOf(':') ? client.slice(0, colon) : client;
}

function withoutMapping(address: string): string {
  const mapped = address.slice(0, IPV4_MAPPED_PREFIX.length).toLowerCase() === IPV4_MAPPED_PREFIX;
  const rest = address.slice(IPV4_MAPPED_PREFIX.length);
  return mapped && rest.includes('.') ? rest : address;
}

/**
 * Who sent a message: made once per connection or per UDP peer, and given with every message.
 *
 * @example
 * const sender = new SyslogSender('192.0.2.7:40312', '', 'Europe/Berlin');
 * sender.hostname; // '192.0.2.7'
 */
export class SyslogSender {
  /** Bare address, the hostname of messages that name none. */
  readonly hostname: string;
  /** Zone of this sender's time stamps that name none. */
  readonly zone: LocalZone;

  /**
   * @param client `ip:port` or `[ipv6]:port`, kept as the field `client`
   * @param tlsPeer name in the TLS client certificate, "" without one
   * @param timezone IANA name or fixed offset (`+02:00`) of stamps without a zone
   * @param moreFields names and values of further fields of each record of this sender
   * @throws SyslogError `INVALID_TIMEZONE`
   */
  constructor(
    readonly client: string,
    readonly tlsPeer = '',
    timezone = 'UTC',
    readonly moreFields: readonly (readonly [name: string, value: string])[] = [],
  ) {
    this.hostname = senderAddress(client);
    this.zone = LocalZone.of(timezone);
  }
}
