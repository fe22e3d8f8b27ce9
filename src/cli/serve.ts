import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import type { Config, ConfigFlags } from '../config';
import { errorText } from '../config/error-text';
import { Logger } from '../logger';
import type { RunningServer, ServerOptions, startServer } from '../server';
import {
  asErrorLines,
  inheritedSockets,
  InheritedSocketError,
  isJournal,
  notifierFor,
  Watchdog,
  watchdogInterval,
  type Notifier,
} from '../service';
import { print, type CliIo } from './cli-io';
import { addConfigOptions, loadCliConfig } from './config-options';
import { EXIT_CODE } from './exit-code';
import { packageVersion } from './package-version';
import { StopSignals, type SignalTarget } from './stop-signals';

/** What the command needs of the process and of `src/server.ts`. */
export interface ServeHost {
  readonly startServer: (config: Config, options: ServerOptions) => Promise<RunningServer>;
  readonly signals: SignalTarget;
  readonly exit: (code: number) => void;
  /** How the service manager is told about the state; undefined when there is none. */
  readonly notifier: (env: CliIo['env'], warn: (message: string) => void) => Notifier | undefined;
}

/** Added to `shutdown.timeout` before a stop that hangs is cut short; in milliseconds. */
const STOP_GRACE_MS = 5_000;
/**
 * A heap grows by so much of what is in use before it is collected, in percent. By its own judgement the engine lets it grow to four
 * times that, in each thread; the CPU time a record is the same (bench/ingest.js), the memory at full load a fifth less.
 */
const HEAP_GROWING_PERCENT = 50;
/** Files and folders are for the service's user alone: they hold logs, hashes and keys. */
const UMASK = 0o077;

const DEFAULT_HOST: ServeHost = {
  startServer(config, options) {
    // Loaded here and not above: the other commands do without the server and start in a fraction of the time.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const server = require('../server') as { startServer: typeof startServer };
    return server.startServer(config, options);
  },
  signals: process,
  exit: (code) => process.exit(code),
  notifier: notifierFor,
};

export function addServeCommand(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const command = program.command('serve').description('run the server until SIGTERM or SIGINT');
  addConfigOptions(command).action(async (flags: ConfigFlags) => setExitCode(await serve(flags, io)));
}

/**
 * Runs the server until the first SIGTERM or SIGINT, then stops it; a second signal ends the process at once.
 *
 * @returns the exit code: 0 after a clean stop, 1 when the server could not start or stop
 * @throws ConfigError before anything is started
 */
export async function serve(flags: ConfigFlags, io: CliIo, host: ServeHost = DEFAULT_HOST): Promise<number> {
  // Before any pattern of a user is compiled: a pattern that backtracks too much goes on in linear time.
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const { config, warnings } = loadCliConfig(flags, io);
  process.umask(UMASK);
  const write = (line: string): void => void io.stdout.write(`${line}\n`);
  const logger = new Logger({ ...config.log, write, journal: isJournal(process.stdout.fd, io.env) });
  for (const warning of warnings) logger.warn(warning);

  const notifier = host.notifier(io.env, (message) => logger.warnAtTimes(message));
  const signals = new StopSignals({ target: host.signals, exit: host.exit, now: () => performance.now() });
  let server: RunningServer | undefined;
  let watchdog: Watchdog | undefined;
  const reload = (): void => {
    if (server !== undefined) reloadSettings(server, flags, io, logger, notifier);
  };
  host.signals.on('SIGHUP', reload);
  try {
    server = await host.startServer(config, { logger, sockets: inheritedSockets(io.env, process.pid) });
    const ready = `ready: ${addressList(server.addresses)}`;
    logger.info(`logweir ${packageVersion()} is ${ready}`);
    notifier?.ready(ready);
    watchdog = startWatchdog(server, io.env, notifier);
    const signal = await signals.first;
    logger.info(`${signal}: stopping`);
    notifier?.stopping();
    return await stop(server, config, io);
  } catch (error) {
    await print(
      io.stderr,
      asErrorLines(`logweir cannot start: ${errorText(error)}${adviceFor(error, config)}\n`, io.env),
    );
    if (config.log.level === 'debug' && error instanceof Error) await print(io.stderr, `${error.stack ?? ''}\n`);
    return error instanceof InheritedSocketError ? EXIT_CODE.config : EXIT_CODE.failure;
  } finally {
    watchdog?.stop();
    host.signals.off('SIGHUP', reload);
    signals.release();
  }
}

/** What to do about damaged data, in a line of its own. */
function adviceFor(error: unknown, { data_dir }: Config): string {
  // By its code: the storage is loaded with the server alone.
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'CORRUPT_DATA') return '';
  return `\nlogweir doctor --data-dir ${data_dir} says what can be done`;
}

function startWatchdog(server: RunningServer, env: CliIo['env'], notifier: Notifier | undefined): Watchdog | undefined {
  const intervalMs = watchdogInterval(env, process.pid);
  if (intervalMs === undefined || notifier === undefined) return undefined;
  return new Watchdog({ intervalMs, answering: () => server.answering(), alive: () => notifier.alive() });
}

/** Takes over what may change while the server runs: certificates and the log's level. A mistake changes nothing. */
function reloadSettings(
  server: RunningServer,
  flags: ConfigFlags,
  io: CliIo,
  logger: Logger,
  notifier: Notifier | undefined,
): void {
  notifier?.reloading();
  try {
    const { level } = loadCliConfig(flags, io).config.log;
    if (level !== logger.level) logger.info(`SIGHUP: log.level is ${level} now`);
    logger.level = level;
  } catch (error) {
    logger.warn(`SIGHUP: the configuration cannot be used, the one before stays: ${errorText(error)}`);
  }
  server.reloadCertificates();
  notifier?.ready(`ready: ${addressList(server.addresses)}`);
}

async function stop(server: RunningServer, config: Config, io: CliIo): Promise<number> {
  const limit = config.shutdown.timeout * 1000 + STOP_GRACE_MS;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limit} ms`)), limit);
  });
  try {
    await Promise.race([server.stop(), timeout]);
    return EXIT_CODE.ok;
  } catch (error) {
    await print(io.stderr, asErrorLines(`logweir did not stop cleanly: ${errorText(error)}\n`, io.env));
    return EXIT_CODE.failure;
  } finally {
    clearTimeout(timer);
  }
}

function addressList(addresses: Readonly<Record<string, string>>): string {
  return Object.entries(addresses)
    .map(([name, address]) => `${name}=${address}`)
    .join(' ');
}
