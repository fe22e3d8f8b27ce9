import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  AUDIT_STREAM,
  auditStream,
  createApi,
  createManagement,
  createServiceMetrics,
  currentBody,
  requestAuthorizer,
  ServiceHealth,
  type Api,
} from './api';
import { parseBind, type Bind, type Config } from './config';
import { compileFilter } from './expr';
import {
  DestinationPolicy,
  FORWARDER_TYPES,
  ForwarderReader,
  ForwarderService,
  steadyClock,
  type StoredForwarder,
} from './forwarders';
import {
  OriginFilter,
  OtlpGrpcListener,
  OtlpHttpListener,
  SenderMemory,
  SilenceCheck,
  startSyslogListener,
  type Authorize,
  type OtlpHttpListenerOptions,
  type RunningInput,
  type SyslogDefaults,
  type SyslogHost,
  type SyslogListenerSettings,
} from './inputs';
import { listenError } from './listen-error';
import type { Logger } from './logger';
import { ScriptNetwork } from './network';
import { defaultFlow, PipelineEngine } from './pipeline';
import { EVENTS_STREAM, eventsStream, type InheritedSockets } from './service';
import { bootstrapAuth, JwtAuthority, loadSecretKey, openAuthStore, type AuthStore } from './storage/auth';
import { bootstrapConfig, openConfigStore, SecretBox, type ConfigStore } from './storage/config';
import { lockDirectory } from './storage/directory-lock';
import { DiskSpace, type Space } from './storage/disk-space';
import { writePrivateFile } from './storage/private-file';
import { SqliteLogStore } from './storage/logs';
import { SqliteDeliveryQueue } from './storage/queue';
import { TlsCertificates, type TlsCertificate } from './tls';
import { compileTransformer, networkFunctions, type TransformerOptions } from './vrl';

/** How long a request may take to arrive: a backup of 10 GB at 25 Mbit/s. Node's own limit of five minutes would cut it off. */
/** In the data directory: what is known of senders over restarts. */
const SENDERS_FILE = 'senders.json';
const UPLOAD_LIMIT_MS = 60 * 60 * 1000;

/** A server that listens. */
export interface RunningServer {
  /** Address of each listener, by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves when the thread that writes records has answered; rejects when it is gone, stays pending when it is stuck. */
  answering(): Promise<void>;
  /** Looks at the certificates' files now and takes over those that have changed. */
  reloadCertificates(): void;
  /** Ends what is in flight, commits what was accepted, closes everything. */
  stop(): Promise<void>;
}

/** What a server is given besides its settings. */
export interface ServerOptions {
  readonly logger: Logger;
  /** Listening sockets that the service manager opened. */
  readonly sockets: InheritedSockets;
}

