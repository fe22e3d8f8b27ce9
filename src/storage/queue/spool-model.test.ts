import fs, { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { RecordBatch } from '../../record';
import type { NewDeadLetter, QueueEntry, QueueLimit, Settlement } from './delivery-queue';
import { QueueInspector } from './queue-inspector';
import type { QueueWriterOptions } from './queue-writer';
import { RowSet } from './row-set';
import { SqliteDeliveryQueue } from './sqlite-delivery-queue';
import { InProcessQueue } from './testing/in-process';

/** Random sequences of calls, failures and kills against a model that knows what must be there and what may be. */

const RUNS = 150;
const MAX_STEPS = 16;
/** A slow disk gets fewer runs. */
const MAX_MS = 15_000;
const NAMES = ['a', 'b', 'c'] as const;
const PLENTY: QueueLimit = { maxBytes: 1e9, whenFull: 'block' };
const MANY_BYTES = 1e9;
/** From so many rows on a batch is encoded as it comes. */
const LARGE_ROWS = 130;
/** A file with a head and nothing else. */
const EMPTY_FILE_BYTES = 64;

const MEMORY_FOLDER = '/dev/shm';

type Name = (typeof NAMES)[number];
type FsCall = (typeof FS_CALLS)[number];

const FS_CALLS = [
  'openSync',
  'writevSync',
  'fdatasyncSync',
  'fsyncSync',
  'ftruncateSync',
  'readSync',
  'readdirSync',
  'rmSync',
  'closeSync',
  'statSync',
] as const;

/** One call that fails, of those that the next step makes. */
type Fault =
  | { readonly kind: 'fs'; readonly call: FsCall; readonly skip: number }
  /** `before`: nothing is done; `after`: it is done, and the answer lost; `rolledBack`: SQLite ended the transaction by itself. */
  | { readonly kind: 'sql'; readonly when: 'before' | 'after' | 'rolledBack'; readonly skip: number };

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('fs' as const), call: fc.constantFrom(...FS_CALLS), skip: fc.nat(3) }),
  fc.record({
    kind: fc.constant('sql' as const),
    when: fc.constantFrom('before' as const, 'after' as const, 'rolledBack' as const),
    skip: fc.nat(12),
  }),
);

const name = fc.constantFrom(...NAMES);
const rows = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(LARGE_ROWS));
const pick = fc.record({
  entry: fc.nat(6),
  /** Which rows: those whose number it divides; 1 is all. */
  every: fc.integer({ min: 1, max: 3 }),
  dead: fc.boolean(),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      names: fc.uniqueArray(name, { minLength: 1 }),
      rows,
      batches: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      name,
      picks: fc.array(pick, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), name, keep: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay' as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), name, paused: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('moveStep', 'sweep', 'makeRoom', 'restart') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      torn: fc.option(fc.record({ name, rows, at: fc.nat() })),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const scenario = fc.record({
  segmentBytes: fc.constantFrom(1, 400, 20_000),
  maxSpoolBytes: fc.constantFrom(500, 3_000, 1e6),
  steps: fc.array(fc.record({ step, fault: fc.option(fault, { freq: 3 }) }), { maxLength: MAX_STEPS }),
});

/** A record that was appended, or a dead letter. */
interface Known {
  readonly id: string;
  /** Nobody was told that it is there, or that it is gone. */
  isUncertain: boolean;
}

interface QueueModel {
  /** In their order. */
  waiting: Known[];
  letters: Known[];
  paused: boolean | undefined;
}

class Run {
  readonly #limits: Partial<QueueWriterOptions>;
  readonly #model = new Map<Name, QueueModel>(NAMES.map((each) => [each, newModel()]));
  /** What each key stood for. */
  readonly #keys = new Map<string, string>();
  #directory = '';
  #queue: SqliteDeliveryQueue | undefined;
  #thread: InProcessQueue | undefined;
  #warnings: string[] = [];
  #hadFault = false;
  #clock = 1_000;
  #lastId = 0;

  constructor(limits: Partial<QueueWriterOptions>) {
    this.#limits = limits;
  }

  async start(): Promise<void> {
    this.#directory = fastDirectory();
    await this.#open();
  }

