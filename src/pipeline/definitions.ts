import type { FilterCompiler, Transformer, TransformerCompiler } from './compilers';
import type { FlowScope } from './node-kind';

/** Everything that pipelines are made of, at one moment. It must not be changed once it is handed over. */
export interface Definitions {
  /** Flow graphs of any known version, by pipeline. */
  readonly pipelines: ReadonlyMap<string, unknown>;
  /** Scripts, by transformer. */
  readonly transformers: ReadonlyMap<string, string>;
  /** Names of the forwarders. */
  readonly forwarders: ReadonlySet<string>;
}

export const NO_DEFINITIONS: Definitions = { pipelines: new Map(), transformers: new Map(), forwarders: new Set() };

type CompiledScript = { readonly transformer: Transformer } | { readonly error: unknown };

/** Compiles each script once, however many nodes and pipelines run it. */
export class TransformerCache {
  readonly #compile: TransformerCompiler;
  readonly #compiledByScript = new Map<string, CompiledScript>();

  constructor(compile: TransformerCompiler) {
    this.#compile = compile;
  }

  /** The compiled script; throws what its compiler threw. */
  get(script: string): Transformer {
    let compiled = this.#compiledByScript.get(script);
    if (compiled === undefined) {
      compiled = this.#tryCompile(script);
      this.#compiledByScript.set(script, compiled);
    }
    if ('error' in compiled) throw compiled.error;
    return compiled.transformer;
  }

  /** Forgets all other scripts. */
  keepOnly(scripts: Iterable<string>): void {
    const kept = new Set(scripts);
    for (const script of this.#compiledByScript.keys()) if (!kept.has(script)) this.#compiledByScript.delete(script);
  }

  #tryCompile(script: string): CompiledScript {
    try {
      return { transformer: this.#compile(script) };
    } catch (error) {
      return { error };
    }
  }
}

/** What a flow may refer to by a set of definitions. */
export class DefinitionScope implements FlowScope {
  readonly compileFilter: FilterCompiler;
  readonly #definitions: Definitions;
  readonly #transformers: TransformerCache;
  readonly #own: string;

  /** @param own the pipeline whose flow it is: it exists, even while it is saved for the first time */
  constructor(own: string, definitions: Definitions, compileFilter: FilterCompiler, transformers: TransformerCache) {
    this.#own = own;
    this.#definitions = definitions;
    this.compileFilter = compileFilter;
    this.#transformers = transformers;
  }

  transformer(name: string): Transformer | undefined {
    const script = this.#definitions.transformers.get(name);
    return script === undefined ? undefined : this.#transformers.get(script);
  }

  hasForwarder(name: string): boolean {
    return this.#definitions.forwarders.has(name);
  }

  hasPipeline(name: string): boolean {
    return name === this.#own || this.#definitions.pipelines.has(name);
  }
}
