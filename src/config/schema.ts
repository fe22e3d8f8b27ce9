import { listEntries, type ConfigEntry, type ConfigOf } from './config-key';
import {
  bindKey,
  choiceKey,
  namesKey,
  networksKey,
  numberKey,
  pathKey,
  secretKey,
  section,
  textKey,
  timeZoneKey,
} from './key-types';
import { mountPathKey, originsKey } from './url-keys';
import { syslogListenersKey } from './syslog-listeners';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
/** Seconds of a day and of a year. */
const DAY = 86_400;
const YEAR = 365 * DAY;
/** Milliseconds of an hour. */
const HOUR_MS = 3_600_000;

/** RFC 5424 section 6.1: every receiver must accept messages of this size. */
const MIN_SYSLOG_MESSAGE_BYTES = 480;
/** Holds the largest UDP datagram; senders of more than that are rare and are told to raise it. */
const DEFAULT_SYSLOG_MESSAGE_BYTES = 64 * KIB;
/** One message must fit in memory many times over. */
const MAX_SYSLOG_MESSAGE_BYTES = 16 * MIB;
/** About a quarter of a second at 100 000 small datagrams a second, counting what the kernel adds to each. */
const DEFAULT_RECEIVE_BUFFER_BYTES = 32 * MIB;
/** `setsockopt` takes a signed 32-bit number. */
const MAX_RECEIVE_BUFFER_BYTES = GIB;
/** Shorter keys can be guessed offline from any login token. */
const MIN_SECRET_KEY_BYTES = 16;
/** A whole batch of a default OpenTelemetry collector, several times over. */
const DEFAULT_BODY_BYTES = 16 * MIB;
const MIN_BODY_BYTES = KIB;
const MAX_BODY_BYTES = GIB;

const RECEIVE_BUFFER = numberKey(
  'bytes',
  { min: 4 * KIB, max: MAX_RECEIVE_BUFFER_BYTES },
  DEFAULT_RECEIVE_BUFFER_BYTES,
  'Kernel buffer asked for; Linux grants at most net.core.rmem_max.',
);
const MAX_CONNECTIONS = numberKey(
  'count',
  { min: 1, max: 1_000_000 },
  4096,
  'Connections at once, of TCP and TLS each; more are closed at once and counted.',
);
const MAX_CONNECTIONS_PER_ADDRESS = numberKey(
  'count',
  { min: 0, max: 1_000_000 },
  0,
  'Connections at once from one address, of TCP and TLS each; 0 sets no limit.',
);
const IDLE_TIMEOUT = numberKey(
  'seconds',
  { min: 0, max: YEAR },
  0,
  'Closes a connection that was silent for so long; 0 never does. Syslog over TCP has no acknowledgement: a sender ' +
    'loses what it writes into a connection that was just closed, so set this above the longest pause of your senders.',
);
const MAX_SYSLOG_MESSAGE_SIZE = numberKey(
  'bytes',
  { min: MIN_SYSLOG_MESSAGE_BYTES, max: MAX_SYSLOG_MESSAGE_BYTES },
  DEFAULT_SYSLOG_MESSAGE_BYTES,
  'Longest syslog message.',
);
const OVERSIZE = choiceKey(
  ['truncate', 'split', 'reject'],
  'truncate',
  'A longer message is cut off, stored as several records, or refused and counted.',
);
const RATE_LIMIT = numberKey(
  'count',
  { min: 0, max: 10_000_000 },
  0,
  'Messages a second from one address; 0 sets no limit. What is more is dropped and counted (UDP), or has to wait (TCP, TLS, RELP).',
);
const RATE_LIMIT_BYTES = numberKey(
  'bytes',
  { min: 0, max: 1024 * 1024 * 1024 },
  0,
  'Bytes a second from one address; 0 sets no limit.',
);
const RATE_LIMIT_BURST = numberKey(
  'seconds',
  { min: 1, max: 3600 },
  10,
  "After a pause, so many seconds' worth of both limits may come at once.",
);
const RATE_LIMIT_EXEMPT = choiceKey(
  ['none', 'emergency', 'alert', 'critical', 'error'],
  'none',
  'Messages of this severity and worse are not dropped for the rate.',
);
const SYSLOG_TIMEZONE = timeZoneKey('UTC', 'Time zone of timestamps that carry none (RFC 3164).');

/** The keys of an OTLP listener's TLS. */
function otlpTls(caKey: string) {
  return {
    cert: pathKey('', 'Certificate chain, PEM.'),
    key: pathKey('', 'Private key of the certificate, PEM.'),
    ca: pathKey('', 'Authorities whose client certificates are trusted, PEM.'),
    client_auth: choiceKey(
      ['none', 'request', 'require'],
      'none',
      `Client certificates: not asked for, asked for, or required. The last two need ${caKey}.`,
    ),
  };
}

function otlpAuth() {
  return choiceKey(
    ['none', 'token'],
    'none',
    'Whether senders need a bearer token: a personal access token (or login token) of a user who has the scope send_logs.',
  );
}

