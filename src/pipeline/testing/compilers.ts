import type { FilterCompiler, ForwarderSink, Transformer, TransformerCompiler } from '../compilers';
import type { RecordBatch, RecordFields } from '../../record';

/** An error with a position, as filter compilers throw it. */
export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** A tiny filter language: `field=value`, `true`, `fail` (throws on each record), `fail:value` (throws when `m` is it). */
export const compileFilter: FilterCompiler = (source) => {
  if (source === 'true') return { test: () => true };
  const failing = /^fail(?::(.*))?$/.exec(source);
  if (failing !== null) {
    return {
      test(lookup) {
        if (failing[1] === undefined || lookup.get('m') === failing[1]) throw new Error('filter failed');
        return true;
      },
    };
  }
  const at = source.indexOf('=');
  if (at < 0) throw new SyntaxProblem('expected =', source.length);
  const field = source.slice(0, at);
  const value = source.slice(at + 1);
  return { test: (lookup) => (lookup.get(field) ?? '') === value };
};

class VrlAbort extends Error {
  override readonly name = 'VrlAbort';
}

type Step = (fields: RecordFields) => RecordFields[];

const STEPS = new Map<string, Step>([
  ['', (fields) => [fields]],
  ['mark', (fields) => [Object.assign(fields, { marked: 'yes' })]],
  ['none', () => []],
  [
    'abort',
    () => {
      throw new VrlAbort('aborted');
    },
  ],
  [
    'fail',
    () => {
      throw new Error('function call error for "to_int"');
    },
  ],
  [
    'twice',
    (fields) => [
      { ...fields, copy: '1' },
      { ...fields, copy: '2' },
    ],
  ],
  ['many', (fields) => Array.from({ length: 1000 }, () => ({ ...fields }))],
  ['clear', () => [{ only: 'this' }]],
]);

/** Scripts are words: see the table above; `by-m` does what the field `m` says. */
export const compileTransformer: TransformerCompiler = (source): Transformer => {
  if (source === 'by-m') return { run: (fields) => (STEPS.get(fields.m ?? '') ?? ((same) => [same]))(fields) };
  const step = STEPS.get(source);
  if (step === undefined) throw new SyntaxProblem(`unknown word ${source}`, 0);
  return { run: step };
};

/** Remembers what forwarders got; `refuse` makes it reject. */
export class FakeSink implements ForwarderSink {
  readonly appended: { forwarder: string; batch: RecordBatch }[] = [];
  refuse: Error | undefined;
  /** Called before each append is kept; what it waits for is waited for. */
  before: (forwarder: string, batch: RecordBatch) => Promise<void> | void = () => {};

  async append(forwarder: string, batch: RecordBatch): Promise<void> {
    if (this.refuse !== undefined) throw this.refuse;
    await this.before(forwarder, batch);
    this.appended.push({ forwarder, batch });
  }
}
