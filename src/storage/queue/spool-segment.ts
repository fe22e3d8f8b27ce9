import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import path from 'node:path';
import { StorageError } from '../errors';
import { decodeHeader, encodeHeader, findHeader, RECORD_HEADER_BYTES, type SpoolRecordHeader } from './spool-record';
import { checksum } from '../logs/checksum';

/** A file begins with it: a magic, the version of the format, and the spool that it belongs to. */
const MAGIC = Buffer.from('LOGWEIR SPOOL\n');
const FORMAT_VERSION = 1;
const UID_AT = 16;
const UID_BYTES = 48;
const FILE_HEADER_BYTES = UID_AT + UID_BYTES;

const FILE_MODE = 0o600;
const FILE_NAME = /^(\d{16})\.spool$/;
const ID_DIGITS = 16;

/** One write takes no more parts (IOV_MAX of Linux). */
const MAX_PARTS = 1024;

/** A record and where it is in a file. */
export interface PlacedRecord extends SpoolRecordHeader {
  /** Where its data begin in the file. */
  readonly offset: number;
}

/** A record as it was found in a file. */
export interface FoundRecord extends PlacedRecord {
  /** A part of all that was read of the file. */
  readonly data: Uint8Array;
  /** Whether its data are what was written. */
  readonly intact: boolean;
}

/** What a file holds. */
export interface SegmentScan {
  readonly records: readonly FoundRecord[];
  /** Bytes between whole records that are none: damage. What follows the last one is no damage, but what nobody was told is written. */
  readonly damagedBytes: number;
}

/**
 * One file of the spool. It is written from front to end and never changed: what is in it ends with the file.
 *
 * All calls wait for the disk; they are for a thread of their own. Errors are those of the file system.
 */
export class SpoolSegment {
  readonly file: string;
  /** Entries have no id below. */
  readonly firstId: number;
  /** Entries in it that are not finished. */
  live = 0;
  /** Records of either kind. */
  records = 0;
  /** Something in it can't be read: the file is not to be deleted. */
  damaged = false;
  readonly #fd: number;
  /** What the checksums of its headers begin with. */
  readonly #salt: Buffer;
  readonly #isReadonly: boolean;
  #size: number;
  /** Nobody knows what is behind the last good record: after a failed write, or one that another process made. */
  #isSealed: boolean;

  private constructor(file: string, firstId: number, fd: number, uid: string, size: number, isReadonly = false) {
    this.file = file;
    this.firstId = firstId;
    this.#fd = fd;
    this.#salt = Buffer.from(uid, 'latin1');
    this.#size = size;
    this.#isReadonly = isReadonly;
    this.#isSealed = isReadonly || size !== FILE_HEADER_BYTES;
  }

  /** A new file, durable with its name. */
  static create(directory: string, uid: string, firstId: number): SpoolSegment {
    const file = path.join(directory, `${String(firstId).padStart(ID_DIGITS, '0')}.spool`);
    const header = Buffer.alloc(FILE_HEADER_BYTES);
    MAGIC.copy(header);
    header[MAGIC.length] = FORMAT_VERSION;
    header.write(uid, UID_AT, 'latin1');
    const fd = openSync(file, 'wx+', FILE_MODE);
    try {
      writeAll(fd, [header], 0);
      fsyncSync(fd);
      syncDirectory(directory);
    } catch (error) {
      closeSync(fd);
      // Else its name would be taken when there is room again.
      rmSync(file, { force: true });
      throw error;
    }
    return new SpoolSegment(file, firstId, fd, uid, header.length);
  }

