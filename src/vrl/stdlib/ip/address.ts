/** An address: 4 bytes for IPv4, 16 for IPv6. */
export type Address = Uint8Array;

export const IPV4_BYTES = 4;
export const IPV6_BYTES = 16;

const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;

/**
 * Reads four decimal numbers with dots. Leading zeros are refused, for some programs read them as octal.
 *
 * @returns undefined when the text is no address
 */
export function parseIpv4(text: string): Address | undefined {
  if (text.length > 15) return undefined;
  const parts = text.split('.');
  if (parts.length !== IPV4_BYTES) return undefined;
  const address = new Uint8Array(IPV4_BYTES);
  for (let i = 0; i < IPV4_BYTES; i++) {
    const part = parts[i] as string;
    if (!OCTET.test(part) || Number(part) > 255) return undefined;
    address[i] = Number(part);
  }
  return address;
}

/** Longest text of an IPv6 address: six full groups and an IPv4 address. */
const MAX_IPV6_TEXT = 45;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** Reads an IPv6 address (RFC 4291 section 2.2, no zone); undefined when the text is none. */
export function parseIpv6(text: string): Address | undefined {
  if (text.length > MAX_IPV6_TEXT) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] as string, halves.length === 1);
  const tail = halves.length === 1 ? [] : groupsOf(halves[1] as string, true);
  if (head === undefined || tail === undefined) return undefined;
  const zeros = 8 - head.length - tail.length;
  // "::" stands for at least one group.
  if (halves.length === 1 ? zeros !== 0 : zeros < 1) return undefined;
  const groups = [...head, ...new Array<number>(zeros).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

/** The groups of one side of "::"; an IPv4 address may stand for the last two of the whole address. */
function groupsOf(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string;
    if (GROUP.test(part)) {
      groups.push(parseInt(part, 16));
      continue;
    }
    const ipv4 = last && i === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 === undefined) return undefined;
    groups.push(((ipv4[0] as number) << 8) | (ipv4[1] as number), ((ipv4[2] as number) << 8) | (ipv4[3] as number));
  }
  return groups;
}

/**
 * Reads an address of either family.
 *
 * @example parseIp('::1')?.length // 16
 */
export function parseIp(text: string): Address | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** The address as text; IPv6 as RFC 5952 recommends. */
export function formatIp(address: Address): string {
  return address.length === IPV4_BYTES ? address.join('.') : formatIpv6(address);
}

function formatIpv6(address: Address): string {
  const ipv4 = ipv4Mapped(address);
  if (ipv4 !== undefined) return `::ffff:${ipv4.join('.')}`;
  const groups: number[] = [];
  for (let i = 0; i < IPV6_BYTES; i += 2) groups.push(((address[i] as number) << 8) | (address[i + 1] as number));
  const { start, length } = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  // A single zero group is written out.
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  groups.forEach((group, i) => {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: i - length + 1, length };
  });
  return best;
}

const ZEROS_BEFORE_MAPPED = 10;

/** The IPv4 address in an IPv4-mapped one (`::ffff:a.b.c.d`); undefined for any other. */
export function ipv4Mapped(address: Address): Address | undefined {
  if (address.length !== IPV6_BYTES || address[10] !== 0xff || address[11] !== 0xff) return undefined;
  return isZero(address, ZEROS_BEFORE_MAPPED) ? address.slice(12) : undefined;
}

/** The IPv4 address in an IPv4-compatible one (`::a.b.c.d`, deprecated by RFC 4291); undefined for any other. */
export function ipv4Compatible(address: Address): Address | undefined {
  return address.length === IPV6_BYTES && isZero(address, 12) ? address.slice(12) : undefined;
}

function isZero(address: Address, bytes: number): boolean {
  for (let i = 0; i < bytes; i++) {
    if (address[i] !== 0) return false;
  }
  return true;
}

/** The 16-byte form: IPv4 becomes IPv4-mapped. */
export function toIpv6(address: Address): Address {
  if (address.length === IPV6_BYTES) return address;
  const mapped = new Uint8Array(IPV6_BYTES);
  mapped[10] = 0xff;
  mapped[11] = 0xff;
  mapped.set(address, 12);
  return mapped;
}
