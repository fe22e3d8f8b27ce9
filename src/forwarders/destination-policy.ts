import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { PermanentFailure, TemporaryFailure } from './destination';
import type { LookupFunction } from './forwarder-type';

export interface DestinationPolicyOptions {
  /** Networks that may be reached; none: all. */
  readonly allow: readonly string[];
  /** Networks that may not, whatever is allowed. */
  readonly deny: readonly string[];
}

/** Addresses that an address of IPv6 may stand for: IPv4 behind a translator (RFC 6052, section 2.1). */
const TRANSLATED_PREFIX = '64:ff9b::';

/** Decides which addresses forwarders may connect to. */
export class DestinationPolicy {
  readonly #allow: BlockList | undefined;
  readonly #deny: BlockList;

  /** @throws RangeError for what is neither an address nor a block */
  constructor({ allow, deny }: DestinationPolicyOptions) {
    this.#allow = allow.length === 0 ? undefined : listOf(allow);
    this.#deny = listOf(deny);
  }

  allows(address: string): boolean {
    const translated = translatedAddress(address);
    if (translated !== undefined && !this.allows(translated)) return false;
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    // A zone says through which interface, not where to.
    const [plain = ''] = address.split('%');
    if (this.#deny.check(plain, family)) return false;
    return this.#allow === undefined || this.#allow.check(plain, family);
  }

  /** @throws PermanentFailure for an IP address that is forbidden; names are left to {@link lookup} */
  readonly checkHost = (host: string): void => {
    const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
    if (isIP(address) !== 0 && !this.allows(address)) {
      throw new PermanentFailure(`the address ${address} is not allowed by the destination policy`);
    }
  };

  /** `dns.lookup` with the allowed addresses alone; fails with a TemporaryFailure when none is left. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => this.allows(address));
      const [first] = allowed;
      if (first === undefined) callback(forbidden(hostname, addresses), []);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function forbidden(hostname: string, addresses: readonly LookupAddress[]): Error {
  const list = addresses.map(({ address }) => address).join(', ');
  return new TemporaryFailure(`${hostname} has no address that the destination policy allows (it has ${list})`);
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address);
    if (family === 0) throw new RangeError(`${JSON.stringify(network)} is neither an IP address nor a CIDR block`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(bits), type);
  }
  return list;
}

/** The IPv4 address inside an IPv6 one that a translator makes of it; undefined for any other. */
function translatedAddress(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  // The one notation of each address (RFC 5952).
  const canonical = new URL(`http://[${address.split('%')[0] ?? ''}]/`).hostname.slice(1, -1);
  if (!canonical.startsWith(TRANSLATED_PREFIX)) return undefined;
  const [high = '0', low] = canonical.slice(TRANSLATED_PREFIX.length).split(':');
  const [upper, lower] = low === undefined ? [0, parseInt(high || '0', 16)] : [parseInt(high, 16), parseInt(low, 16)];
  return [upper >> 8, upper & 0xff, lower >> 8, lower & 0xff].join('.');
}
