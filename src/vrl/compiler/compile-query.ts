import type { TypedQuery } from '../checker/typed';
import type { Runtime } from '../runtime';
import type { Evaluate, PathAccess } from '../stdlib/compiled-call';
import type { Segment } from '../syntax/tree';
import { VrlScalar, type VrlObject, type VrlValue } from '../value/value';
import { compile, compileOwned } from './compile-expression';
import { getPath, removePath } from './paths';

/** Reading a path: null where it is absent. */
export function compileQuery(query: TypedQuery): Evaluate {
  const { base, path } = query;
  const [first] = path;
  switch (base.type) {
    case 'event':
      if (path.length === 0) return (runtime) => runtime.event;
      if (path.length === 1 && typeof first === 'string') return eventField(first);
      return (runtime) => getPath(runtime.event, path) ?? null;
    case 'metadata':
      if (path.length === 0) return (runtime) => runtime.metadata;
      return (runtime) => getPath(runtime.metadata, path) ?? null;
    case 'variable': {
      const { slot } = base;
      if (path.length === 0) return (runtime) => runtime.variables[slot] as VrlValue;
      return (runtime) => getPath(runtime.variables[slot] as VrlValue, path) ?? null;
    }
    case 'expression': {
      const value = compile(base.expression);
      return (runtime) => getPath(value(runtime), path) ?? null;
    }
  }
}

/** The most frequent of all expressions. */
function eventField(field: string): Evaluate {
  return ({ event }) => {
    if (typeof event !== 'object' || event === null || Array.isArray(event) || event instanceof VrlScalar) return null;
    return (event as VrlObject)[field] ?? null;
  };
}

/** A path that a function works on. */
export function compilePath(query: TypedQuery): PathAccess {
  const { base, path } = query;
  switch (base.type) {
    case 'event':
      return {
        path,
        root: (runtime) => runtime.event,
        get: (runtime) => getPath(runtime.event, path),
        remove: (runtime, compact) => {
          const { removed, root } = removePath(runtime.event, path, compact);
          runtime.event = root;
          return removed;
        },
      };
    case 'metadata':
      return {
        path,
        root: (runtime) => runtime.metadata,
        get: (runtime) => getPath(runtime.metadata, path),
        remove: (runtime, compact) => {
          const { removed, root } = removePath(runtime.metadata, path, compact);
          runtime.metadata = root;
          return removed;
        },
      };
    case 'variable':
      return variablePath(base.slot, path);
    case 'expression': {
      const shared = compile(base.expression);
      const owned = compileOwned(base.expression);
      return {
        path,
        root: shared,
        get: (runtime) => getPath(shared(runtime), path),
        remove: (runtime, compact) => removePath(owned(runtime), path, compact).removed,
      };
    }
  }
}

function variablePath(slot: number, path: readonly Segment[]): PathAccess {
  const root = ({ variables }: Runtime) => variables[slot] as VrlValue;
  return {
    path,
    root,
    get: (runtime) => getPath(root(runtime), path),
    remove: (runtime, compact) => {
      const result = removePath(root(runtime), path, compact);
      runtime.variables[slot] = result.root;
      return result.removed;
    },
  };
}
