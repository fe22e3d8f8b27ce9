import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { CliError } from './cli-error';
import type { CliIo } from './cli-io';

/** Tokens are as good as passwords: nobody but their owner reads or changes the file. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const GROUP_AND_OTHERS = 0o077;

/** Far above the tokens of all servers that one person looks after. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Tokens by server, as `logweir login` left them: `$XDG_CONFIG_HOME/logweir/credentials.json`, by default below
 * `~/.config` (XDG Base Directory Specification, version 0.8). Absent where there is no home.
 */
export function credentialsFile({ env }: Pick<CliIo, 'env'>): string | undefined {
  // The specification: a path that is not absolute counts as not set.
  const configured = env['XDG_CONFIG_HOME'] ?? '';
  const home = env['HOME'] ?? '';
  const base = path.isAbsolute(configured) ? configured : home === '' ? '' : path.join(home, '.config');
  return base === '' ? undefined : path.join(base, 'logweir', 'credentials.json');
}

/** The token of a server. @throws CliError when others may read the file, or it is not ours */
export function savedToken(io: Pick<CliIo, 'env'>, api: string): string | undefined {
  const file = credentialsFile(io);
  return file === undefined ? undefined : readTokens(file).get(serverOf(api));
}

/** Keeps a token. @returns the file; undefined where there is no home to keep it in @throws CliError */
export function saveToken(io: Pick<CliIo, 'env'>, api: string, token: string): string | undefined {
  const file = credentialsFile(io);
  if (file === undefined) return undefined;
  const tokens = readTokens(file);
  tokens.set(serverOf(api), token);
  writeTokens(file, tokens);
  return file;
}

/** Forgets the token of a server; no error when there is none. @throws CliError */
export function forgetToken(io: Pick<CliIo, 'env'>, api: string): void {
  const file = credentialsFile(io);
  if (file === undefined) return;
  const tokens = readTokens(file);
  if (tokens.delete(serverOf(api))) writeTokens(file, tokens);
}

/** One spelling for one server. */
function serverOf(api: string): string {
  return URL.canParse(api) ? new URL(api).href.replace(/\/+$/, '') : api;
}

function readTokens(file: string): Map<string, string> {
  const tokens = new Map<string, string>();
  let text: string;
  try {
    const { mode, size } = statSync(file);
    if ((mode & GROUP_AND_OTHERS) !== 0) {
      throw new CliError(
        `${file} can be read by others; if nobody has: chmod 600 ${file}, else delete it and log in again`,
      );
    }
    if (size > MAX_FILE_BYTES) throw new CliError(`${file} is too large to be a file of tokens`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return tokens;
    throw error instanceof CliError ? error : new CliError(`cannot read ${file}: ${message}`);
  }
  for (const [server, token] of Object.entries(parseObject(text, file))) {
    if (typeof token === 'string') tokens.set(server, token);
  }
  return tokens;
}

function parseObject(text: string, file: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new CliError(`${file} is no file of tokens; delete it and log in again`);
}

/** As a whole or not at all: two logins at once leave one of the two, never half a file. */
function writeTokens(file: string, tokens: ReadonlyMap<string, string>): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: DIRECTORY_MODE });
    const descriptor = openSync(temporary, 'wx', FILE_MODE);
    try {
      // The mode of `open` is narrowed by the umask alone, never widened; this holds in any case.
      chmodSync(temporary, FILE_MODE);
      writeSync(descriptor, `${JSON.stringify(Object.fromEntries(tokens), undefined, 2)}\n`);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CliError(`cannot write ${file}: ${(error as Error).message}`);
  }
}
