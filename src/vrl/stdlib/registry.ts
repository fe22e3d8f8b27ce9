import type { FunctionDefinition } from './definition';
import { functions as array } from './array';
import { functions as casing } from './casing';
import { functions as checksum } from './checksum';
import { functions as cipher } from './cipher';
import { functions as closures } from './closures';
import { functions as codec } from './codec';
import { functions as coerce } from './coerce';
import { functions as communityId } from './community-id';
import { functions as compression } from './compression';
import { functions as convert } from './convert';
import { functions as crypto } from './crypto';
import { functions as csv } from './csv';
import { functions as datadogQuery } from './datadog-query';
import { functions as debug } from './debug';
import { functions as encodeKeyValue } from './encode-key-value';
import { functions as enrichment } from './enrichment';
import { functions as enumerate } from './enumerate';
import { functions as event } from './event';
import { functions as filePath } from './file-path';
import { functions as haversine } from './haversine';
import { functions as ip } from './ip';
import { functions as jsonSchema } from './json-schema';
import { functions as metrics } from './metrics';
import { functions as network } from './network';
import { functions as number } from './number';
import { functions as object } from './object';
import { functions as parseAws } from './parse-aws';
import { functions as parseCbor } from './parse-cbor';
import { functions as parseCef } from './parse-cef';
import { functions as parseDnstap } from './parse-dnstap';
import { functions as parseEtld } from './parse-etld';
import { functions as parseGoogleLog } from './parse-google-log';
import { functions as parseGrok } from './parse-grok';
import { functions as parseGroks } from './parse-groks';
import { functions as parseInfluxdb } from './parse-influxdb';
import { functions as parseJson } from './parse-json';
import { functions as parseKeyValue } from './parse-key-value';
import { functions as parseNumber } from './parse-number';
import { functions as parseRegex } from './parse-regex';
import { functions as parseRubyHash } from './parse-ruby-hash';
import { functions as parseSyslog } from './parse-syslog';
import { functions as parseTimestamp } from './parse-timestamp';
import { functions as parseTokens } from './parse-tokens';
import { functions as parseUnits } from './parse-units';
import { functions as parseUrl } from './parse-url';
import { functions as parseUserAgent } from './parse-user-agent';
import { functions as parseWebLog } from './parse-web-log';
import { functions as parseXml } from './parse-xml';
import { functions as parseYaml } from './parse-yaml';
import { functions as path } from './path';
import { functions as proto } from './proto';
import { functions as random } from './random';
import { functions as redact } from './redact';
import { functions as shannonEntropy } from './shannon-entropy';
import { functions as system } from './system';
import { functions as textEdit } from './text-edit';
import { functions as textSearch } from './text-search';
import { functions as timestamp } from './timestamp';
import { functions as typeAssertions } from './type-assertions';
import { functions as typeInfo } from './type-info';
import { functions as unnest } from './unnest';

/** Every family of the standard library; a new family is one file and one line here. */
const FAMILIES: readonly (readonly FunctionDefinition[])[] = [
  array,
  casing,
  checksum,
  cipher,
  closures,
  codec,
  coerce,
  communityId,
  compression,
  convert,
  crypto,
  csv,
  datadogQuery,
  debug,
  encodeKeyValue,
  enrichment,
  enumerate,
  event,
  filePath,
  haversine,
  ip,
  jsonSchema,
  metrics,
  network,
  number,
  object,
  parseAws,
  parseCbor,
  parseCef,
  parseDnstap,
  parseEtld,
  parseGoogleLog,
  parseGrok,
  parseGroks,
  parseInfluxdb,
  parseJson,
  parseKeyValue,
  parseNumber,
  parseRegex,
  parseRubyHash,
  parseSyslog,
  parseTimestamp,
  parseTokens,
  parseUnits,
  parseUrl,
  parseUserAgent,
  parseWebLog,
  parseXml,
  parseYaml,
  path,
  proto,
  random,
  redact,
  shannonEntropy,
  system,
  textEdit,
  textSearch,
  timestamp,
  typeAssertions,
  typeInfo,
  unnest,
];

/** The standard library by function name. */
export const STANDARD_LIBRARY: ReadonlyMap<string, FunctionDefinition> = new Map(
  FAMILIES.flat().map((definition) => [definition.name, definition]),
);
