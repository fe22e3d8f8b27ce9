// The candidates for the compression of columns, on a column of access log lines and one of time stamps.
//   npm run bench -- compression [--records 16384]
// Libraries that are not part of the product are measured when they happen to be installed.
'use strict';

const zlib = require('node:zlib');
const { AccessLog } = require('./support/access-log');
const { Random } = require('./support/random');
const { progress, readCommandLine, report, round } = require('./support/report');

const SEED = 42;
const START = Date.UTC(2026, 2, 12, 9, 0, 0);
const MEASURE_MS = 400;
const ROUNDS = 3;

const { options } = readCommandLine({ records: 16_384 }, []);

/** The texts of a column one after the other; their lengths are stored apart. */
function columns() {
  const web = new AccessLog(SEED);
  const random = new Random(SEED);
  let time = START;
  const texts = { message: [], timestamp: [] };
  for (let i = 0; i < options.records; i++) {
    time += random.below(8);
    texts.message.push(web.next().message);
    texts.timestamp.push(new Date(time).toISOString());
  }
  return { message: Buffer.from(texts.message.join('')), timestamp: Buffer.from(texts.timestamp.join('')) };
}

function optional(name) {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

/** By name: a compressor and a decompressor, which may return promises. */
async function candidates() {
  const all = {};
  for (const level of [1, 3, 6, 9]) {
    all[`deflate-raw ${level}`] = [
      (b) => zlib.deflateRawSync(b, { level, memLevel: 9 }),
      (b) => zlib.inflateRawSync(b),
    ];
  }
  for (const quality of [0, 1, 3, 5]) {
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
    const params = (b) => ({ [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: b.length });
    all[`brotli ${quality}`] = [
      (b) => zlib.brotliCompressSync(b, { params: params(b) }),
      (b) => zlib.brotliDecompressSync(b),
    ];
  }
  if (zlib.zstdCompressSync !== undefined) {
    for (const level of [1, 3, 9]) {
      const params = { [zlib.constants.ZSTD_c_compressionLevel]: level };
      all[`zstd ${level} (node:zlib)`] = [
        (b) => zlib.zstdCompressSync(b, { params }),
        (b) => zlib.zstdDecompressSync(b),
      ];
    }
  }
  const wasm = optional('@bokuweb/zstd-wasm');
  if (wasm !== undefined) {
    await wasm.init();
    for (const level of [1, 3, 9])
      all[`zstd ${level} (@bokuweb/zstd-wasm)`] = [(b) => wasm.compress(b, level), (b) => wasm.decompress(b)];
  }
  const native = optional('@mongodb-js/zstd');
  if (native !== undefined) {
    for (const level of [1, 3, 9])
      all[`zstd ${level} (@mongodb-js/zstd)`] = [(b) => native.compress(b, level), (b) => native.decompress(b)];
  }
  const lz4 = optional('lz4js');
  if (lz4 !== undefined) all.lz4js = [(b) => lz4.compress(b), (b) => lz4.decompress(b)];
  const lz4Native = optional('lz4-napi');
  if (lz4Native !== undefined) all['lz4-napi'] = [(b) => lz4Native.compressSync(b), (b) => lz4Native.uncompressSync(b)];
  const snappyJs = optional('snappyjs');
  if (snappyJs !== undefined) all.snappyjs = [(b) => snappyJs.compress(b), (b) => snappyJs.uncompress(b)];
  const snappy = optional('snappy');
  if (snappy !== undefined) all['snappy'] = [(b) => snappy.compressSync(b), (b) => snappy.uncompressSync(b)];
  return all;
}

/** Megabytes (of the uncompressed column) a second, the best of some rounds. */
async function speed(bytes, run) {
  await run();
  let best = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    let count = 0;
    let elapsed = 0;
    while (elapsed < MEASURE_MS) {
      await run();
      count++;
      elapsed = performance.now() - start;
    }
    best = Math.max(best, (bytes * count) / elapsed / 1000);
  }
  return Math.round(best);
}

report('compression', { options }, async () => {
  const results = {};
  for (const [column, raw] of Object.entries(columns())) {
    const rows = (results[column] = { raw_bytes_per_record: round(raw.length / options.records), candidates: {} });
    for (const [name, [compress, decompress]] of Object.entries(await candidates())) {
      const packed = await compress(raw);
      if (Buffer.compare(Buffer.from(await decompress(packed)), raw) !== 0)
        throw new Error(`${name} does not give back what it was given`);
      rows.candidates[name] = {
        bytes_per_record: round(packed.length / options.records),
        in_mb_per_second: await speed(raw.length, () => compress(raw)),
        out_mb_per_second: await speed(raw.length, () => decompress(packed)),
      };
      progress(`${column}, ${name}: ${JSON.stringify(rows.candidates[name])}`);
    }
  }
  return { results };
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
