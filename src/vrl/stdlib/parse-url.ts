import { fail } from '../failure';
import { ARRAY, INTEGER, NULL, objectOfKind, shapeOf, STRING, union } from '../types/kind';
import { emptyObject, type VrlObject } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { boolean, text, withDefault } from './parameters';
import { forEachFormPair } from './url/form-pairs';
import { urlProblem } from './url/url-problem';

const DEFAULT_PORTS = new Map([
  ['http', 80],
  ['ws', 80],
  ['https', 443],
  ['wss', 443],
  ['ftp', 21],
]);

const URL_KIND = shapeOf({
  scheme: STRING,
  username: STRING,
  password: STRING,
  path: union(STRING, NULL),
  host: STRING,
  port: union(INTEGER, NULL),
  fragment: union(STRING, NULL),
  query: objectOfKind(STRING),
});

const parseUrl = define({
  name: 'parse_url',
  params: [text('value'), withDefault(boolean('default_known_ports'), false)],
  returns: URL_KIND,
  fallible: true,
  fresh: true,
  run: (value, defaultKnownPorts) => {
    let url: URL;
    try {
      url = new URL(value);
    } catch {
      throw fail(`unable to parse url: ${urlProblem(value)}`);
    }
    return describeUrl(url, defaultKnownPorts);
  },
});

function describeUrl(url: URL, defaultKnownPorts: boolean): VrlObject {
  const scheme = url.protocol.slice(0, -1);
  const hash = url.href.indexOf('#');
  const query = emptyObject();
  forEachFormPair(url.search.slice(1), (name, value) => {
    query[name] = value;
  });
  const object = emptyObject();
  object['scheme'] = scheme;
  object['username'] = url.username;
  object['password'] = url.password;
  object['path'] = url.pathname;
  object['host'] = url.hostname === '' ? null : url.hostname;
  object['port'] =
    url.port === '' ? ((defaultKnownPorts ? DEFAULT_PORTS.get(scheme) : undefined) ?? null) : Number(url.port);
  object['fragment'] = hash === -1 ? null : url.href.slice(hash + 1);
  object['query'] = query;
  return object;
}

const parseQueryString = define({
  name: 'parse_query_string',
  params: [text('value')],
  returns: objectOfKind(union(STRING, ARRAY)),
  fallible: false,
  fresh: true,
  run: (value) => {
    const object = emptyObject();
    forEachFormPair(value.startsWith('?') ? value.slice(1) : value, (name, part) => {
      const existing = object[name];
      if (existing === undefined) object[name] = part;
      else if (Array.isArray(existing)) existing.push(part);
      else object[name] = [existing, part];
    });
    return object;
  },
});

export const functions: readonly FunctionDefinition[] = [parseUrl, parseQueryString];
