import { encodeBase64 } from '../codec/base64';
import { text, type DnsReader } from './dns-reader';
import { recordTypeName } from './names';

/** Reads a record's data as text. */
type DataReader = (reader: DnsReader) => string;

const name: DataReader = (reader) => reader.name();
const preferenceAndName: DataReader = (reader) => `${reader.u16()} ${reader.name()}`;
const twoNames: DataReader = (reader) => `${reader.name()} ${reader.name()}`;
const base64: DataReader = (reader) => encodeBase64(reader.rest());

function quoted(content: string): string {
  return `"${content.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

function hexUpper(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

const strings: DataReader = (reader) => {
  const parts: string[] = [];
  while (reader.left > 0) parts.push(quoted(reader.characterString()));
  return parts.join(' ');
};

const signature: DataReader = (reader) => {
  const covered = recordTypeName(reader.u16()) ?? 'Unknown record type';
  const numbers = [reader.u8(), reader.u8(), reader.u32(), reader.u32(), reader.u32(), reader.u16()];
  return [covered, ...numbers, reader.name(), encodeBase64(reader.rest())].join(' ');
};

const digest: DataReader = (reader) => [reader.u16(), reader.u8(), reader.u8(), hexUpper(reader.rest())].join(' ');

const key: DataReader = (reader) => [reader.u16(), reader.u8(), reader.u8(), encodeBase64(reader.rest())].join(' ');

/** Names of the types in a bit map (RFC 4034 section 4.1.2). */
function typeNames(reader: DnsReader): string {
  const names: string[] = [];
  while (reader.left > 0) {
    const window = reader.u8();
    const map = reader.bytes(reader.u8());
    for (let bit = 0; bit < map.length * 8; bit++) {
      const isSet = ((map[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0;
      const type = isSet ? recordTypeName(window * 256 + bit) : undefined;
      if (type !== undefined) names.push(type);
    }
  }
  return names.join(' ');
}

const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

function base32Hex(bytes: Uint8Array): string {
  let encoded = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      encoded += BASE32_HEX[(value >> bits) & 31];
    }
  }
  return bits > 0 ? encoded + BASE32_HEX[(value << (5 - bits)) & 31] : encoded;
}

function hashParameters(reader: DnsReader): string {
  return [reader.u8(), reader.u8() & 1, reader.u16(), hexUpper(reader.bytes(reader.u8()))].join(' ');
}

const SERVICE_KEYS = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint'];

/** Service binding (RFC 9460). */
const service: DataReader = (reader) => {
  const parts = [`${reader.u16()} ${reader.name()}`];
  while (reader.left > 0) {
    const code = reader.u16();
    const label = SERVICE_KEYS[code] ?? `key${code}`;
    parts.push(`${label}="${reader.within(reader.u16(), () => serviceValue(code, reader))}"`);
  }
  return parts.join(' ');
};

function serviceValue(code: number, reader: DnsReader): string {
  const list = (read: () => string): string => {
    const values: string[] = [];
    while (reader.left > 0) values.push(read());
    return values.join(',');
  };
  switch (code) {
    case 0:
      return list(() => {
        const mandatory = reader.u16();
        return SERVICE_KEYS[mandatory] ?? `key${mandatory}`;
      });
    case 1:
      return list(() => reader.characterString());
    case 2:
      return '';
    case 3:
      return String(reader.u16());
    case 4:
      return list(() => reader.ipv4());
    case 5:
      return encodeBase64(reader.rest());
    case 6:
      return list(() => reader.ipv6());
    default:
      return text(reader.rest());
  }
}

/** How the data of each type is written. */
const READERS = new Map<string, DataReader>([
  ['A', (reader) => reader.ipv4()],
  ['AAAA', (reader) => reader.ipv6()],
  ...['NS', 'CNAME', 'PTR', 'MB', 'MG', 'MR', 'DNAME'].map((type) => [type, name] as const),
  ...['MX', 'RT', 'KX', 'AFSDB'].map((type) => [type, preferenceAndName] as const),
  ...['MINFO', 'RP'].map((type) => [type, twoNames] as const),
  ['PX', (reader) => `${reader.u16()} ${twoNames(reader)}`],
  ['NULL', base64],
  ['DHCID', base64],
  ['SOA', (reader) => [reader.name(), reader.name(), ...Array.from({ length: 5 }, () => reader.u32())].join(' ')],
  ['SRV', (reader) => [reader.u16(), reader.u16(), reader.u16(), reader.name()].join(' ')],
  ...['TXT', 'SPF', 'X25', 'ISDN', 'HINFO'].map((type) => [type, strings] as const),
  [
    'NAPTR',
    (reader) =>
      [
        reader.u16(),
        reader.u16(),
        quoted(reader.characterString()),
        quoted(reader.characterString()),
        quoted(reader.characterString()),
        reader.name(),
      ].join(' '),
  ],
  [
    'CAA',
    (reader) => {
      const critical = reader.u8() >> 7;
      return `${critical} ${reader.characterString()} "${text(reader.rest())}"`;
    },
  ],
  ['NSAP', (reader) => `0x${hexUpper(reader.rest())}`],
  ['TLSA', (reader) => [reader.u8(), reader.u8(), reader.u8(), hexUpper(reader.rest())].join(' ')],
  ['SSHFP', (reader) => [reader.u8(), reader.u8(), hexUpper(reader.rest())].join(' ')],
  ['CERT', key],
  ['KEY', key],
  ['DNSKEY', key],
  ['CDNSKEY', key],
  ['DS', digest],
  ['CDS', digest],
  ['SIG', signature],
  ['RRSIG', signature],
  ['NSEC', (reader) => `${reader.name()} ${typeNames(reader)}`],
  ['NSEC3', (reader) => `${hashParameters(reader)} ${base32Hex(reader.bytes(reader.u8()))} ${typeNames(reader)}`],
  ['NSEC3PARAM', hashParameters],
  ['OPENPGPKEY', (reader) => `(${text(reader.rest())})`],
  ['SVCB', service],
  ['HTTPS', service],
]);

/** A record's data: as text, or as base64 of its bytes for types without a text form. */
export function readRecordData(type: number, reader: DnsReader): { readonly text?: string; readonly bytes?: string } {
  const read = READERS.get(recordTypeName(type) ?? '');
  return read === undefined ? { bytes: encodeBase64(reader.rest()) } : { text: read(reader) };
}