/**
 * Builds and wires everything, in the order in which it is needed; `stop` undoes it in the opposite order.
 * When a part cannot start, those before it are stopped again.
 *
 * @throws the failing part's own error: StorageError, AuthError, or the system's for an address that is in use
 */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const { logger } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    let failure: unknown;
    for (const stopPart of stops.splice(0).reverse()) {
      await stopPart().catch((error: unknown) => {
        failure ??= error;
      });
    }
    if (failure !== undefined) throw failure;
  };
  const certificates = new TlsCertificates({
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
  });
  stops.push(async () => certificates.close());
  try {
    const { addresses, answering } = await start(
      config,
      options,
      certificates,
      (stopPart) => void stops.push(stopPart),
    );
    return { addresses, answering, stop, reloadCertificates: () => certificates.reload() };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function start(
  config: Config,
  { logger, sockets }: ServerOptions,
  certificates: TlsCertificates,
  onStop: (stopPart: () => Promise<void>) => void,
): Promise<Pick<RunningServer, 'addresses' | 'answering'>> {
  const warn = (message: string): void => logger.warn(message);
  const dataDir = config.data_dir;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(dataDir);
  onStop(async () => lock.release());

  // Stores.
  const secretKey = await loadSecretKey({ configured: config.secret_key, dataDir });
  secretKey.warnings.forEach(warn);
  const auth = await openAuthStore(path.join(dataDir, 'auth.db'), {
    minPasswordLength: config.auth.min_password_length,
  });
  onStop(() => auth.close());
  const configStore = await openConfigStore(path.join(dataDir, 'config.db'), {
    secretBox: new SecretBox(secretKey.key),
    convert: currentBody,
    onListenerError: (error) => logger.error(`a configuration change did not take effect: ${String(error)}`),
  });
  onStop(() => configStore.close());
  await firstStart(config, auth, configStore, logger);
  const disk = await DiskSpace.watch({
    directory: dataDir,
    reserveBytes: config.storage.reserve,
    onChange: (low, space) => reportSpace(low, space, logger),
    makeRoom: async () => {
      await logs.makeRoom();
      await queue.makeRoom();
    },
  });
  onStop(() => disk.close());
  if (disk.low) reportSpace(true, disk.space, logger);
  const logs = await SqliteLogStore.open({
    directory: dataDir,
    maxPendingBytes: config.storage.max_pending_bytes,
    sealer: {
      maxJournalAgeMs: config.storage.journal.max_age,
      maxSegmentRecords: config.storage.segment.max_records,
    },
    queryWorkers: config.storage.query.workers,
    queryTimeoutMs: config.storage.query.timeout * 1000,
    isDiskLow: () => disk.low,
    onWarning: (message) => logger.warnAtTimes(message),
  });
  onStop(() => logs.close());
  const events = eventsStream(logs);
  logger.onSevere = events;

  // Forwarders, pipelines and what decides who may send; all follow the stored configuration.
  const queue = await SqliteDeliveryQueue.open({
    directory: dataDir,
    maxPendingBytes: config.storage.max_pending_bytes,
    isDiskLow: () => disk.low,
    onWarning: (message) => logger.warnAtTimes(message),
    now: steadyClock(),
  });
  onStop(() => queue.close());
  const forwarders = new ForwarderService({
    queue,
    reader: new ForwarderReader(FORWARDER_TYPES),
    policy: new DestinationPolicy({
      allow: config.forwarders.allow_networks,
      deny: config.forwarders.deny_networks,
    }),
    warn: (message) => logger.warnAtTimes(message),
    now: steadyClock(),
  });
  onStop(() => forwarders.close(config.shutdown.timeout * 1000));
  const { host_functions: hostFunctions, file_directory: fileDirectory } = config.transformers;
  const network =
    config.transformers.network_functions === 'allow'
      ? new ScriptNetwork({
          timeoutMs: config.transformers.network_timeout,
          policy: { allow: config.forwarders.allow_networks, deny: config.forwarders.deny_networks },
        })
      : undefined;
  if (network !== undefined) onStop(() => network.close());
  const transformerOptions: TransformerOptions = {
    hostFunctions: hostFunctions === 'allow',
    functions: networkFunctions(network),
    ...(fileDirectory === '' ? {} : { fileDirectory }),
  };
  const engine = new PipelineEngine({
    store: logs,
    forwarders,
    compileFilter: (source) => compileFilter(source),
    compileTransformer: (source) => compileTransformer(source, transformerOptions),
  });
  const origins = new OriginFilter();
  await followConfiguration(configStore, engine, forwarders, origins, config, logger);

  // Who may use the API.
  const sessions = new JwtAuthority(auth, secretKey.key, { lifetimeSeconds: config.auth.token_lifetime });
  let inputs: readonly RunningInput[] = [];
  const api = createApi({
    auth,
    sessions,
    config: configStore,
    logs,
    ingest: engine,
    flows: engine,
    forwarders,
    inputs: () => inputs,
    temporaryDirectory: await emptyDirectory(path.join(dataDir, 'tmp')),
    maxIngestBodyBytes: config.http.max_body_size,
    corsOrigins: config.http.cors_origins,
    mountPath: config.http.mount_path,
    transformerOptions,
    internalStreams: [AUDIT_STREAM, EVENTS_STREAM],
    audit: auditStream(logs, (error, entry) => logger.error(`not audited: ${JSON.stringify(entry)}: ${String(error)}`)),
    onInternalError: (error, operation) => logger.error(`${operation}: ${describe(error)}`),
  });

  // Listeners come last: nothing is taken in before it can be stored.
  const addresses: Record<string, string> = {};
  const authorize = requestAuthorizer(auth, sessions, 'send_logs');
  inputs = await startInputs(config, engine, origins, certificates, sockets, authorize, warn, onStop);
  for (const input of inputs) addresses[input.name] = input.address;
  const memory = new SenderMemory({
    inputs: () => inputs,
    write: (text) => writePrivateFile(path.join(dataDir, SENDERS_FILE), text),
    warn: (message) => logger.warnAtTimes(message),
  });
  onStop(() => memory.close());
  const known = await readFile(path.join(dataDir, SENDERS_FILE), 'utf8').catch(() => undefined);
  if (known !== undefined) memory.recall(known, Date.now());
  const silence = new SilenceCheck(() => inputs, events);
  onStop(() => Promise.resolve(silence.close()));
  const drainMs = config.shutdown.timeout * 1000;
  const tls = config.http.tls.cert === '' ? undefined : certificates.open('http', config.http.tls);
  const http = await listen('http.bind', config.http.bind, api.handle.bind(api), tls);
  if (http !== undefined) {
    http.requestTimeout = UPLOAD_LIMIT_MS;
    addresses.http = addressOf(http);
    onStop(() => closeApi(api, http, drainMs));
  }
  const health = new ServiceHealth({ store: logs, engine, queue, disk });
  onStop(() => Promise.resolve(health.close()));
  const management = createManagement({
    health: () => health.check(),
    registry: createServiceMetrics({
      inputs: () => inputs,
      engine: engine.counters,
      store: logs,
      forwarders,
      disk,
      certificates: () => certificates.list,
    }),
    onInternalError: (error, operation) => logger.error(`${operation}: ${describe(error)}`),
  });
  const managementServer = await listen(
    'management.bind',
    config.management.bind,
    management.handle.bind(management),
    config.management.tls.cert === '' ? undefined : certificates.open('management', config.management.tls),
  );
  if (managementServer !== undefined) {
    addresses.management = addressOf(managementServer);
    onStop(() => closeServer(managementServer, drainMs));
  }
  return { addresses, answering: () => logs.answering() };
}

/** A directory without what an earlier run may have left in it. */
async function emptyDirectory(directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  return directory;
}

async function firstStart(config: Config, auth: AuthStore, configStore: ConfigStore, logger: Logger): Promise<void> {
  const result = await bootstrapAuth(auth, {
    initialUser: config.auth.initial_user,
    initialPassword: config.auth.initial_password,
    resetUser: config.auth.reset_user,
    resetPassword: config.auth.reset_password,
    dataDir: config.data_dir,
  });
  result.warnings.forEach((warning) => logger.warn(warning));
  if (result.createdUser !== undefined) logger.info(`created the user ${result.createdUser}`);
  if (result.generatedPassword !== undefined) {
    const file = String(result.passwordFile);
    // The journal is kept, copied and read by more people than the file.
    logger.info(
      logger.isKept ? `its password is in ${file}` : `its password is ${result.generatedPassword} (also in ${file})`,
    );
  }
  if (result.resetUser !== undefined) logger.info(`set a new password for the user ${result.resetUser}`);
  await bootstrapConfig(configStore, { defaultFlow: defaultFlow() });
}

/** Keeps pipelines and allowed origins as they are stored: at the start, and before each change is acknowledged. */
async function followConfiguration(
  store: ConfigStore,
  engine: PipelineEngine,
  forwarders: ForwarderService,
  origins: OriginFilter,
  config: Config,
  logger: Logger,
): Promise<void> {
  const refreshPipelines = async (): Promise<void> => {
    const pipelines = new Map<string, unknown>();
    for (const { name, body } of await store.listItems('pipeline')) pipelines.set(name, parsedFlow(body));
    const transformers = new Map((await store.listItems('transformer')).map(({ name, body }) => [name, body]));
    const unavailable = engine.refresh({ pipelines, transformers, forwarders: forwarders.names });
    for (const [name, error] of unavailable) logger.warn(`pipeline ${name} is unavailable: ${error.message}`);
  };
  const refreshForwarders = async (): Promise<void> => {
    const names = await store.list('forwarder');
    // One at a time: a body that can't be decrypted concerns nobody else.
    const bodyOf = (name: string): Promise<string | Error | undefined> =>
      store.get('forwarder', name).then(
        (item) => item?.body,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
    const stored: StoredForwarder[] = [];
    for (const name of names) {
      const body = await bodyOf(name);
      if (body !== undefined) stored.push({ name, body });
    }
    const unavailable = forwarders.refresh(stored);
    for (const [name, error] of unavailable) logger.warn(`forwarder ${name} is unavailable: ${error.message}`);
    await refreshPipelines();
  };
  const refreshOrigins = async (): Promise<void> => {
    const { syslog_allowed_origins } = await store.systemConfiguration();
    origins.update(config.syslog.allowed_origins, syslog_allowed_origins);
  };
  // One after the other, so that an older state never replaces a newer one. One that waits sees all changes up to its begin.
  let last = Promise.resolve();
  const waiting = new Map<() => Promise<void>, Promise<void>>();
  store.onChange(({ kind }) => {
    const refresh =
      kind === 'system_configuration' ? refreshOrigins : kind === 'forwarder' ? refreshForwarders : refreshPipelines;
    const planned = waiting.get(refresh);
    if (planned !== undefined) return planned;
    last = last
      .catch(() => undefined)
      .then(() => {
        waiting.delete(refresh);
        return refresh();
      });
    waiting.set(refresh, last);
    return last;
  });
  await refreshForwarders();
  await refreshOrigins();
}

/** A flow that is no JSON any more makes its own pipeline unavailable, not the others. */
function parsedFlow(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

async function startInputs(
  config: Config,
  ingest: PipelineEngine,
  origins: OriginFilter,
  certificates: TlsCertificates,
  sockets: InheritedSockets,
  authorize: Authorize,
  warn: (message: string) => void,
  onStop: (stopPart: () => Promise<void>) => void,
): Promise<RunningInput[]> {
  const { syslog, otlp } = config;
  const inputs: RunningInput[] = [];
  const drainTimeoutMs = config.shutdown.timeout * 1000;
  const started = (input: RunningInput): void => {
    inputs.push(input);
    onStop(() => input.stop());
  };
  const shared = { ingest, warn, drainTimeoutMs };
  if (sockets.has('syslog_tls') && syslog.tls.cert === '') {
    warn(
      'a socket for syslog_tls was handed over, but there is no certificate for it (syslog.tls.cert): it is not used',
    );
  }
  await startSyslog(syslog, sockets, { ...shared, origins, certificates }, started);
  const otlpShared = {
    ...shared,
    pipelines: otlp.pipelines,
    maxBodyBytes: otlp.max_body_size,
    dedupeWindowMs: otlp.dedupe_window * 1000,
  };
  const otlpHttp = parseBind(otlp.http.bind);
  if (otlpHttp !== undefined) {
    const access = otlpAccess('otlp_http', otlp.http, certificates, authorize);
    const options = { ...otlpShared, ...otlpHttp, ...access, name: 'otlp_http' };
    started(await OtlpHttpListener.start(options).catch(because('otlp.http.bind', otlp.http.bind)));
  }
  const otlpGrpc = parseBind(otlp.grpc.bind);
  if (otlpGrpc !== undefined) {
    const access = otlpAccess('otlp_grpc', otlp.grpc, certificates, authorize);
    const options = { ...otlpShared, ...otlpGrpc, ...access, name: 'otlp_grpc' };
    started(await OtlpGrpcListener.start(options).catch(because('otlp.grpc.bind', otlp.grpc.bind)));
  }
  return inputs;
}

/** Where an input listens; a socket that was handed over takes the place of the address, also of "off". */
function bindOf(bind: string, descriptor: number | undefined): (Bind & { descriptor?: number }) | undefined {
  return descriptor === undefined ? parseBind(bind) : { host: undefined, port: 0, descriptor };
}

/** How an OTLP listener is protected. */
function otlpAccess(
  name: string,
  { tls, auth }: Config['otlp']['http'],
  certificates: TlsCertificates,
  authorize: Authorize,
): Pick<OtlpHttpListenerOptions, 'tls' | 'authorize'> {
  const certificate = tls.cert === '' ? undefined : certificates.open(name, tls);
  return {
    tls: certificate && { certificate, clientAuth: tls.client_auth },
    authorize: auth === 'token' ? authorize : undefined,
  };
}

/** The three listeners that have settings of their own, then those of the list. */
async function startSyslog(
  syslog: Config['syslog'],
  sockets: InheritedSockets,
  host: SyslogHost,
  started: (input: RunningInput) => void,
): Promise<void> {
  const { udp, tcp, tls, listeners } = syslog;
  const defaults: SyslogDefaults = { ...syslog, ...udp, ...tcp };
  const all: [key: string, SyslogListenerSettings, bind: string, descriptor?: number][] = [
    ['syslog.udp.bind', { name: 'syslog_udp', protocol: 'udp' }, udp.bind, sockets.get('syslog_udp')],
    ['syslog.tcp.bind', { name: 'syslog_tcp', protocol: 'tcp' }, tcp.bind, sockets.get('syslog_tcp')],
  ];
  if (tls.cert !== '') {
    const settings: SyslogListenerSettings = { name: 'syslog_tls', protocol: 'tls', ...tls };
    all.push(['syslog.tls.bind', settings, tls.bind, sockets.get('syslog_tls')]);
  }
  for (const listener of listeners) all.push([`syslog.listeners ${listener.name}`, listener, listener.bind]);
  for (const [key, settings, text, descriptor] of all) {
    const bind = bindOf(text, descriptor);
    if (bind !== undefined) {
      started(await startSyslogListener(settings, defaults, bind, host).catch(because(key, text)));
    }
  }
}

/** Makes of a listener's failure one that says what to do. */
function because(key: string, bind: string): (error: unknown) => never {
  return (error) => {
    throw listenError(key, bind, error);
  };
}

async function listen(
  key: string,
  bind: string,
  handle: RequestListener,
  certificate: TlsCertificate | undefined,
): Promise<Server | undefined> {
  const address = parseBind(bind);
  if (address === undefined) return undefined;
  let server: Server;
  if (certificate === undefined) {
    server = createServer(handle);
  } else {
    const tlsServer = createTlsServer(certificate.context, handle);
    certificate.attach(tlsServer);
    server = tlsServer;
  }
  server.listen(address);
  await once(server, 'listening').catch(because(key, bind));
  return server;
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

async function closeApi(api: Api, server: Server, drainMs: number): Promise<void> {
  // Watches end first: they would keep their connections open for ever.
  api.close();
  await closeServer(server, drainMs);
}

/** Requests in flight may end; what is not done in time is cut. */
async function closeServer(server: Server, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}

/** Said once for each time the disk fills. */
function reportSpace(low: boolean, { free }: Space, logger: Logger): void {
  const mib = Math.floor(free / 2 ** 20);
  if (low) logger.warn(`the disk is nearly full (${mib} MiB free): no records are taken until there is space`);
  else logger.info(`there is space again (${mib} MiB free): records are taken`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
