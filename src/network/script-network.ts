import { isIP } from 'node:net';
import {
  classCode,
  kindOf,
  readDnsAnswer,
  recordTypeCode,
  type HttpRequest,
  type NetworkHost,
  type VrlArray,
  type VrlObject,
  type VrlValue,
} from '../vrl';
import { AnswerCache } from './answer-cache';
import { BlockingWorker } from './blocking-worker';
import type { NetworkAnswer, NetworkRequest } from './messages';

export interface ScriptNetworkOptions {
  /** The longest that one call holds up the calling thread, in milliseconds. */
  readonly timeoutMs: number;
  /** Where HTTP requests and name servers that a script names may be: the forwarders' destination policy. */
  readonly policy: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  /** Milliseconds of a clock that runs evenly; for tests. */
  readonly now?: () => number;
}

const SECOND_MS = 1000;
/** A name without records, or an address without a name, is asked for again after this. */
const NOTHING_MS = 10 * SECOND_MS;
/** Names of addresses come without a time to live. */
const REVERSE_MS = 60 * SECOND_MS;
/** Longest that an answer is kept, whatever its time to live. */
const MAX_TTL_SECONDS = 3600;
/** Who gave no answer is not waited for again so soon: otherwise every record would wait for the full time. */
const SILENT_MS = 5 * SECOND_MS;
/** Tries of each name server, unless the script says otherwise. */
const DEFAULT_ATTEMPTS = 2;
const MAX_ATTEMPTS = 10;

type Answered<T> = { readonly value: T } | { readonly problem: string };

/**
 * Access to the network for scripts. Every call stands still until its answer is there, at most for the time that the
 * options give: whoever runs scripts on the thread that takes in records holds it up for so long.
 */
export class ScriptNetwork implements NetworkHost {
  readonly #worker: BlockingWorker;
  readonly #timeoutMs: number;
  readonly #answers: AnswerCache<Answered<VrlValue>>;

  constructor({ timeoutMs, policy, now = () => performance.now() }: ScriptNetworkOptions) {
    this.#worker = new BlockingWorker(policy);
    this.#timeoutMs = timeoutMs;
    this.#answers = new AnswerCache(now);
  }

  dnsLookup(name: string, typeName: string, className: string, options: VrlObject): VrlObject {
    const type = recordTypeCode(typeName);
    if (type === undefined) throw new Error(`invalid query type ${JSON.stringify(typeName)}`);
    const queryClass = classCode(className);
    if (queryClass === undefined) throw new Error(`invalid query class ${JSON.stringify(className)}`);
    const request = {
      kind: 'dns',
      query: { name, type, class: queryClass, recurse: flagOf(options, 'recurse', true) },
      servers: serversOf(options),
      attempts: countOf(options, 'attempts', DEFAULT_ATTEMPTS, MAX_ATTEMPTS),
      tcp: flagOf(options, 'tcp', false),
    } as const;
    const seconds = countOf(options, 'timeout', Infinity, Infinity);
    const value = this.#answerTo(JSON.stringify(request), request, Math.min(seconds * SECOND_MS, this.#timeoutMs), {
      read: (answer) => readDnsAnswer(bytesOf(answer)),
      keptMs: (message) => goodForMs(message as VrlObject),
    });
    return value as VrlObject;
  }

  reverseDns(address: string): string {
    if (isIP(address) === 0) throw new Error('unable to parse IP address: invalid IP address syntax');
    const value = this.#answerTo(`reverse ${address}`, { kind: 'reverse', address }, this.#timeoutMs, {
      read: textOf,
      keptMs: () => REVERSE_MS,
    });
    return value as string;
  }

  httpRequest({ url, method, headers, body, httpProxy, httpsProxy }: HttpRequest): string {
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (target === undefined) throw new Error(`${JSON.stringify(url)} is no URL`);
    const proxy = target.protocol === 'https:' ? httpsProxy : httpProxy;
    const request = {
      kind: 'http',
      url: target.href,
      method,
      headers: Object.fromEntries(headers),
      body,
      proxy,
    } as const;
    const value = this.#answerTo(`http ${target.origin} ${proxy ?? ''}`, request, this.#timeoutMs, {
      read: textOf,
      keptMs: () => 0,
    });
    return value as string;
  }

  /** Ends the thread that makes the connections. */
  async close(): Promise<void> {
    await this.#worker.close();
  }

  #answerTo(
    key: string,
    request: NetworkRequest,
    timeoutMs: number,
    use: { readonly read: (answer: NetworkAnswer) => VrlValue; readonly keptMs: (value: VrlValue) => number },
  ): VrlValue {
    const known = this.#answers.get(key);
    if (known !== undefined) return resultOf(known);
    const answer = this.#ask(key, request, timeoutMs);
    if ('problem' in answer) {
      if (request.kind === 'reverse') this.#answers.set(key, answer, NOTHING_MS);
      throw new Error(answer.problem);
    }
    const value = use.read(answer);
    this.#answers.set(key, { value }, use.keptMs(value));
    return value;
  }

  #ask(key: string, request: NetworkRequest, timeoutMs: number): NetworkAnswer {
    const started = performance.now();
    try {
      const answer = this.#worker.call(request, timeoutMs);
      const waitedInVain = 'problem' in answer && performance.now() - started >= timeoutMs / 2;
      if (waitedInVain) this.#answers.set(key, answer, SILENT_MS);
      return answer;
    } catch (error) {
      this.#answers.set(key, { problem: (error as Error).message }, SILENT_MS);
      throw error;
    }
  }
}

function resultOf(answered: Answered<VrlValue>): VrlValue {
  if ('problem' in answered) throw new Error(answered.problem);
  return answered.value;
}

function textOf(answer: NetworkAnswer): string {
  return (answer as { readonly text: string }).text;
}

function bytesOf(answer: NetworkAnswer): Uint8Array {
  return (answer as { readonly bytes: Uint8Array }).bytes;
}

/** How long an answer may be kept: as long as the first of its records that runs out. */
function goodForMs(message: VrlObject): number {
  const seconds = (message['answers'] as VrlArray).map((record) => Number((record as VrlObject)['ttl']));
  if (seconds.length === 0) return NOTHING_MS;
  return Math.min(...seconds, MAX_TTL_SECONDS) * SECOND_MS;
}

function flagOf(options: VrlObject, name: string, fallback: boolean): boolean {
  const value = options[name] ?? fallback;
  if (typeof value !== 'boolean') throw wrongOption(name, 'boolean', value);
  return value;
}

function countOf(options: VrlObject, name: string, fallback: number, max: number): number {
  const value = options[name] ?? fallback;
  if (typeof value !== 'number' || value < 1) throw wrongOption(name, 'positive integer', value);
  return Math.min(value, max);
}

function serversOf(options: VrlObject): string[] {
  const value = options['servers'] ?? [];
  if (!Array.isArray(value)) throw wrongOption('servers', 'array', value);
  return value.map((server) => {
    if (typeof server !== 'string') throw wrongOption('servers', 'array of strings', server);
    return server;
  });
}

function wrongOption(name: string, wanted: string, value: VrlValue): Error {
  return new Error(`option ${name}: expected ${wanted}, got ${kindOf(value)}`);
}
