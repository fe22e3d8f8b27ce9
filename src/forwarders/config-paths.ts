import type { ConfigPath, ConfigPattern } from './forwarder-type';

/** A text in a configuration and the place that holds it. */
export interface FoundText {
  readonly text: string;
  /** Where exactly, without `*`. */
  readonly path: ConfigPath;
  replace(text: string): void;
}

type Holder = Record<string, unknown>;

/**
 * The texts at a path; `*` stands for every element or value, an expression for those whose keys match it. What is no text there
 * is left out.
 */
export function textsAt(config: object, path: ConfigPattern): FoundText[] {
  const found: FoundText[] = [];
  collect(config as Holder, path, 0, [], found);
  return found;
}

/** The value at a path; undefined when nothing is there. */
export function valueAt(config: object, path: readonly string[]): unknown {
  let value: unknown = config;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Holder)[step];
  }
  return value;
}

function collect(holder: Holder, path: ConfigPattern, depth: number, walked: string[], found: FoundText[]): void {
  const step = path[depth];
  if (step === undefined) return;
  for (const key of keysAt(holder, step)) {
    const value = holder[key];
    const at = [...walked, key];
    if (depth === path.length - 1) {
      if (typeof value === 'string') found.push({ text: value, path: at, replace: (text) => set(holder, key, text) });
    } else if (typeof value === 'object' && value !== null) {
      collect(value as Holder, path, depth + 1, at, found);
    }
  }
}

function keysAt(holder: Holder, step: string | RegExp): string[] {
  if (step === '*') return Object.keys(holder);
  if (typeof step === 'string') return Object.hasOwn(holder, step) ? [step] : [];
  return Object.keys(holder).filter((key) => step.test(key));
}

/** An assignment would not make an own property of every name. */
function set(holder: Holder, key: string, value: string): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