  async end(): Promise<void> {
    await this.#queue?.close();
  }

  /** Does a step, with a failure in it perhaps, and once more without when that made it fail. */
  async do(each: Step, planned: Fault | null): Promise<void> {
    const works = await this.#attempt(each, planned);
    await this.check();
    if (works) return;
    expect(await this.#attempt(each, null)).toBe(true);
    await this.check();
  }

  async #attempt(each: Step, planned: Fault | null): Promise<boolean> {
    if (planned !== null) {
      this.#hadFault = true;
      inject(planned);
    }
    try {
      return await this.#step(each);
    } finally {
      restore();
    }
  }

  /** Whether it worked. */
  async #step(each: Step): Promise<boolean> {
    switch (each.kind) {
      case 'append':
        return this.#append(each.names, each.rows, each.batches);
      case 'settle':
        return this.#settle(each.name, each.picks);
      case 'drop':
        return this.#drop(each.name, each.keep);
      case 'replay':
        return this.#replay(each.name);
      case 'pause':
        return this.#pause(each.name, each.paused);
      case 'restart':
        await this.#queue?.close();
        return this.#open();
      case 'kill':
        return this.#kill(each.torn);
      default:
        return works(this.#call(each.kind));
    }
  }

  async #open(): Promise<boolean> {
    this.#queue = undefined;
    this.#warnings = [];
    return works(
      SqliteDeliveryQueue.open({
        directory: this.#directory,
        maxPendingBytes: MANY_BYTES,
        onWarning: (message) => void this.#warnings.push(message),
        now: () => this.#clock++,
        caller: (file, options) => (this.#thread = new InProcessQueue(file, { ...options, ...this.#limits })),
      }).then((queue) => (this.#queue = queue)),
    );
  }

  get #opened(): SqliteDeliveryQueue {
    return this.#queue!;
  }

  #call(method: string): Promise<unknown> {
    return this.#thread!.call(method);
  }

