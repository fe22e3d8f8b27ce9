import { fail } from '../failure';
import { BOOLEAN, INTEGER, STRING } from '../types/kind';
import { stringFromBytes, textOf } from '../value/bytes';
import { kindBitOf } from '../value/kind-of';
import { KindBit, type VrlArray, type VrlString, type VrlValue } from '../value/value';
import { wrongKind } from './bind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import {
  formatIp,
  ipv4Compatible,
  ipv4Mapped,
  IPV4_BYTES,
  IPV6_BYTES,
  parseIp,
  parseIpv4,
  parseIpv6,
  toIpv6,
  type Address,
} from './ip/address';
import { cidrContains, masked, parseCidr, type Cidr } from './ip/cidr';
import { deterministicCipher, prefixCipher, type AddressCipher } from './ip/ipcrypt';
import { bytes, count, ofKinds, text } from './parameters';

function addressFrom(value: string): Address {
  const address = parseIp(value);
  if (address === undefined) throw fail('unable to parse IP address: invalid IP address syntax');
  return address;
}

const MAX_IPV4 = 0xffff_ffff;

const ipAton = define({
  name: 'ip_aton',
  params: [text('value')],
  returns: INTEGER,
  fallible: true,
  run: (value) => {
    const address = parseIpv4(value);
    if (address === undefined) return fail('unable to parse IPv4 address: invalid IPv4 address syntax');
    return new DataView(address.buffer).getUint32(0);
  },
});

const ipNtoa = define({
  name: 'ip_ntoa',
  params: [count('value')],
  returns: STRING,
  fallible: true,
  run: (value) => {
    if (value < 0 || value > MAX_IPV4) throw fail('cannot convert to bytes: integer does not fit in u32');
    const address = new Uint8Array(IPV4_BYTES);
    new DataView(address.buffer).setUint32(0, value);
    return formatIp(address);
  },
});

const ipNtop = define({
  name: 'ip_ntop',
  params: [bytes('value')],
  returns: STRING,
  fallible: true,
  run: (value) => {
    if (value.length !== IPV4_BYTES && value.length !== IPV6_BYTES) {
      throw fail('"value" must be of length 4 or 16 bytes');
    }
    return formatIp(value);
  },
});

const ipPton = define({
  name: 'ip_pton',
  params: [text('value')],
  returns: STRING,
  fallible: true,
  run: (value) => stringFromBytes(addressFrom(value)),
});

function cidrFrom(value: string): Cidr {
  const cidr = parseCidr(value);
  if (typeof cidr === 'string') throw fail(`unable to parse CIDR: ${cidr}`);
  return cidr;
}

/** The networks of a constant argument; undefined when it is none. */
function constantCidrs(call: CallSite): readonly Cidr[] | undefined {
  const constant = call.constant('cidr');
  if (constant === undefined) return undefined;
  return (Array.isArray(constant) ? constant : [constant]).map((one) => {
    if (kindBitOf(one) !== KindBit.string) throw call.invalid('cidr', '"cidr" must be string');
    const cidr = parseCidr(textOf(one as VrlString));
    if (typeof cidr === 'string') throw call.invalid('cidr', '"cidr" must be valid cidr');
    return cidr;
  });
}

/** Is the address in one of the networks, which are read as far as needed? */
function inSome(networks: VrlString | VrlArray, address: Address): boolean {
  if (!Array.isArray(networks)) return cidrContains(cidrFrom(textOf(networks)), address);
  return networks.some((network: VrlValue) => {
    if (kindBitOf(network) !== KindBit.string) throw wrongKind(KindBit.string, network);
    return cidrContains(cidrFrom(textOf(network as VrlString)), address);
  });
}

const ipCidrContains = define({
  name: 'ip_cidr_contains',
  params: [ofKinds<VrlString | VrlArray>('cidr', KindBit.string | KindBit.array), text('value')],
  returns: BOOLEAN,
  fallible: true,
  prepare: (call) => {
    const known = constantCidrs(call);
    return (networks, value) => {
      const address = addressFrom(value);
      return known === undefined ? inSome(networks, address) : known.some((cidr) => cidrContains(cidr, address));
    };
  },
});

