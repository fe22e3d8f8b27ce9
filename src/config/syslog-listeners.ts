import type { ConfigKey } from './config-key';
import { listKey, optional, type ElementOf } from './list-key';
import { bindKey, choiceKey, namesKey, networkKey, networksKey, pathKey, textKey, timeZoneKey } from './key-types';

/** What stands in a listener's element as it does in the section `syslog`. */
interface SharedKeys {
  readonly maxMessageSize: ConfigKey<number>;
  readonly oversize: ConfigKey<'truncate' | 'split' | 'reject'>;
  readonly timezone: ConfigKey<string>;
  readonly rateLimit: ConfigKey<number>;
  readonly rateLimitBytes: ConfigKey<number>;
  readonly rateLimitBurst: ConfigKey<number>;
  readonly rateLimitExempt: ConfigKey<'none' | 'emergency' | 'alert' | 'critical' | 'error'>;
  readonly receiveBuffer: ConfigKey<number>;
  readonly maxConnections: ConfigKey<number>;
  readonly maxConnectionsPerAddress: ConfigKey<number>;
  readonly idleTimeout: ConfigKey<number>;
}

/** Names that stand for other listeners in metrics, log lines and the list of addresses. */
const TAKEN_NAMES = new Set(['http', 'management', 'syslog_udp', 'syslog_tcp', 'syslog_tls', 'otlp_http', 'otlp_grpc']);
/** A name is a label value and a part of log lines; so long is enough for any. */
const NAME_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/;

const STREAM_PROTOCOLS = ['tcp', 'tls', 'relp'];
/** Keys that only some protocols have a use for. */
const PROTOCOLS_BY_KEY: ReadonlyMap<string, readonly string[]> = new Map([
  ['receive_buffer', ['udp']],
  ['rate_limit_exempt', ['udp']],
  ['max_connections', STREAM_PROTOCOLS],
  ['max_connections_per_address', STREAM_PROTOCOLS],
  ['idle_timeout', STREAM_PROTOCOLS],
  ['proxy_protocol', STREAM_PROTOCOLS],
  ['cert', ['tls', 'relp']],
  ['key', ['tls', 'relp']],
  ['ca', ['tls', 'relp']],
  ['client_auth', ['tls', 'relp']],
]);

const DESCRIPTION =
  'More listeners, any number of each kind. An element has name, protocol (udp, tcp, tls or relp) and bind, and may have ' +
  'max_message_size, oversize, timezone, timezones (a list of {network, timezone}), allowed_origins (beside those of all ' +
  'listeners), pipelines (default: all that have a syslog source), rate_limit, rate_limit_bytes, rate_limit_burst; udp: ' +
  'rate_limit_exempt, receive_buffer; tcp, tls and relp: max_connections, ' +
  'max_connections_per_address, idle_timeout, proxy_protocol (networks whose connections begin with a PROXY header); tls and ' +
  'relp: cert, key, ca, client_auth. What is left out is as for the listeners above.';

/** The key `syslog.listeners`. */
export function syslogListenersKey(shared: SharedKeys) {
  const keys = {
    name: textKey('', 'Its name in metrics, log lines and the list of addresses; required.'),
    protocol: choiceKey(['udp', 'tcp', 'tls', 'relp'], 'udp', 'Required.'),
    bind: bindKey('off', 'Its address; required.'),
    max_message_size: optional(shared.maxMessageSize),
    oversize: optional(shared.oversize),
    timezone: optional(shared.timezone),
    timezones: listKey(
      'networks with their time zone',
      { network: networkKey(''), timezone: timeZoneKey('UTC', '') },
      ['network', 'timezone'],
      'Time zones of senders, in place of `timezone`: a list of `{network, timezone}`.',
    ),
    allowed_origins: networksKey('Senders that are accepted, beside those of all listeners.'),
    pipelines: namesKey('The pipelines that take its records; by default all that have a syslog source.'),
    rate_limit: optional(shared.rateLimit),
    rate_limit_bytes: optional(shared.rateLimitBytes),
    rate_limit_burst: optional(shared.rateLimitBurst),
    rate_limit_exempt: optional(shared.rateLimitExempt),
    receive_buffer: optional(shared.receiveBuffer),
    max_connections: optional(shared.maxConnections),
    max_connections_per_address: optional(shared.maxConnectionsPerAddress),
    idle_timeout: optional(shared.idleTimeout),
    proxy_protocol: networksKey('tcp, tls, relp: networks whose connections begin with a PROXY header.'),
    cert: pathKey('', 'tls, relp: certificate chain, PEM.'),
    key: pathKey('', 'tls, relp: private key of the certificate, PEM.'),
    ca: pathKey('', 'tls, relp: authorities whose client certificates are trusted, PEM.'),
    client_auth: choiceKey(['none', 'request', 'require'], 'none', 'tls, relp: client certificates; needs `ca`.'),
  };
  return listKey('listeners', keys, ['name', 'protocol', 'bind'], DESCRIPTION, check);

  function check(listeners: readonly ElementOf<typeof keys>[]) {
    const problems: { path: (string | number)[]; expectation: string }[] = [];
    const names = new Set<string>();
    for (const [index, listener] of listeners.entries()) {
      const { name, protocol, cert, key, ca, client_auth } = listener;
      const report = (at: string, expectation: string): void => void problems.push({ path: [index, at], expectation });
      if (!NAME_PATTERN.test(name)) {
        report('name', 'expected 1 to 63 letters, digits, "_", "-" and ".", the first no "-" and no "."');
      } else if (TAKEN_NAMES.has(name)) {
        report('name', `${JSON.stringify(name)} is the name of a listener that has settings of its own`);
      } else if (names.has(name)) {
        report('name', `another listener is called ${JSON.stringify(name)} already`);
      }
      names.add(name);
      for (const [at, protocols] of PROTOCOLS_BY_KEY) {
        const value = (listener as Record<string, unknown>)[at];
        const isSet = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '' && value !== 'none';
        if (isSet && !protocols.includes(protocol)) {
          report(at, `has no meaning for ${protocol}, only for ${protocols.join(', ')}`);
        }
      }
      if (protocol === 'tls' && cert === '') report('protocol', 'tls needs cert and key');
      else if ((cert === '') !== (key === '')) report(cert === '' ? 'key' : 'cert', 'cert and key need each other');
      if (client_auth !== 'none' && ca === '') {
        report('client_auth', 'needs ca: without it no client certificate can be trusted');
      }
    }
    return problems;
  }
}
