import { compileRegex } from '../../regex';
import { parseRfc3339 } from '../../time';
import { parseIpv4, parseIpv6 } from '../ip/address';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const DURATION = /^P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$/;
const HOST_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const EMAIL_LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const JSON_POINTER = /^(\/([^~/]|~0|~1)*)*$/;
const RELATIVE_JSON_POINTER = /^(0|[1-9]\d*)(#|(\/([^~/]|~0|~1)*)*)$/;
const URI_CHARACTERS = /^([A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const URI_TEMPLATE = /^([^\x00-\x20"'<>\\^`{|}]|\{[+#./;?&=,!@|]?[^{}]+\})*$/;

/** Longest name in the DNS, in octets. */
const MAX_HOSTNAME = 253;

function isDate(text: string): boolean {
  return DATE.test(text) && parseRfc3339(`${text}T00:00:00Z`) !== undefined;
}

function isHostname(text: string): boolean {
  return text.length <= MAX_HOSTNAME && text.split('.').every((label) => HOST_LABEL.test(label));
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at > 0 && EMAIL_LOCAL.test(text.slice(0, at)) && isHostname(text.slice(at + 1));
}

function isRegex(text: string): boolean {
  try {
    return compileRegex(text) !== undefined;
  } catch {
    return false;
  }
}

/** The formats of JSON Schema (draft 2020-12, validation section 7.3) that are checked. */
export const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map<string, (text: string) => boolean>([
  ['date-time', (text) => !text.includes(' ') && parseRfc3339(text) !== undefined],
  ['date', isDate],
  ['time', (text) => TIME.test(text) && parseRfc3339(`2000-01-01T${text}`) !== undefined],
  ['duration', (text) => DURATION.test(text)],
  ['email', isEmail],
  ['idn-email', (text) => /^[^@\s]+@[^@\s]+$/.test(text)],
  ['hostname', isHostname],
  ['idn-hostname', (text) => /^[^\s/@:]+$/.test(text)],
  ['ipv4', (text) => parseIpv4(text) !== undefined],
  ['ipv6', (text) => parseIpv6(text) !== undefined],
  ['uri', (text) => SCHEME.test(text) && URI_CHARACTERS.test(text)],
  ['uri-reference', (text) => URI_CHARACTERS.test(text)],
  ['iri', (text) => SCHEME.test(text) && !/[\s<>"{}|\\^`]/.test(text)],
  ['iri-reference', (text) => !/[\s<>"{}|\\^`]/.test(text)],
  ['uri-template', (text) => URI_TEMPLATE.test(text)],
  ['uuid', (text) => UUID.test(text)],
  ['json-pointer', (text) => JSON_POINTER.test(text)],
  ['relative-json-pointer', (text) => RELATIVE_JSON_POINTER.test(text)],
  ['regex', isRegex],
]);