const ipSubnet = define({
  name: 'ip_subnet',
  params: [text('value'), text('subnet')],
  returns: STRING,
  fallible: true,
  run: (value, subnet) => {
    const address = addressFrom(value);
    return formatIp(
      subnet.startsWith('/') ? masked(address, prefixLength(subnet, address)) : underMask(address, subnet),
    );
  },
});

function prefixLength(subnet: string, address: Address): number {
  const bits = address.length * 8;
  if (!/^\/[0-9]+$/.test(subnet)) throw fail(`${subnet} is not a valid subnet`);
  const length = Number(subnet.slice(1));
  if (length > bits) throw fail(`subnet cannot be greater than ${bits} for ipv${bits === 32 ? 4 : 6} addresses`);
  return length;
}

function underMask(address: Address, subnet: string): Address {
  const mask = parseIp(subnet);
  if (mask === undefined) throw fail('unable to parse mask: invalid IP address syntax');
  if (mask.length !== address.length) {
    throw fail(
      address.length === IPV4_BYTES
        ? 'attempting to mask an ipv4 address with an ipv6 mask'
        : 'attempting to mask an ipv6 address with an ipv4 mask',
    );
  }
  return address.map((byte, i) => byte & (mask[i] as number));
}

const ipToIpv6 = define({
  name: 'ip_to_ipv6',
  params: [text('value')],
  returns: STRING,
  fallible: true,
  run: (value) => formatIp(toIpv6(addressFrom(value))),
});

const ipv6ToIpv4 = define({
  name: 'ipv6_to_ipv4',
  params: [text('value')],
  returns: STRING,
  fallible: true,
  run: (value) => {
    const address = addressFrom(value);
    const ipv4 = address.length === IPV4_BYTES ? address : (ipv4Mapped(address) ?? ipv4Compatible(address));
    if (ipv4 === undefined) throw fail(`IPV6 address ${formatIp(address)} is not compatible with IPV4`);
    return formatIp(ipv4);
  },
});

const isIpv4 = define({
  name: 'is_ipv4',
  params: [text('value')],
  returns: BOOLEAN,
  fallible: false,
  run: (value) => parseIpv4(value) !== undefined,
});

const isIpv6 = define({
  name: 'is_ipv6',
  params: [text('value')],
  returns: BOOLEAN,
  fallible: false,
  run: (value) => parseIpv6(value) !== undefined,
});

const CIPHERS: ReadonlyMap<string, { keyBytes: number; make: (key: Uint8Array) => AddressCipher }> = new Map([
  ['aes128', { keyBytes: 16, make: deterministicCipher }],
  ['pfx', { keyBytes: 32, make: prefixCipher }],
]);

function cipherFor(mode: string, key: Uint8Array, address: Address): AddressCipher {
  const cipher = CIPHERS.get(mode);
  if (cipher === undefined) throw fail(`Invalid mode '${mode}'. Must be 'aes128' or 'pfx'`);
  if (key.length !== cipher.keyBytes) {
    throw fail(`${mode} mode requires a ${cipher.keyBytes}-byte key for IPv${address.length === IPV4_BYTES ? 4 : 6}`);
  }
  return cipher.make(key);
}

const encryptIp = define({
  name: 'encrypt_ip',
  params: [text('ip'), bytes('key'), text('mode')],
  returns: STRING,
  fallible: true,
  run: (ip, key, mode) => {
    const address = addressFrom(ip);
    return formatIp(cipherFor(mode, key, address).encrypt(address));
  },
});

const decryptIp = define({
  name: 'decrypt_ip',
  params: [text('ip'), bytes('key'), text('mode')],
  returns: STRING,
  fallible: true,
  run: (ip, key, mode) => {
    const address = addressFrom(ip);
    return formatIp(cipherFor(mode, key, address).decrypt(address));
  },
});

export const functions: readonly FunctionDefinition[] = [
  ipAton,
  ipNtoa,
  ipNtop,
  ipPton,
  ipCidrContains,
  ipSubnet,
  ipToIpv6,
  ipv6ToIpv4,
  isIpv4,
  isIpv6,
  encryptIp,
  decryptIp,
];
