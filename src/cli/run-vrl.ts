import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { DENIED_NETWORKS } from '../config';
import { ScriptNetwork } from '../network';
import {
  compile,
  fromJson,
  networkFunctions,
  toJson,
  VrlAbort,
  VrlCompileError,
  VrlRuntimeError,
  type NetworkHost,
  type Program,
} from '../vrl';
import { CliError, UsageError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { printable } from './printable';
import type { VrlOptions } from './vrl';

/** Longest line of input, in bytes: far above any record, and what is held of an endless one. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** The longest wait of a function that uses the network, in milliseconds. */
const NETWORK_TIMEOUT_MS = 5000;
/** Results kept before they are written, in characters: spares a write a line. */
const OUTPUT_CHUNK = 64 * 1024;

/** Runs a program over lines of JSON. @throws CliError when it does not compile, or failed on a line */
export async function runVrl(options: VrlOptions, io: CliIo): Promise<void> {
  const network =
    options.allowNetwork === true
      ? new ScriptNetwork({ timeoutMs: NETWORK_TIMEOUT_MS, policy: { allow: [], deny: DENIED_NETWORKS } })
      : undefined;
  try {
    const program = await compileFile(options, network, io);
    if (options.check === true) return;
    const run = new Run(program, options.printObject === true, io);
    for await (const line of lines(openInput(options.input, io))) await run.line(line);
    await run.end();
  } finally {
    await network?.close();
  }
}

async function compileFile(options: VrlOptions, network: NetworkHost | undefined, io: CliIo): Promise<Program> {
  const source = await readProgram(resolve(io.cwd, options.program));
  try {
    const program = compile(source, { timezone: options.timezone, functions: networkFunctions(network) });
    if (program.report !== '') await print(io.stderr, `${program.report}\n`);
    return program;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--timezone: ${error.message}`);
    if (!(error instanceof VrlCompileError)) throw error;
    await print(io.stderr, `${error.message}\n`);
    throw new CliError(`${options.program} does not compile`);
  }
}

async function readProgram(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(`${path} is not UTF-8 text`);
  }
}

function openInput(input: string, io: CliIo): Readable {
  return input === '-' ? io.stdin : createReadStream(resolve(io.cwd, input));
}

/** The lines of a stream without their ends, piece by piece. @throws CliError when one is too long, or reading fails */
async function* lines(input: Readable): AsyncGenerator<string, void> {
  const start: Buffer[] = [];
  let startLength = 0;
  const take = (end: Buffer): string => {
    const line = startLength === 0 ? end : Buffer.concat([...start, end]);
    start.length = startLength = 0;
    return line.toString('utf8');
  };
  try {
    for await (const piece of input as AsyncIterable<Buffer | string>) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
        yield take(chunk.subarray(from, end));
        from = end + 1;
      }
      if (from === chunk.length) continue;
      start.push(chunk.subarray(from));
      startLength += chunk.length - from;
      if (startLength > MAX_LINE_BYTES) throw new CliError(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    }
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(error);
  }
  if (startLength > 0) yield take(Buffer.alloc(0));
}

function unreadable(error: unknown): CliError {
  return new CliError(error instanceof Error ? error.message : String(error));
}

/** One program over many lines; failures are told as they come and counted. */
class Run {
  readonly #program: Program;
  readonly #printObject: boolean;
  readonly #io: CliIo;
  #number = 0;
  #failed = 0;
  #output = '';

  constructor(program: Program, printObject: boolean, io: CliIo) {
    this.#program = program;
    this.#printObject = printObject;
    this.#io = io;
  }

  async line(text: string): Promise<void> {
    this.#number++;
    if (text.trim() === '') return;
    try {
      const { value, event } = this.#program.run(fromJson(text));
      this.#output += `${toJson(this.#printObject ? event : value)}\n`;
    } catch (error) {
      await this.#tell(error);
    }
    if (this.#output.length >= OUTPUT_CHUNK) await this.#flush();
  }

  /** @throws CliError when a line failed */
  async end(): Promise<void> {
    await this.#flush();
    if (this.#failed > 0) throw new CliError(`failed on ${this.#failed} of ${this.#number} lines`);
  }

  async #tell(error: unknown): Promise<void> {
    if (error instanceof VrlAbort)
      return this.#say(error.message === 'aborted' ? error.message : `aborted: ${error.message}`);
    if (!(error instanceof SyntaxError) && !(error instanceof VrlRuntimeError)) throw error;
    this.#failed++;
    await this.#say(error instanceof VrlRuntimeError ? error.message : `not JSON: ${error.message}`);
  }

  /** What came before stands before it also where both streams are one terminal. */
  async #say(text: string): Promise<void> {
    await this.#flush();
    await print(this.#io.stderr, `line ${this.#number}: ${printable(text)}\n`);
  }

  async #flush(): Promise<void> {
    const output = this.#output;
    this.#output = '';
    if (output !== '') await print(this.#io.stdout, output);
  }
}