  #of(queue: Name): QueueModel {
    return this.#model.get(queue)!;
  }

  #newBatch(count: number): RecordBatch {
    const ids = Array.from({ length: count }, () => String(++this.#lastId));
    return RecordBatch.from(ids.map((id) => ({ timestamp: 7, fields: { id, text: `text of ${id}` } })));
  }

  /** The same records go to several queues, as a pipeline sends them. */
  async #append(names: readonly Name[], count: number, batches: number): Promise<boolean> {
    const appends: { readonly queue: Name; readonly ids: string[]; readonly done: Promise<boolean> }[] = [];
    for (let i = 0; i < batches; i++) {
      const batch = this.#newBatch(count);
      const ids = [...batch.records()].map(({ fields }) => fields.id!);
      for (const queue of names) appends.push({ queue, ids, done: works(this.#opened.append(queue, batch, PLENTY)) });
      batch.letGo(names.length);
    }
    let all = true;
    for (const { queue, ids, done } of appends) {
      const isDone = await done;
      all &&= isDone;
      this.#of(queue).waiting.push(...ids.map((id) => ({ id, isUncertain: !isDone })));
    }
    return all;
  }

  /** Several settlements at once, about one entry perhaps: each says all that is known of it. */
  async #settle(queue: Name, picks: readonly { entry: number; every: number; dead: boolean }[]): Promise<boolean> {
    const entries = await this.#read(queue).catch(() => undefined);
    if (entries === undefined) return false;
    if (entries.length === 0) return true;
    const done = new Map<number, RowSet>();
    const changes: { change: Settlement; ids: string[] }[] = [];
    for (const { entry: index, every, dead } of picks) {
      const entry = entries[index % entries.length]!;
      const set = done.get(entry.id)?.copy() ?? new RowSet(entry.batch.length, entry.done);
      const chosen = Array.from({ length: entry.batch.length }, (_, row) => row).filter(
        (row) => row % every === 0 && !set.has(row),
      );
      if (chosen.length === 0) continue;
      for (const row of chosen) set.add(row);
      done.set(entry.id, set);
      const ids = chosen.map((row) => entry.batch.field(row, 'id')!);
      const remaining = entry.batch.length - set.size;
      changes.push({
        ids,
        change: {
          finished: remaining === 0 ? [entry.id] : [],
          progressed: remaining === 0 ? [] : [{ id: entry.id, done: set.toBytes(), remaining }],
          deadLetters: dead ? ids.map(letter) : [],
          maxDeadLetterBytes: MANY_BYTES,
        },
      });
    }
    // Settlements with dead letters go alone, the others share groups; a runner waits for the one before.
    const groups = picks.some(({ dead }) => dead) ? changes.map((each) => [each]) : [changes];
    for (const group of groups) {
      const noted = await Promise.all(group.map(({ change }) => works(this.#opened.settle(queue, change))));
      for (const [index, isNoted] of noted.entries()) this.#settled(queue, group[index]!, isNoted);
      if (!noted.includes(false)) continue;
      await this.check();
      // Whoever settles tells it again, just as it was, until it is noted.
      for (const each of group) {
        expect(await works(this.#opened.settle(queue, each.change))).toBe(true);
        this.#settled(queue, each, true);
      }
    }
    return true;
  }

  #settled(
    queue: Name,
    { change, ids }: { readonly change: Settlement; readonly ids: readonly string[] },
    isNoted: boolean,
  ): void {
    const model = this.#of(queue);
    if (isNoted) model.waiting = model.waiting.filter(({ id }) => !ids.includes(id));
    else for (const each of model.waiting) if (ids.includes(each.id)) each.isUncertain = true;
    if (change.deadLetters.length === 0) return;
    model.letters = model.letters.filter(({ id }) => !ids.includes(id));
    model.letters.push(...ids.map((id) => ({ id, isUncertain: !isNoted })));
  }

  async #drop(queue: Name, keepDeadLetters: boolean): Promise<boolean> {
    const model = this.#of(queue);
    if (await works(this.#opened.drop(queue, { keepDeadLetters }))) {
      model.waiting = [];
      if (!keepDeadLetters) model.letters = [];
      return true;
    }
    for (const each of model.waiting) each.isUncertain = true;
    if (!keepDeadLetters) for (const each of model.letters) each.isUncertain = true;
    return false;
  }

  async #replay(queue: Name): Promise<boolean> {
    const model = this.#of(queue);
    const before = model.letters;
    if (await works(this.#opened.replay(queue, 'all'))) {
      model.letters = [];
      // What a lost answer has replayed before is where it was put then.
      const again = new Set(before.map(({ id }) => id));
      const still = model.waiting.filter(({ id, isUncertain }) => again.has(id) && isUncertain);
      if (still.length === 0) model.waiting.push(...before.map(({ id }) => ({ id, isUncertain: false })));
      else for (const each of still) each.isUncertain = false;
      return true;
    }
    if (!before.every(({ isUncertain }) => isUncertain)) {
      model.waiting.push(...before.map(({ id }) => ({ id, isUncertain: true })));
      for (const each of before) each.isUncertain = true;
    }
    return false;
  }

  async #pause(queue: Name, paused: boolean): Promise<boolean> {
    const isDone = await works(this.#opened.setPaused(queue, paused));
    this.#of(queue).paused = isDone ? paused : undefined;
    return isDone;
  }

  /** A copy of what is on disk at a moment between calls, or within one that appends, is all that is left. */
  async #kill(torn: { name: Name; rows: number; at: number } | null | undefined): Promise<boolean> {
    const before = new Map(this.#files().map((file) => [path.basename(file), statSync(file).size]));
    if (torn !== null && torn !== undefined) {
      const batch = this.#newBatch(torn.rows);
      if (await works(this.#opened.append(torn.name, batch, PLENTY))) {
        const ids = [...batch.records()].map(({ fields }) => fields.id!);
        this.#of(torn.name).waiting.push(...ids.map((id) => ({ id, isUncertain: true })));
      }
    }
    const copy = fastDirectory();
    restore();
    cpSync(this.#directory, copy, { recursive: true });
    rmSync(path.join(copy, 'queue.db-shm'), { force: true });
    await this.#queue?.close();
    this.#directory = copy;
    const newest = this.#files().at(-1);
    if (torn !== null && torn !== undefined && newest !== undefined) {
      const { size } = statSync(newest);
      // A file is whole with its head and its name before anything is written to it.
      const from = before.get(path.basename(newest)) ?? EMPTY_FILE_BYTES;
      if (size > from) truncateSync(newest, from + (torn.at % (size - from)));
    }
    return this.#open();
  }

  #files(): string[] {
    const folder = path.join(this.#directory, 'queue-spool');
    return readdirSync(folder)
      .sort()
      .map((file) => path.join(folder, file));
  }

  async #read(queue: Name): Promise<QueueEntry[]> {
    const all: QueueEntry[] = [];
    for (let afterId = 0; ;) {
      const entries = await this.#opened.read(queue, afterId, 600);
      if (entries.length === 0) return all;
      for (const entry of entries) {
        expect(entry.id).toBeGreaterThan(afterId);
        afterId = entry.id;
        all.push(entry);
      }
    }
  }

  /** What must be there is, what may be there and what is told of it agree. */
  async check(): Promise<void> {
    restore();
    if (this.#queue === undefined) return;
    for (const queue of NAMES) {
      const { waiting, letters, paused } = this.#of(queue);
      const entries = await this.#read(queue);
      const found: string[] = [];
      for (const { key, batch, done } of entries) {
        const gone = new RowSet(batch.length, done);
        const ids = [...batch.records()].map(({ fields }) => fields.id!);
        found.push(...ids.filter((_id, row) => !gone.has(row)));
        const content = ids.join();
        expect([key, this.#keys.get(key) ?? content]).toEqual([key, content]);
        this.#keys.set(key, content);
      }
      expectAmong(found, waiting);
      const page = await this.#opened.deadLetters(queue, 0, 100_000);
      const dead = page.letters.map(({ fields }) => fields.id!);
      expectAmong([...dead].sort(), [...letters].sort(byId));
      expect(dead.filter((id) => found.includes(id))).toEqual([]);
      const stats = this.#opened.stats(queue);
      const oldestAt = entries.length === 0 ? undefined : Math.min(...entries.map(({ appendedAt }) => appendedAt));
      expect(stats).toMatchObject({ records: found.length, deadLetters: dead.length, oldestAt });
      if (paused !== undefined) expect(stats.paused).toBe(paused);
      if (found.length === 0) expect(stats.bytes).toBe(0);
      expect(this.#opened.drops(queue)).toEqual({ oldest: 0, deadLetters: 0, damaged: 0 });
    }
    if (!this.#hadFault) expect(this.#warnings).toEqual([]);
  }

  /** Somebody who only reads sees the same. */
  async inspect(): Promise<void> {
    const inspector = await QueueInspector.open(path.join(this.#directory, 'queue.db'));
    try {
      for (const { name: queue, records, bytes, oldest, deadLetters } of await inspector.queues()) {
        await this.#opened.read(queue, 0, 1);
        const stats = this.#opened.stats(queue);
        expect({ queue, records, bytes, oldestAt: oldest, deadLetters }).toMatchObject({
          queue,
          records: stats.records,
          bytes: stats.bytes,
          oldestAt: stats.oldestAt,
          deadLetters: stats.deadLetters,
        });
        const seen: string[] = [];
        for await (const entry of inspector.entries(queue)) {
          expect(entry.problem).toBeUndefined();
          if (entry.problem === undefined) seen.push(...entry.records.map(({ fields }) => fields.id!));
        }
        expectAmong(seen, this.#of(queue as Name).waiting);
        expect(seen).toHaveLength(records);
      }
    } finally {
      await inspector.close();
    }
  }

  /** When all is delivered nothing but one small file is left. */
  async drain(): Promise<void> {
    for (const queue of NAMES) {
      const finished = (await this.#read(queue)).map(({ id }) => id);
      await this.#opened.settle(queue, { finished, progressed: [], deadLetters: [], maxDeadLetterBytes: MANY_BYTES });
      expect(this.#opened.stats(queue)).toMatchObject({ records: 0, bytes: 0, oldestAt: undefined });
    }
    while (await this.#call('sweep'));
    await this.#opened.close();
    await this.#open();
    const files = this.#files();
    // The one with the last notes, and the one that is written now.
    expect(files.length).toBeLessThanOrEqual(2);
    for (const queue of NAMES) expect(this.#opened.stats(queue)).toMatchObject({ records: 0, bytes: 0 });
    expect(statSync(files.at(-1)!).size).toBe(EMPTY_FILE_BYTES);
  }
}

const made: string[] = [];

/** In memory where that is possible: what is tested here is not the disk. */
function fastDirectory(): string {
  const directory = mkdtempSync(path.join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : os.tmpdir(), 'logweir-test-'));
  made.push(directory);
  return directory;
}

function removeDirectories(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}

function newModel(): QueueModel {
  return { waiting: [], letters: [], paused: false };
}

function letter(id: string): NewDeadLetter {
  return { at: 5, attempts: 2, reason: 'refused', timestamp: 7, fields: { id } };
}

function byId(a: Known, b: Known): number {
  return a.id < b.id ? -1 : 1;
}

/** All that is certain, in its order, and nothing that is unknown. */
function expectAmong(found: readonly string[], known: readonly Known[]): void {
  let at = 0;
  const missing: string[] = [];
  for (const { id, isUncertain } of known) {
    if (found[at] === id) at++;
    else if (!isUncertain) missing.push(id);
  }
  expect({ missing, unknown: found.slice(at) }).toEqual({ missing: [], unknown: [] });
}

async function works(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise;
    return true;
  } catch (error) {
    if (!isInjected(error)) throw error;
    return false;
  }
}

const INJECTED = 'injected';

function isInjected(error: unknown): boolean {
  return (error as Error).message.includes(INJECTED);
}

function restore(): void {
  jest.restoreAllMocks();
}

/** Makes one call fail. */
function inject(planned: Fault): void {
  let left = planned.skip;
  let hit = false;
  const isDue = (): boolean => {
    if (hit || left-- > 0) return false;
    hit = true;
    return true;
  };
  if (planned.kind === 'fs') {
    const original = fs[planned.call] as (...args: unknown[]) => unknown;
    jest.spyOn(fs, planned.call as 'openSync').mockImplementation((...args: unknown[]) => {
      if (isDue()) throw Object.assign(new Error(`EIO: ${INJECTED}`), { code: 'EIO', syscall: planned.call });
      return original(...args) as never;
    });
  } else {
    const client = SqliteClient.prototype;
    const original = client._query;
    jest.spyOn(client, '_query').mockImplementation(async function (this: unknown, connection, query) {
      const isBegin = /^BEGIN/i.test(query.sql);
      const isRollback = /^ROLLBACK/i.test(query.sql);
      if (isRollback || !isDue()) return original.call(this, connection, query);
      if (planned.when === 'after') await original.call(this, connection, query);
      else if (connection.inTransaction && (planned.when === 'rolledBack' || /^COMMIT/i.test(query.sql))) {
        connection.exec('ROLLBACK');
      }
      if (isBegin && planned.when === 'after') connection.exec('ROLLBACK');
      throw Object.assign(new Error(`disk I/O error: ${INJECTED}`), { code: 'SQLITE_IOERR' });
    });
  }
}

/** What Knex runs its statements with. */
const SqliteClient = jest.requireActual<{
  readonly prototype: { _query: (connection: Connection, query: Query) => Promise<unknown> };
}>('knex/lib/dialects/better-sqlite3');

interface Connection {
  readonly inTransaction: boolean;
  exec(sql: string): void;
}

interface Query {
  readonly sql: string;
}

afterEach(() => {
  restore();
  removeDirectories();
});

test(
  'whatever is called, fails or is killed: what was acknowledged is there, once, in its order',
  async () => {
    const deadline = performance.now() + MAX_MS;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, ...limits }) => {
        if (performance.now() > deadline) return;
        const run = new Run(limits);
        try {
          await run.start();
          for (const { step: each, fault: planned } of steps) await run.do(each, planned);
          await run.inspect();
          await run.drain();
        } finally {
          restore();
          await run.end().catch(() => undefined);
          removeDirectories();
        }
      }),
      { numRuns: RUNS },
    );
  },
  3 * MAX_MS,
);
