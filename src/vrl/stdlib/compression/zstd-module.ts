import { builtIn } from '../node/builtin';

/** What we call of the zstd library, which is compiled to WebAssembly; sizes that are negative are errors. */
export interface ZstdModule {
  /** Anew after every allocation: the memory may have moved. */
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(address: number): void;
  _ZSTD_compressBound(size: number): number;
  _ZSTD_compress(target: number, capacity: number, source: number, size: number, level: number): number;
  _ZSTD_decompress(target: number, capacity: number, source: number, size: number): number;
}

interface Loadable extends ZstdModule {
  instantiateWasm?: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => unknown,
  ) => WebAssembly.Exports;
  init(bytes: Uint8Array): void;
}

let loaded: ZstdModule | undefined;

/**
 * The library, loaded when it is first needed. The package itself only offers to wait for it, and programs cannot wait.
 *
 * @throws Failure when this is not Node
 */
export function zstdModule(): ZstdModule {
  return (loaded ??= load());
}

function load(): ZstdModule {
  const require = builtIn('node:module').createRequire(__filename);
  const path = builtIn('node:path');
  const folder = path.dirname(require.resolve('@bokuweb/zstd-wasm'));
  const { Module } = require(path.join(folder, 'zstd.js')) as { Module: Loadable };
  Module.instantiateWasm = (imports, receive) => {
    const code = builtIn('node:fs').readFileSync(path.join(folder, 'zstd.wasm'));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), imports);
    receive(instance);
    return instance.exports;
  };
  Module.init(new Uint8Array());
  return Module;
}
