import { fail } from '../failure';
import { STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { toJson } from '../value/text-forms';
import type { VrlString } from '../value/value';
import { decodeBase16 } from './codec/base16';
import { decodeBase64, encodeBase64, type Base64Charset } from './codec/base64';
import { decodeText, encodeText, encodingNamed, lossyText } from './codec/charset';
import { decodeWords } from './codec/encoded-words';
import { decodeLabels, encodeLabels, toAscii, toUnicode } from './codec/idna';
import { ASCII_SET_NAMES, decodePercent as percentDecoded, percentEncoder } from './codec/percent';
import { toHex } from './crypto/digests';
import { define, type FunctionDefinition } from './definition';
import { any, boolean, bytes, oneOf, string, text, withDefault } from './parameters';

const encodeBase16 = define({
  name: 'encode_base16',
  params: [bytes('value')],
  returns: STRING,
  fallible: false,
  run: toHex,
});

const decodeBase16Text = define({
  name: 'decode_base16',
  params: [bytes('value')],
  returns: STRING,
  fallible: true,
  run: (digits) => {
    const decoded = decodeBase16(digits);
    if (decoded === undefined) return fail('unable to decode value to base16');
    return stringFromBytes(decoded);
  },
});

function charsetNamed(name: string): Base64Charset {
  if (name !== 'standard' && name !== 'url_safe') throw fail('unknown charset');
  return name;
}

const encodeBase64Text = define({
  name: 'encode_base64',
  params: [bytes('value'), withDefault(boolean('padding'), true), withDefault(text('charset'), 'standard')],
  returns: STRING,
  fallible: false,
  run: (value, padding, charset) => encodeBase64(value, charsetNamed(charset), padding),
});

const decodeBase64Text = define({
  name: 'decode_base64',
  params: [bytes('value'), withDefault(text('charset'), 'standard')],
  returns: STRING,
  fallible: true,
  run: (value, charset) => {
    const decoded = decodeBase64(value, charsetNamed(charset));
    if (decoded === undefined) return fail('unable to decode value from base64');
    return stringFromBytes(decoded);
  },
});

const encodePercent = define({
  name: 'encode_percent',
  params: [text('value'), withDefault(oneOf('ascii_set', ASCII_SET_NAMES), 'NON_ALPHANUMERIC')],
  returns: STRING,
  fallible: false,
  prepare: (call) => {
    const set = call.constant('ascii_set') ?? 'NON_ALPHANUMERIC';
    return percentEncoder(set as (typeof ASCII_SET_NAMES)[number]);
  },
});

const decodePercent = define({
  name: 'decode_percent',
  params: [bytes('value')],
  returns: STRING,
  fallible: false,
  run: (value) => lossyText(percentDecoded(value)),
});

const encodePunycode = define({
  name: 'encode_punycode',
  params: [text('value'), withDefault(boolean('validate'), true)],
  returns: STRING,
  fallible: true,
  run: (value, validate) => {
    const encoded = validate ? toAscii(value) : encodeLabels(value);
    if (encoded === undefined) throw fail('unable to encode to punycode');
    return encoded;
  },
});

const decodePunycode = define({
  name: 'decode_punycode',
  params: [text('value'), withDefault(boolean('validate'), true)],
  returns: STRING,
  fallible: true,
  run: (value, validate) => {
    // A name without a label in punycode is not looked at any closer.
    if (!value.includes('xn--')) return value;
    const decoded = validate ? toUnicode(value) : decodeLabels(value);
    if (decoded === undefined) return fail('unable to decode punycode');
    return decoded;
  },
});

function knownEncoding(given: VrlString): string {
  // What is not UTF-8 has no name in the message either.
  const label = typeof given === 'string' ? given : 'unknown';
  const encoding = encodingNamed(label);
  if (encoding === undefined) throw fail(`Unknown charset: ${label}`);
  return encoding;
}

const encodeCharset = define({
  name: 'encode_charset',
  params: [text('value'), string('to_charset')],
  returns: STRING,
  fallible: true,
  run: (value, charset) => stringFromBytes(encodeText(value, knownEncoding(charset))),
});

const decodeCharset = define({
  name: 'decode_charset',
  params: [bytes('value'), string('from_charset')],
  returns: STRING,
  fallible: true,
  run: (value, charset) => decodeText(value, knownEncoding(charset)),
});

const decodeMimeQ = define({
  name: 'decode_mime_q',
  params: [text('value')],
  returns: STRING,
  fallible: true,
  run: (value) => {
    const decoded = decodeWords(value);
    if (typeof decoded !== 'string') throw fail(decoded.problem);
    return decoded;
  },
});

const PRETTY_INDENT = 2;

const encodeJson = define({
  name: 'encode_json',
  params: [any('value'), withDefault(boolean('pretty'), false)],
  returns: STRING,
  fallible: false,
  run: (value, pretty) => toJson(value, pretty ? PRETTY_INDENT : undefined),
});

export const functions: readonly FunctionDefinition[] = [
  encodeBase16,
  decodeBase16Text,
  encodeBase64Text,
  decodeBase64Text,
  encodePercent,
  decodePercent,
  encodePunycode,
  decodePunycode,
  encodeCharset,
  decodeCharset,
  decodeMimeQ,
  encodeJson,
];
