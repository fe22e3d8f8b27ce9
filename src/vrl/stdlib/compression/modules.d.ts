declare module 'lz4js' {
  /** Most bytes that a block of so many input bytes takes. */
  export function compressBound(size: number): number;
  /** Writes one block; gives its size, or 0 when nothing could be compressed (nothing is written then). */
  export function compressBlock(
    source: Uint8Array,
    target: Uint8Array,
    start: number,
    length: number,
    hashTable: Uint32Array,
  ): number;
}

declare module 'snappyjs' {
  export function compress(bytes: Uint8Array): Uint8Array;
}

/** What we use of it; the type library that has the rest is the browser's. */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>;
  type Exports = Record<string, unknown>;
  class Module {
    constructor(code: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }
}
