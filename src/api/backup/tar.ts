import type { FileHandle } from 'node:fs/promises';

/** A file inside an archive. */
export interface ArchiveEntry {
  readonly name: string;
  /** Where its bytes begin in the archive. */
  readonly start: number;
  readonly size: number;
}

/** Everything in a tar archive is in blocks of this size (POSIX.1-2017, pax, ustar interchange format). */
const BLOCK_BYTES = 512;
/** Octal digits of a size; larger ones are written as GNU tar does, in binary. */
const MAX_OCTAL_SIZE = 0o77777777777;
const REGULAR_FILE = new Set(['0', '\0']);
/** Tells more of the entry that follows: in the form of pax, in that of GNU tar. */
const EXTENDED_HEADER = 'x';
const GNU_LONG_NAME = 'L';
/** An archive of backups has three files; what has more is something else. */
const MAX_ENTRIES = 16;

/** Blocks that end an archive. */
export const ARCHIVE_END = Buffer.alloc(2 * BLOCK_BYTES);

/** The header of a file with mode 0600. */
export function archiveHeader(name: string, size: number, modifiedMs: number): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0, 100, 'utf8');
  header.write('0000600\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  if (size > MAX_OCTAL_SIZE) {
    header.writeUInt8(0x80, 124);
    header.writeBigUInt64BE(BigInt(size), 128);
  } else {
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  }
  header.write(
    `${Math.floor(modifiedMs / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
    'latin1',
  );
  header.write('0', 156, 'latin1');
  header.write('ustar\0', 257, 'latin1');
  header.write('00', 263, 'latin1');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** Zeros between the end of a file and the next block. */
export function archivePadding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** The files of an archive of backups; undefined when it is none, or is not complete. */
export async function readArchive(file: FileHandle): Promise<ArchiveEntry[] | undefined> {
  const { size: length } = await file.stat();
  const entries: ArchiveEntry[] = [];
  const header = Buffer.alloc(BLOCK_BYTES);
  for (let position = 0; entries.length <= MAX_ENTRIES;) {
    const { bytesRead } = await file.read(header, 0, BLOCK_BYTES, position);
    if (bytesRead < BLOCK_BYTES) return undefined;
    if (header.every((byte) => byte === 0)) return entries;
    const size = sizeOf(header);
    const start = position + BLOCK_BYTES;
    if (!isIntact(header) || size === undefined || start + size > length) return undefined;
    if (REGULAR_FILE.has(typeOf(header))) entries.push({ name: textUpToZero(header.subarray(0, 100)), start, size });
    position = start + size + archivePadding(size).length;
  }
  return undefined;
}

/**
 * The regular files of any archive that fits into memory, with names of any length; undefined when it is none, or is not
 * complete.
 */
export function filesOfArchive(archive: Buffer): { readonly name: string; readonly content: Buffer }[] | undefined {
  const files: { name: string; content: Buffer }[] = [];
  let longName: string | undefined;
  for (let position = 0; position + BLOCK_BYTES <= archive.length;) {
    const header = archive.subarray(position, position + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return files;
    const size = sizeOf(header);
    const start = position + BLOCK_BYTES;
    if (!isIntact(header) || size === undefined || start + size > archive.length) return undefined;
    const content = archive.subarray(start, start + size);
    const type = typeOf(header);
    if (REGULAR_FILE.has(type)) files.push({ name: longName ?? nameOf(header), content });
    if (type === EXTENDED_HEADER) longName = extendedPath(content);
    else if (type === GNU_LONG_NAME) longName = textUpToZero(content);
    else longName = undefined;
    position = start + size + archivePadding(size).length;
  }
  return undefined;
}

function typeOf(header: Buffer): string {
  return header.toString('latin1', 156, 157);
}

/** The name, behind the prefix that names of more than 100 bytes have in ustar archives. */
function nameOf(header: Buffer): string {
  const name = textUpToZero(header.subarray(0, 100));
  const isUstar = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? textUpToZero(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The name in an extended header: records of `<length> <key>=<value>` and a line end, length and all counted in bytes. */
function extendedPath(content: Buffer): string | undefined {
  for (let start = 0; start < content.length;) {
    const length = Number.parseInt(content.toString('latin1', start, start + 20), 10);
    if (!(length > 0)) return undefined;
    const record = content.toString('utf8', start, start + length - 1);
    const path = /^\d+ path=(.*)$/s.exec(record)?.[1];
    if (path !== undefined) return path;
    start += length;
  }
  return undefined;
}

function isIntact(header: Buffer): boolean {
  return Number.parseInt(textUpToZero(header.subarray(148, 156)).trim(), 8) === checksumOf(header);
}

/** Sum of all bytes, with blanks in the place of the sum itself. */
function checksumOf(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += header[i] as number;
  return sum;
}

function sizeOf(header: Buffer): number | undefined {
  const size =
    header[124] === 0x80
      ? Number(header.readBigUInt64BE(128))
      : Number.parseInt(textUpToZero(header.subarray(124, 136)).trim(), 8);
  return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

function textUpToZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