/**
 * Link-local networks (RFC 3927, RFC 4291), in which clouds keep metadata with credentials, and the metadata addresses outside
 * of them (AWS and Google over IPv6, Alibaba). Nobody's log server is there.
 */
export const DENIED_NETWORKS = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'];

/**
 * Every setting there is: the one source of the `Config` type, of validation, of the environment variables' names and of
 * `config/logweir.yaml`. Names stand in the configuration exactly as here.
 */
export const CONFIG_SCHEMA = section('', {
  http: section('The REST API.', {
    bind: bindKey(':5080', 'Address of the REST API.'),
    tls: section('HTTPS instead of HTTP, once both files are set.', {
      cert: pathKey('', 'Certificate chain, PEM.'),
      key: pathKey('', 'Private key of the certificate, PEM.'),
    }),
    max_body_size: numberKey(
      'bytes',
      { min: MIN_BODY_BYTES, max: MAX_BODY_BYTES },
      DEFAULT_BODY_BYTES,
      'Largest request body, as sent and again once decompressed. Uploads that restore a backup are not limited.',
    ),
    mount_path: mountPathKey('Path below which everything lies, for a proxy that passes on only that, such as /logs.'),
    cors_origins: originsKey(
      'Web pages of these origins may use the API from a browser; none may unless listed here. Watching a stream is open to all, as its token is asked for all the same.',
    ),
  }),
  management: section('Health and metrics, without authentication.', {
    bind: bindKey(
      '127.0.0.1:9113',
      'Address of /health and /metrics. They need no login, so by default only this host reaches them.',
    ),
    tls: section('HTTPS instead of HTTP, once both files are set.', {
      cert: pathKey('', 'Certificate chain, PEM.'),
      key: pathKey('', 'Private key of the certificate, PEM.'),
    }),
  }),
  syslog: section('Syslog listeners.', {
    udp: section('Syslog over UDP (RFC 5426).', {
      bind: bindKey(':5514', 'Address of the UDP listener.'),
      receive_buffer: RECEIVE_BUFFER,
    }),
    tcp: section('Syslog over TCP (RFC 6587: octet counting and newlines).', {
      bind: bindKey(':5514', 'Address of the TCP listener.'),
      max_connections: MAX_CONNECTIONS,
      max_connections_per_address: MAX_CONNECTIONS_PER_ADDRESS,
      idle_timeout: IDLE_TIMEOUT,
    }),
    tls: section('Syslog over TLS (RFC 5425).', {
      bind: bindKey(':6514', 'Address of the TLS listener. It stays off until a certificate and its key are set.'),
      cert: pathKey('', 'Certificate chain, PEM.'),
      key: pathKey('', 'Private key of the certificate, PEM.'),
      ca: pathKey('', 'Authorities whose client certificates are trusted, PEM.'),
      client_auth: choiceKey(
        ['none', 'request', 'require'],
        'none',
        'Client certificates: not asked for, asked for, or required. The last two need syslog.tls.ca.',
      ),
    }),
    max_message_size: MAX_SYSLOG_MESSAGE_SIZE,
    oversize: OVERSIZE,
    timezone: SYSLOG_TIMEZONE,
    allowed_origins: networksKey(
      'Senders that are accepted; an empty list accepts all. UDP sender addresses can be forged.',
    ),
    rate_limit: RATE_LIMIT,
    rate_limit_bytes: RATE_LIMIT_BYTES,
    rate_limit_burst: RATE_LIMIT_BURST,
    rate_limit_exempt: RATE_LIMIT_EXEMPT,
    listeners: syslogListenersKey({
      rateLimit: RATE_LIMIT,
      rateLimitBytes: RATE_LIMIT_BYTES,
      rateLimitBurst: RATE_LIMIT_BURST,
      rateLimitExempt: RATE_LIMIT_EXEMPT,
      maxMessageSize: MAX_SYSLOG_MESSAGE_SIZE,
      oversize: OVERSIZE,
      timezone: SYSLOG_TIMEZONE,
      receiveBuffer: RECEIVE_BUFFER,
      maxConnections: MAX_CONNECTIONS,
      maxConnectionsPerAddress: MAX_CONNECTIONS_PER_ADDRESS,
      idleTimeout: IDLE_TIMEOUT,
    }),
  }),
  otlp: section('OpenTelemetry listeners for logs.', {
    http: section('OTLP over HTTP.', {
      bind: bindKey(':4318', 'Address of the OTLP/HTTP listener.'),
      tls: section('HTTPS instead of HTTP, once certificate and key are set.', otlpTls('otlp.http.tls.ca')),
      auth: otlpAuth(),
    }),
    grpc: section('OTLP over gRPC.', {
      bind: bindKey(':4317', 'Address of the OTLP/gRPC listener.'),
      tls: section('gRPC over TLS, once certificate and key are set.', otlpTls('otlp.grpc.tls.ca')),
      auth: otlpAuth(),
    }),
    pipelines: namesKey(
      'The pipelines that take the records of both listeners, at their direct source; each gets all of them.',
      ['default'],
    ),
    max_body_size: numberKey(
      'bytes',
      { min: MIN_BODY_BYTES, max: MAX_BODY_BYTES },
      DEFAULT_BODY_BYTES,
      'Largest export request, as sent and again once decompressed.',
    ),
    dedupe_window: numberKey(
      'seconds',
      { min: 0, max: 3600 },
      0,
      'A request with the very bytes of one that was taken from the same address within so long is answered and not stored again; 0 stores it. Senders repeat requests whose answer they did not get.',
    ),
  }),
  forwarders: section(
    'Where forwarders may send. IP addresses and networks; a name is held to the addresses that it has.',
    {
      allow_networks: networksKey('The only networks that may be reached; an empty list allows all.'),
      deny_networks: networksKey(
        'Networks that may not be reached, also when they are allowed: addresses of the link and the metadata services of clouds.',
        DENIED_NETWORKS,
      ),
    },
  ),
  data_dir: pathKey('./data', 'Folder of all databases. Only the service may read it.'),
  secret_key: secretKey(
    'Signs login tokens and encrypts stored secrets; use 32 random characters. Unset, one is made at the first start ' +
      'and kept in data_dir/secret-key.',
    MIN_SECRET_KEY_BYTES,
  ),
  transformers: section('What scripts may do.', {
    host_functions: choiceKey(
      ['deny', 'allow'],
      'deny',
      'Whether get_env_var and get_hostname work: whoever may write a transformer can then read the environment.',
    ),
    network_functions: choiceKey(
      ['deny', 'allow'],
      'deny',
      'Whether dns_lookup, reverse_dns and http_request work. A script that waits for an answer holds up everything that is ' +
        'taken in; requests go where forwarders may send.',
    ),
    network_timeout: numberKey(
      'milliseconds',
      { min: 10, max: 10_000 },
      1000,
      'The longest that one of these calls waits; then it fails, and who was silent is left alone for 5 s.',
    ),
    file_directory: pathKey(
      '',
      'Folder of the files that scripts may name in parse_proto, encode_proto, validate_json_schema, parse_etld (psl) and ' +
        'parse_groks (alias_sources). Unset, they can read none.',
    ),
  }),
  auth: section('Users and tokens.', {
    initial_user: textKey('root', 'The user that the first start creates.'),
    initial_password: secretKey(
      'Password of that user. Unset, a random one is written to data_dir/initial-password, and printed once unless to the journal.',
    ),
    reset_user: textKey('', 'Together with reset_password: gives this user a new password at the start.'),
    reset_password: secretKey('The new password; remove both keys once it is set.'),
    min_password_length: numberKey('count', { min: 1, max: 128 }, 8, 'Shortest password a user may choose.'),
    token_lifetime: numberKey('seconds', { min: 60, max: YEAR }, DAY, 'How long a login token is valid.'),
  }),
  log: section("The service's own log, on standard output.", {
    level: choiceKey(['error', 'warn', 'info', 'debug'], 'info', 'Least severity that is written.'),
    format: choiceKey(['text', 'json'], 'text', 'Lines for people or one JSON object a line.'),
  }),
  storage: section('The store of records.', {
    max_pending_bytes: numberKey(
      'bytes',
      { min: MIB, max: 16 * GIB },
      64 * MIB,
      'Bytes accepted and not yet on disk; above this inputs are slowed down or refused.',
    ),
    reserve: numberKey(
      'bytes',
      { min: 0, max: 1024 * GIB },
      0,
      'Free space below which no records are taken, so that login, queries and deletions still work; 0 stands for 256 MiB, ' +
        'or 1 % of a file system below 25 GiB.',
    ),
    journal: section('New records, in the order of their arrival.', {
      max_age: numberKey(
        'milliseconds',
        { min: 100, max: 24 * HOUR_MS },
        10_000,
        'How long a record stays in the journal before it is sealed in a compressed segment.',
      ),
    }),
    segment: section('Compressed records, sorted by time.', {
      max_records: numberKey(
        'count',
        { min: 256, max: 1_000_000 },
        32_768,
        'Most records in a segment. More compress better; fewer make a search for few records read less.',
      ),
    }),
    query: section('Reading.', {
      workers: numberKey('count', { min: 1, max: 64 }, 2, 'Queries that run at once, each in a thread of its own.'),
      timeout: numberKey('seconds', { min: 1, max: DAY }, 60, 'A query that runs longer is ended with an error.'),
    }),
  }),
  shutdown: section('The end of the service.', {
    timeout: numberKey(
      'seconds',
      { min: 1, max: 3600 },
      10,
      'How long requests in flight may take to end. What was acknowledged is on disk in any case.',
    ),
  }),
});

/** The settings the service runs with. Paths are absolute, an empty text means "not set", units are those of the schema. */
export type Config = ConfigOf<typeof CONFIG_SCHEMA>;

/** Every key by its dotted path, in the order of the schema. */
export const CONFIG_ENTRIES: ReadonlyMap<string, ConfigEntry> = listEntries(CONFIG_SCHEMA);

/** An element of `syslog.listeners`. */
export type SyslogListenerConfig = Config['syslog']['listeners'][number];
