import type { RecordBatch } from '../record';
import { StorageError } from '../storage/errors';
import { commitWrites, type CommitTargets, type StreamStore } from './commit';
import { compileFlow, type CompiledPipeline } from './compile-flow';
import type { FilterCompiler, ForwarderSink, TransformerCompiler } from './compilers';
import { EngineCounters, PipelineCounters } from './counters';
import { DefinitionScope, NO_DEFINITIONS, TransformerCache, type Definitions } from './definitions';
import { dryRun, type DryRunResult } from './dry-run';
import { PipelineError, describeProblems, type FlowProblem } from './errors';
import { FlowProblems } from './flow-problems';
import type { FlowGraph } from './graph';
import { batchBytes, DEFAULT_IN_FLIGHT_LIMITS, InFlight, type InFlightLimits } from './in-flight';
import type { Entrypoint, Ingest, IngestOutcome } from './ingest';
import type { CompiledNode } from './node-kind';
import { readFlow } from './parse-flow';
import { missingEntrypoint, PipelineRun, type FindPipeline, type RunResult } from './pipeline-run';
import { buildState, type PipelineState } from './pipeline-state';
import { validateCalls, validateFlow } from './validate';

/** What the engine is made of. */
export interface EngineOptions {
  readonly store: StreamStore;
  readonly forwarders: ForwarderSink;
  readonly compileFilter: FilterCompiler;
  readonly compileTransformer: TransformerCompiler;
  readonly limits?: InFlightLimits;
}

/** A flow that may be saved. */
export interface ValidFlow {
  /** The flow in the current version. */
  readonly flow: FlowGraph;
  /** What looks like a mistake and still runs. */
  readonly warnings: readonly FlowProblem[];
}

/** All pipelines of one moment. A new one takes its place as a whole; batches in flight keep the one they began with. */
interface PipelineSet {
  readonly states: ReadonlyMap<string, PipelineState>;
  readonly find: FindPipeline;
  readonly takers: Readonly<Record<Entrypoint, readonly string[]>>;
}

/**
 * Runs batches of records through pipelines.
 *
 * A pipeline is compiled when it changes, never while records run; one that does not compile takes no other down. A batch
 * is run to its end at once, then everything that came out of it is written at once and waited for.
 *
 * @example
 * const engine = new PipelineEngine({ store, forwarders, compileFilter, compileTransformer });
 * engine.refresh({ pipelines: new Map([['default', flow]]), transformers: new Map(), forwarders: new Set() });
 * await engine.ingest('default', 'direct', batch);
 */
