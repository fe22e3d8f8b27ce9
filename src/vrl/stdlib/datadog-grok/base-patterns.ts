import { STANDARD_PATTERNS } from '../grok/standard-patterns';

/**
 * Datadog's matchers that are plain patterns. Repetitions inside repetitions are avoided; they match what the documented
 * ones do.
 */

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)`;
const HOST_LABEL = '[0-9A-Za-z][0-9A-Za-z_-]{0,62}';

export const BASE_PATTERNS: ReadonlyMap<string, string> = new Map([
  ['numberStr', NUMBER],
  ['numberExtStr', String.raw`${NUMBER}(?:[eE][+-]?\d+)?`],
  ['integerStr', String.raw`[+-]?\d+`],
  ['integerExtStr', String.raw`[+-]?\d+(?:[eE][+-]?\d+)?`],
  ['word', String.raw`\b\w+\b`],
  ['doubleQuotedString', '"[^"]*"'],
  ['singleQuotedString', "'[^']*'"],
  ['quotedString', '(?:%{doubleQuotedString}|%{singleQuotedString})'],
  ['qs', '%{quotedString}'],
  ['uuid', STANDARD_PATTERNS.get('UUID') as string],
  ['notSpace', String.raw`\S+`],
  ['data', '.*'],
  ['greedyData', '.*'],
  ['space', String.raw`\s+`],
  ['user', String.raw`[\w.-]+`],
  ['ciscoMac', STANDARD_PATTERNS.get('CISCOMAC') as string],
  ['windowsMac', STANDARD_PATTERNS.get('WINDOWSMAC') as string],
  ['commonMac', STANDARD_PATTERNS.get('COMMONMAC') as string],
  ['mac', '(?:%{ciscoMac}|%{windowsMac}|%{commonMac})'],
  ['ipv6', STANDARD_PATTERNS.get('IPV6') as string],
  ['ipv4', STANDARD_PATTERNS.get('IPV4') as string],
  ['ip', '(?:%{ipv6}|%{ipv4})'],
  ['hostname', String.raw`\b${HOST_LABEL}(?:\.${HOST_LABEL})*(?:\.?|\b)`],
  ['host', '%{hostname}'],
  ['ipOrHost', '(?:%{ip}|%{host})'],
  ['port', String.raw`[1-9]\d{0,4}`],
  ['hostPort', '%{ipOrHost}:%{port}'],
  ['path', '(?:%{unixPath}|%{winPath})'],
  ['unixPath', String.raw`(?>(?:/(?:[\w_%!$@:.,~-]|\\.)*)+)`],
  ['tty', String.raw`/dev/(?:pts|tty[pq]?)\w*/?[0-9]+`],
  ['winPath', String.raw`(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+`],
  ['uriProto', String.raw`[A-Za-z]+(?:\+[A-Za-z+]+)?`],
  ['uriHost', '%{ipOrHost}(?::%{port})?'],
  ['uriPath', String.raw`(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%_\-]*)+`],
  ['uriParam', String.raw`\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]]*`],
  ['uriPathParam', '%{uriPath}(?:%{uriParam})?'],
  ['uri', '%{uriProto}://(?:%{user}(?::[^@]*)?@)?(?:%{uriHost})?(?:%{uriPathParam})?'],
]);
