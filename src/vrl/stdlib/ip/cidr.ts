import { IPV4_BYTES, parseIp, type Address } from './address';

/** A network: an address of which the first `length` bits count. */
export interface Cidr {
  readonly address: Address;
  readonly length: number;
}

const PREFIX_LENGTH = /^[0-9]{1,3}$/;

/**
 * Reads a network such as `10.0.0.0/8`. An address alone is the network of just that address.
 *
 * @returns what is wrong with the text when it is none
 */
export function parseCidr(text: string): Cidr | string {
  const slash = text.indexOf('/');
  const address = parseIp(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return "couldn't parse address in network: invalid IP address syntax";
  const bits = address.length * 8;
  if (slash === -1) return { address, length: bits };
  const digits = text.slice(slash + 1);
  if (!PREFIX_LENGTH.test(digits)) return "couldn't parse length in network: invalid digit found in string";
  const length = Number(digits);
  if (length > bits)
    return `invalid length for network: Network length ${length} is too long for Ipv${address.length === IPV4_BYTES ? 4 : 6} (maximum: ${bits})`;
  if (!isZeroAfter(address, length)) return 'host part of address was not zero';
  return { address, length };
}

function isZeroAfter(address: Address, length: number): boolean {
  return masked(address, length).every((byte, i) => byte === address[i]);
}

/** The address with all bits after the first `length` cleared. */
export function masked(address: Address, length: number): Address {
  return address.map((byte, i) => {
    const bits = Math.min(Math.max(length - 8 * i, 0), 8);
    return byte & (0xff << (8 - bits));
  });
}

/** Is the address in the network? Families never mix. */
export function cidrContains(cidr: Cidr, address: Address): boolean {
  if (address.length !== cidr.address.length) return false;
  const whole = cidr.length >> 3;
  for (let i = 0; i < whole; i++) {
    if (address[i] !== cidr.address[i]) return false;
  }
  const rest = cidr.length & 7;
  if (rest === 0) return true;
  return (((address[whole] as number) ^ (cidr.address[whole] as number)) & (0xff << (8 - rest)) & 0xff) === 0;
}
