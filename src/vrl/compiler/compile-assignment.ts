import type { Typed, TypedTarget } from '../checker/typed';
import { Failure } from '../failure';
import type { Runtime } from '../runtime';
import type { Evaluate } from '../stdlib/compiled-call';
import { VrlScalar, type VrlObject, type VrlValue } from '../value/value';
import { compileAttempt } from './compile-binary';
import { compileOwned } from './compile-expression';
import { copyValue, setPath } from './paths';

type Of<T extends Typed['type']> = Extract<Typed, { type: T }>;

/** Stores a value that nobody else holds. */
type Store = (runtime: Runtime, value: VrlValue) => void;

export function compileAssignment(node: Of<'assignment'>): Evaluate {
  const value = compileOwned(node.value);
  const { target } = node;
  // The commonest targets without a call in between.
  if (target?.base.type === 'variable' && target.path.length === 0) {
    const { slot } = target.base;
    return (runtime) => (runtime.variables[slot] = value(runtime));
  }
  const [first] = target?.path ?? [];
  if (target?.base.type === 'event' && target.path.length === 1 && typeof first === 'string') {
    return (runtime) => {
      const result = value(runtime);
      setEventField(runtime, first, result);
      return result;
    };
  }
  const store = compileStore(target);
  return (runtime) => {
    const result = value(runtime);
    store(runtime, result);
    return result;
  };
}

function setEventField(runtime: Runtime, field: string, value: VrlValue): void {
  const { event } = runtime;
  if (typeof event === 'object' && event !== null && !Array.isArray(event) && !(event instanceof VrlScalar)) {
    (event as VrlObject)[field] = value;
  } else {
    runtime.event = setPath(event, [field], value);
  }
}

export function compileFallibleAssignment(node: Of<'fallibleAssignment'>): Evaluate {
  const value = compileAttempt(node.value, compileOwned);
  const store = compileStore(node.target);
  const storeError = compileStore(node.errorTarget);
  const { fallback } = node;
  return (runtime) => {
    const attempted = value(runtime);
    const failed = attempted instanceof Failure;
    const result = failed ? copyValue(fallback) : attempted;
    const message = failed ? attempted.message : null;
    store(runtime, result);
    storeError(runtime, message);
    return message ?? result;
  };
}

function compileStore(target: TypedTarget): Store {
  if (target === undefined) return () => undefined;
  const { base, path } = target;
  switch (base.type) {
    case 'event':
      return (runtime, value) => {
        runtime.event = setPath(runtime.event, path, value);
      };
    case 'metadata':
      return (runtime, value) => {
        runtime.metadata = setPath(runtime.metadata, path, value);
      };
    case 'variable': {
      const { slot } = base;
      return ({ variables }, value) => {
        variables[slot] = setPath(variables[slot], path, value);
      };
    }
  }
}
