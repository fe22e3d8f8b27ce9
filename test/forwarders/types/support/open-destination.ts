import { lookup, type LookupAddress } from 'node:dns';
import Ajv from 'ajv';
import type { Destination } from '../../../../src/forwarders/destination';
import type { ConfigProblem, DestinationContext, ForwarderType } from '../../../../src/forwarders/forwarder-type';
import { FORWARDER_TYPES } from '../../../../src/forwarders/types';
import { RecordBatch, type RecordFields } from '../../../../src/record';

const ajv = new Ajv({ useDefaults: true, allErrors: true });

export type AnyConfig = { readonly type: string } & Record<string, unknown>;

function typeOf(config: AnyConfig): ForwarderType<{ readonly type: string }> {
  const type = FORWARDER_TYPES.get(config.type);
  if (type === undefined) throw new Error(`no type ${config.type}`);
  return type;
}

/** A configuration with its defaults. @throws Error that lists what the schema has against it */
export function withDefaults(config: AnyConfig): AnyConfig {
  const filled = structuredClone(config);
  if (!ajv.validate(typeOf(config).schema, filled)) throw new Error(ajv.errorsText());
  return filled;
}

/** What `check` has against a configuration that the schema allows. */
export function problemsOf(config: AnyConfig): readonly ConfigProblem[] {
  return typeOf(config).check?.(withDefaults(config)) ?? [];
}

/** A destination as the service opens it. */
export function openDestination(config: AnyConfig, context: Partial<DestinationContext> = {}): Destination {
  const problems = problemsOf(config);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return typeOf(config).open(withDefaults(config), {
    forwarder: 'test',
    timeoutMs: 5_000,
    lookup,
    checkHost: () => undefined,
    now: Date.now,
    ...context,
  });
}

/** A lookup that gives every name an address where nobody is, and then one of this host. */
export function lookupWithDeadEnd(
  _host: string,
  _options: unknown,
  answer: (error: null, addresses: LookupAddress[]) => void,
): void {
  answer(null, [
    { address: '127.0.0.9', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ]);
}

/** Time of the first record of {@link batchOf}; each later one is a second later. */
export const BATCH_TIME = Date.parse('2026-03-04T05:06:07.089Z');

export function batchOf(...records: RecordFields[]): RecordBatch {
  return RecordBatch.from(records.map((fields, i) => ({ timestamp: BATCH_TIME + i * 1000, fields })));
}

/** Delivery ids as a queue gives them. */
export const IDS = { of: (row: number): string => `queue.7.${row}` };

/** A signal that is never aborted. */
export const NEVER = new AbortController().signal;
