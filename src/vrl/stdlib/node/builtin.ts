import type Fs from 'node:fs';
import type Module from 'node:module';
import type Os from 'node:os';
import type Path from 'node:path';
import type Zlib from 'node:zlib';
import { fail } from '../../failure';

/** The modules of Node that a few functions need. */
interface BuiltIns {
  'node:fs': typeof Fs;
  'node:module': typeof Module;
  'node:os': typeof Os;
  'node:path': typeof Path;
  'node:zlib': typeof Zlib;
}

/**
 * A module of Node, asked for only when a program needs it, so that all else runs in a browser too.
 *
 * @throws Failure when this is not Node
 */
export function builtIn<N extends keyof BuiltIns>(name: N): BuiltIns[N] {
  const modules = typeof process === 'object' && typeof process.getBuiltinModule === 'function' ? process : undefined;
  const found = modules?.getBuiltinModule(name) as BuiltIns[N] | undefined;
  if (found === undefined) throw fail(`${name} is not available here`);
  return found;
}
