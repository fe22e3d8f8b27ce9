import { fail } from '../../failure';

/** The modules of Node that a few functions need. */
type ModuleName = 'node:fs' | 'node:module' | 'node:os' | 'node:path' | 'node:zlib';

type BuiltIn<N extends ModuleName> = ReturnType<typeof process.getBuiltinModule<N>>;

/** Whether this runs in Node, where the modules of {@link builtIn} are. */
export function isNode(): boolean {
  return typeof process === 'object' && typeof process.getBuiltinModule === 'function';
}

/**
 * A module of Node, asked for only when a program needs it, so that all else runs in a browser too.
 *
 * @throws Failure when this is not Node
 * @example builtIn('node:os').hostname()
 */
export function builtIn<N extends ModuleName>(name: N): BuiltIn<N> {
  if (!isNode()) throw fail(`${name} is not available here`);
  return process.getBuiltinModule(name);
}
