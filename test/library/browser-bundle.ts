import { readFileSync, existsSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createContext, runInContext, type Context } from 'node:vm';
import { transformSync } from '@swc/core';

/** Conditions that a bundler for browsers resolves `exports` with, `require` being how our compiled code asks. */
const CONDITIONS = ['browser', 'require', 'default'];

/** What browsers have beside the language itself. Neither `process` nor `Buffer` is among it. */
const WEB_GLOBALS = ['TextEncoder', 'TextDecoder', 'URL', 'URLSearchParams', 'crypto', 'atob', 'btoa', 'performance'];

interface PackageFile {
  readonly main?: string;
  readonly browser?: string | Record<string, string | false>;
  readonly exports?: unknown;
}

/**
 * Loads a module as a bundle for browsers would hold it: the module and all that it requires, resolved by the packages'
 * own rules for browsers, in a realm that has what browsers have and nothing of Node.
 *
 * A package that asks for a module of Node throws what a browser would.
 */
export class BrowserBundle {
  readonly #context: Context;
  readonly #loaded = new Map<string, { exports: Record<string, unknown> }>();
  /** Modules of Node that were asked for while loading. */
  readonly missing: string[] = [];

  constructor() {
    const globals = Object.fromEntries(WEB_GLOBALS.map((name) => [name, globalThis[name as keyof typeof globalThis]]));
    this.#context = createContext({ ...globals, console: { log: (): void => undefined } });
    runInContext('globalThis.self = globalThis.window = globalThis', this.#context);
  }

  load(file: string): Record<string, unknown> {
    const known = this.#loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Record<string, unknown> };
    this.#loaded.set(file, module);
    const source = readFileSync(file, 'utf8');
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(source) as Record<string, unknown>;
      return module.exports;
    }
    const run = runInContext(`(function (module, exports, require) {${compiled(file, source)}\n})`, this.#context, {
      filename: file,
    }) as (module: object, exports: object, require: (name: string) => unknown) => void;
    run.call(module.exports, module, module.exports, (name) => this.#require(name, file));
    return module.exports;
  }

  /** Runs a text of JavaScript in the realm with `value` in hand. */
  run<Result>(text: string, value: unknown): Result {
    const call = runInContext(`(function (it) { return (${text}); })`, this.#context) as (it: unknown) => Result;
    return call(value);
  }

  #require(name: string, from: string): unknown {
    const path = name.startsWith('.') ? resolve(dirname(from), name) : undefined;
    const file = path === undefined ? this.#packageFile(name, from) : replacement(fileOf(path));
    return file === false ? {} : this.load(file);
  }

  #packageFile(name: string, from: string): string | false {
    const parts = name.split('/');
    const packageName = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/');
    const replaced = replacementOf(packageFolderOf(from), name);
    if (replaced === false) return false;
    if (replaced !== undefined) return fileOf(join(packageFolderOf(from) ?? '', replaced));
    const folder = findPackage(packageName, from);
    if (folder === undefined || builtinModules.includes(name)) {
      this.missing.push(name);
      throw new Error(`${name} is not available in a browser (required by ${from})`);
    }
    return packageEntry(folder, `.${name.slice(packageName.length)}`);
  }
}

/** Our own sources are TypeScript, and some packages are ES modules. */
function compiled(file: string, source: string): string {
  const own = file.endsWith('.ts');
  if (!own && !/^\s*(?:import|export)\s/m.test(source)) return source;
  const syntax = own ? 'typescript' : 'ecmascript';
  return transformSync(source, {
    jsc: { target: 'es2022', parser: { syntax } },
    module: { type: 'commonjs' },
    isModule: true,
    swcrc: false,
    configFile: false,
  }).code;
}

function fileOf(path: string): string {
  for (const candidate of [
    path,
    `${path}.ts`,
    `${path}.js`,
    `${path}.json`,
    join(path, 'index.ts'),
    join(path, 'index.js'),
  ]) {
    if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
  }
  throw new Error(`no file at ${path}`);
}

function packageFolderOf(file: string): string | undefined {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return folder;
}

function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}

/** What the `browser` field of a package puts in place of a module. */
function replacementOf(folder: string | undefined, name: string): string | false | undefined {
  const browser = folder === undefined ? undefined : readPackage(folder).browser;
  return typeof browser === 'object' ? browser[name] : undefined;
}

function replacement(file: string): string | false {
  const folder = packageFolderOf(file);
  if (folder === undefined) return file;
  const replaced = replacementOf(folder, `.${file.slice(folder.length)}`);
  if (replaced === undefined) return file;
  return replaced === false ? false : fileOf(join(folder, replaced));
}

function findPackage(name: string, from: string): string | undefined {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

function packageEntry(folder: string, subpath: string): string | false {
  const { exports: table, main, browser } = readPackage(folder);
  if (table !== undefined) {
    const entry = matchExports(table, subpath);
    if (entry !== undefined) return fileOf(join(folder, entry));
  }
  if (subpath !== '.') return replacement(fileOf(join(folder, subpath)));
  return replacement(fileOf(join(folder, typeof browser === 'string' ? browser : (main ?? 'index.js'))));
}

/** The entry of an `exports` field; patterns are not among what our dependencies use. */
function matchExports(table: unknown, subpath: string): string | undefined {
  if (typeof table === 'string') return subpath === '.' ? table : undefined;
  if (typeof table !== 'object' || table === null) return undefined;
  const record = table as Record<string, unknown>;
  const own = Object.keys(record).some((key) => key.startsWith('.'))
    ? (record[subpath] ?? record[`${subpath}.js`])
    : table;
  return conditional(own);
}

function conditional(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [condition, target] of Object.entries(value)) {
    if (!CONDITIONS.includes(condition)) continue;
    const found = conditional(target);
    if (found !== undefined) return found;
  }
  return undefined;
}