  /**
   * Opens a file to be read.
   * @param isReadonly somebody else may be writing it: it is left as it is
   * @returns undefined when it is no file of this spool
   * @throws StorageError `UNSUPPORTED_FORMAT`
   */
  static open(file: string, uid: string, isReadonly = false): SpoolSegment | undefined {
    const firstId = firstIdOf(file);
    if (firstId === undefined) return undefined;
    const fd = openSync(file, isReadonly ? 'r' : 'r+');
    try {
      const header = Buffer.alloc(FILE_HEADER_BYTES);
      readSync(fd, header, 0, header.length, 0);
      if (
        header.subarray(0, MAGIC.length).equals(MAGIC) &&
        header.toString('latin1', UID_AT).replace(/\0+$/, '') === uid
      ) {
        const version = header[MAGIC.length];
        if (version !== FORMAT_VERSION) {
          throw new StorageError(
            'UNSUPPORTED_FORMAT',
            `${file} is of format ${version}, this version reads ${FORMAT_VERSION}`,
          );
        }
        return new SpoolSegment(file, firstId, fd, uid, fstatSync(fd).size, isReadonly);
      }
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
    return undefined;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#size;
  }

  /** Whether anything was written to it. */
  get isEmpty(): boolean {
    return this.#size === FILE_HEADER_BYTES;
  }

  get isWritable(): boolean {
    return !this.#isSealed;
  }

  /** Appends bytes, all or none; returns after fsync where they begin. */
  append(parts: readonly Uint8Array[]): number {
    const start = this.#size;
    let isSyncing = false;
    try {
      let position = start;
      for (let i = 0; i < parts.length; i += MAX_PARTS) {
        position += writeAll(this.#fd, parts.slice(i, i + MAX_PARTS), position);
      }
      isSyncing = true;
      fdatasyncSync(this.#fd);
      this.#size = position;
      return start;
    } catch (error) {
      // What is too large for a full disk leaves room for what is not: notes of what was delivered, which make more. After a failed sync
      // nobody knows what is on disk.
      this.#isSealed = !this.#cutTo(start) || isSyncing;
      throw error;
    }
  }

  /** A copy of a part of the file with a buffer of its own; shorter when the file is. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    let read = 0;
    while (read < length) {
      const more = readSync(this.#fd, bytes, read, length - read, offset + read);
      if (more === 0) return bytes.slice(0, read);
      read += more;
    }
    return bytes;
  }

  /**
   * Reads the whole file.
   * @param isNewest it was being written when the process ended: what a power failure has left of a write at its end, which nobody
   *   was told is done, is cut off
   */
  scan(isNewest: boolean): SegmentScan {
    const bytes = Buffer.from(this.read(0, this.#size).buffer);
    const records: FoundRecord[] = [];
    let damagedBytes = 0;
    let end = FILE_HEADER_BYTES;
    for (let at = end; at < bytes.length;) {
      const header = decodeHeader(bytes, at, this.#salt);
      const offset = at + RECORD_HEADER_BYTES;
      if (header !== undefined) {
        // Cut off. What is behind is part of its data, whatever that looks like.
        if (offset + header.dataBytes > bytes.length) break;
        const data = bytes.subarray(offset, offset + header.dataBytes);
        const intact = checksum(data) === header.dataChecksum;
        records.push({ ...header, offset, data, intact });
        at = offset + header.dataBytes;
        if (intact || !isNewest) end = at;
        continue;
      }
      const next = findHeader(bytes, at + 1, this.#salt);
      if (next === undefined) break;
      damagedBytes += next - at;
      at = next;
    }
    if (!isNewest) damagedBytes += bytes.length - end;
    else if (end < bytes.length) this.#cutTo(end);
    return { records: records.filter(({ offset }) => offset < end), damagedBytes };
  }

  close(): void {
    try {
      closeSync(this.#fd);
    } catch {
      // All that was written is synced, and the descriptor is gone all the same.
    }
  }

  /** Gives the file another name and closes it; after a failure it is what it was. A file that is gone is no failure. */
  moveTo(file: string): void {
    try {
      renameSync(this.file, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    this.close();
  }

  /** Deletes the file and closes it; after a failure it is what it was. A file that is gone is no failure. */
  remove(): void {
    rmSync(this.file, { force: true });
    this.close();
  }

  /** The header of a record of this file. */
  header(header: SpoolRecordHeader): Buffer {
    return encodeHeader(header, this.#salt);
  }

  /** Whether it worked; if not, the next scan may find records that nobody was told of. */
  #cutTo(size: number): boolean {
    if (this.#isReadonly) return false;
    try {
      ftruncateSync(this.#fd, size);
      this.#size = size;
      // Before a file follows this one: the next start would take its end for damage.
      fsyncSync(this.#fd);
      return true;
    } catch {
      // What is there is written, and delivered, once more at most.
      return false;
    }
  }
}

/** Whether a file's making was cut off: nothing was ever written to it. */
export function isUnfinished(file: string): boolean {
  return statSync(file).size < FILE_HEADER_BYTES;
}

/** The first id of a file by its name; undefined for others. */
export function firstIdOf(file: string): number | undefined {
  const digits = FILE_NAME.exec(path.basename(file))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function writeAll(fd: number, parts: readonly Uint8Array[], position: number): number {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  let written = writevSync(fd, parts, position);
  while (written < total) written += writevSync(fd, without(parts, written), position + written);
  return total;
}

/** The parts but for so many bytes at the front. */
function without(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = bytes;
  for (const part of parts) {
    if (skip >= part.length) skip -= part.length;
    else {
      rest.push(part.subarray(skip));
      skip = 0;
    }
  }
  return rest;
}

/** Makes the names in a directory durable. */
export function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