export class PipelineEngine implements Ingest {
  /** Live figures, for metrics. They go on when a pipeline is compiled anew. */
  readonly counters = new EngineCounters();
  readonly #options: EngineOptions;
  readonly #targets: CommitTargets;
  readonly #transformers: TransformerCache;
  readonly #inFlight: InFlight;
  #definitions: Definitions = NO_DEFINITIONS;
  #set: PipelineSet = newSet(new Map());
  #waiting: (() => void)[] = [];
  #waitsForStore = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#targets = { store: options.store, forwarders: options.forwarders };
    this.#transformers = new TransformerCache(options.compileTransformer);
    this.#inFlight = new InFlight(options.limits ?? DEFAULT_IN_FLIGHT_LIMITS);
  }

  /**
   * Takes over new definitions, all at once: compiles what has changed, then swaps. Call it at start and after each change.
   *
   * @returns why pipelines are unavailable, by name
   */
  refresh(definitions: Definitions): Map<string, PipelineError> {
    const states = new Map<string, PipelineState>();
    const unavailable = new Map<string, PipelineError>();
    for (const name of definitions.pipelines.keys()) {
      const counters = this.counters.pipeline(name);
      const state = buildState(name, definitions, this.#scope(name, definitions), counters, this.#set.states.get(name));
      states.set(name, state);
      if (state.outcome instanceof PipelineError) unavailable.set(name, state.outcome);
    }
    for (const name of this.counters.pipelines.keys()) {
      if (!states.has(name)) this.counters.pipelines.delete(name);
    }
    this.#transformers.keepOnly(definitions.transformers.values());
    this.#definitions = definitions;
    this.#set = newSet(states);
    return unavailable;
  }

  /**
   * Checks a flow before it is saved under a name, with all that it refers to.
   *
   * @throws PipelineError `INVALID_FLOW` with every problem
   */
  validate(name: string, value: unknown): ValidFlow {
    const problems = new FlowProblems();
    const flow = readFlow(value, problems);
    validateFlow(flow, this.#scope(name, this.#definitions), problems);
    const { states } = this.#set;
    validateCalls(name, flow, (other) => states.get(other)?.calls ?? [], problems);
    if (problems.errors.length > 0) {
      const text = `invalid flow: ${describeProblems(problems.errors)}`;
      throw new PipelineError('INVALID_FLOW', text, { problems: problems.errors });
    }
    return { flow, warnings: problems.warnings };
  }

  /**
   * Takes records through a flow, saved or not, from its direct source, without any effect. A flow that is not valid is
   * part of the answer.
   *
   * @param name the pipeline that the flow is meant for; it need not exist
   */
  dryRun(name: string, value: unknown, records: readonly Readonly<Record<string, string>>[]): DryRunResult {
    let flow: FlowGraph;
    try {
      flow = this.validate(name, value).flow;
    } catch (error) {
      if (error instanceof PipelineError) return { trace: null, error: error.message };
      throw error;
    }
    const scope = this.#scope(name, this.#definitions);
    return dryRun(compileFlow(name, flow, scope, new PipelineCounters()), records);
  }

  /** Whether there is a pipeline of this name, available or not. */
  has(pipeline: string): boolean {
    return this.#set.states.has(pipeline);
  }

  /** Why a pipeline is unavailable; undefined when it is available or doesn't exist. */
  unavailableReason(pipeline: string): PipelineError | undefined {
    const outcome = this.#set.find(pipeline);
    return outcome instanceof PipelineError ? outcome : undefined;
  }

  ingest(name: string, entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome> {
    return this.ingestInto([name], entrypoint, batch);
  }

  async ingestInto(names: readonly string[], entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome> {
    const set = this.#set;
    // All of them before the first one runs: none has an effect when one cannot.
    for (const name of names) {
      const pipeline = set.find(name);
      if (pipeline === undefined) throw unknownPipeline(name);
      if (pipeline instanceof PipelineError) throw pipeline;
      if (pipeline.sources[entrypoint] === undefined) {
        throw new PipelineError('MISSING_ENTRYPOINT', missingEntrypoint(name, entrypoint));
      }
    }
    if (batch.length === 0) return NOTHING_LOST;
    this.#refuseWhenSaturated(batch);

    const run = new PipelineRun(set.find);
    for (const name of names) {
      const pipeline = set.find(name) as CompiledPipeline;
      run.run(pipeline, pipeline.sources[entrypoint] as CompiledNode, batch);
    }
    await this.#commit(run, batch);
    return outcomeOf(run, batch.length);
  }

  async ingestAll(entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome> {
    if (batch.length === 0) return NOTHING_LOST;
    const set = this.#set;
    const takers = set.takers[entrypoint];
    if (takers.length === 0) {
      this.counters.unclaimed[entrypoint] += batch.length;
      return { failed: 0, discarded: 0, unclaimed: batch.length };
    }
    this.#refuseWhenSaturated(batch);

    const run = new PipelineRun(set.find);
    for (const name of takers) {
      const pipeline = set.find(name) as CompiledPipeline | PipelineError;
      if (pipeline instanceof PipelineError) {
        run.runUnavailable(name, this.counters.pipeline(name), pipeline, batch);
      } else {
        const source = pipeline.sources[entrypoint];
        if (source !== undefined) run.run(pipeline, source, batch);
      }
    }
    await this.#commit(run, batch);
    return outcomeOf(run, batch.length);
  }

  async offerTo(pipelines: readonly string[], entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome> {
    if (batch.length === 0) return NOTHING_LOST;
    this.#refuseWhenSaturated(batch);
    const { find } = this.#set;
    const run = new PipelineRun(find);
    for (const name of new Set(pipelines)) {
      const pipeline = find(name) ?? unknownPipeline(name);
      const source = pipeline instanceof PipelineError ? undefined : pipeline.sources[entrypoint];
      if (pipeline instanceof PipelineError) {
        run.runUnavailable(name, this.counters.pipeline(name), pipeline, batch);
      } else if (source === undefined) {
        const error = new PipelineError('MISSING_ENTRYPOINT', missingEntrypoint(name, entrypoint));
        run.runUnavailable(name, this.counters.pipeline(name), error, batch);
      } else {
        run.run(pipeline, source, batch);
      }
    }
    await this.#commit(run, batch);
    return outcomeOf(run, batch.length);
  }

  get saturated(): boolean {
    return this.#inFlight.full || this.#options.store.saturated;
  }

  get busy(): boolean {
    return this.#inFlight.busy || this.saturated;
  }

  /** What has been handed in and is not yet durable. */
  get inFlight(): { readonly bytes: number; readonly records: number } {
    return this.#inFlight;
  }

  onDrain(callback: () => void): void {
    if (!this.busy) {
      callback();
      return;
    }
    this.#waiting.push(callback);
    this.#watchStore();
  }

  #scope(name: string, definitions: Definitions): DefinitionScope {
    return new DefinitionScope(name, definitions, this.#options.compileFilter, this.#transformers);
  }

  /** Nothing is written yet: the sender can send the batch again without making duplicates. */
  #refuseWhenSaturated(batch: RecordBatch): void {
    if (!this.saturated) return;
    this.counters.refused += batch.length;
    throw new StorageError('BACK_PRESSURE', 'too many records are waiting to be stored: send again later');
  }

  async #commit(run: RunResult, batch: RecordBatch): Promise<void> {
    const bytes = batchBytes(batch);
    this.#inFlight.enter(bytes, batch.length);
    try {
      await commitWrites(run, this.#targets);
    } finally {
      this.#inFlight.leave(bytes, batch.length);
      for (const { counters, records, rejected } of run.passages) {
        if (rejected) counters.error += records;
        else counters.success += records;
      }
      this.#wakeWaiting();
    }
  }

  #wakeWaiting(): void {
    if (this.#waiting.length === 0) return;
    if (this.busy) {
      this.#watchStore();
      return;
    }
    const callbacks = this.#waiting;
    this.#waiting = [];
    // In a task of its own each: one that throws must not fail the ingest that made room.
    for (const callback of callbacks) queueMicrotask(callback);
  }

  /** While only the store is full, no ingest of ours may be left to notice that there is room again. */
  #watchStore(): void {
    if (this.#waitsForStore || !this.#options.store.saturated) return;
    this.#waitsForStore = true;
    this.#options.store.onDrain(() => {
      this.#waitsForStore = false;
      this.#wakeWaiting();
    });
  }
}

function unknownPipeline(name: string): PipelineError {
  return new PipelineError('UNKNOWN_PIPELINE', `no pipeline is called "${name}"`);
}

const NOTHING_LOST: IngestOutcome = { failed: 0, discarded: 0, unclaimed: 0 };

/** Sorts the records of a batch by what its run wrote: they are failed, stored or forwarded, or neither. */
function outcomeOf({ writes }: RunResult, records: number): IngestOutcome {
  let failed = 0;
  let written = 0;
  for (const { node, batch } of writes) {
    if (node === undefined) failed += batch.length;
    else written += batch.length;
  }
  if (failed === 0 && written >= records) return NOTHING_LOST;
  // Records that fail in two branches fail once; those that are stored and fail elsewhere count as failed.
  failed = Math.min(failed, records);
  return { failed, discarded: Math.max(0, records - failed - written), unclaimed: 0 };
}

function newSet(states: ReadonlyMap<string, PipelineState>): PipelineSet {
  const takers: Record<Entrypoint, string[]> = { direct: [], syslog: [] };
  for (const [name, state] of states) {
    for (const entrypoint of state.takes) takers[entrypoint].push(name);
  }
  return { states, find: (name) => states.get(name)?.outcome, takers };
}
