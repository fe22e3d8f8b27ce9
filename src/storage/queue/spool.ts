import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checksum } from '../logs/checksum';
import {
  decodeSettlement,
  encodeHeader,
  encodeSettlement,
  RECORD_HEADER_BYTES,
  type SpoolSettlement,
} from './spool-record';
import { firstIdOf, isUnfinished, SpoolSegment, type FoundRecord } from './spool-segment';

export interface SpoolOptions {
  /** Where its files are; made when missing. */
  readonly directory: string;
  /** Where files go that can't be read, or belong to another one; made when needed. */
  readonly quarantine: string;
  /** What its files have in common with queue.db: those of another one are not touched. */
  readonly uid: string;
  /** Entries with ids up to this one are in queue.db, or gone. */
  readonly movedUpTo: number;
  /** New entries have ids from here on, or higher ones. */
  readonly firstId: number;
  /** Whether there is such a queue: what others still have here is gone. */
  readonly hasQueue: (queueId: number) => boolean;
  /** A file is followed by the next one at this size, in bytes. */
  readonly segmentBytes?: number;
}

/** A batch that is to be appended. */
export interface NewSpoolEntry {
  readonly queueId: number;
  readonly recordCount: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly data: Uint8Array;
}

/** An entry of the spool that is not finished. */
export interface SpoolEntry {
  readonly id: number;
  readonly queueId: number;
  readonly appendedAt: number;
  readonly recordCount: number;
  readonly byteCount: number;
  remaining: number;
  done: Uint8Array | undefined;
}

interface Placed extends SpoolEntry {
  readonly segment: SpoolSegment;
  readonly offset: number;
  readonly dataChecksum: number;
}

/** What a start found out that an administrator should know. */
export interface SpoolFindings {
  /** There is no file at all. */
  readonly isNew: boolean;
  /** Where files are now that did not belong to this spool. */
  readonly foreign: readonly string[];
  /** Bytes that are no records, though they stand between some. */
  readonly damagedBytes: number;
}

const SEGMENT_BYTES = 8 * 1024 * 1024;
/** A file of which nothing is needed any more is deleted from this size on while it is the one that is written. */
const IDLE_BYTES = 1024 * 1024;
const DIRECTORY_MODE = 0o700;

/**
 * Where entries of the delivery queues are written first: files that are only ever appended to, one `write` and one `fdatasync` for a
 * group, as they come from the encoder. Most are delivered within moments and cost no more than that; what waits longer is moved to
 * queue.db, compressed, oldest first.
 *
 * Notes of what was delivered go into the same files, never before the entries that they are about. So files are deleted from the
 * oldest one on, each once all of its entries are finished or moved.
 */
export class Spool {
  readonly findings: SpoolFindings;
  readonly #options: SpoolOptions;
  /** Oldest first; the last one is written. */
  readonly #segments: SpoolSegment[];
  /** In the order of their ids. */
  readonly #entries = new Map<number, Placed>();
  readonly #byQueue = new Map<number, Map<number, Placed>>();
  #nextId: number;

  private constructor(options: SpoolOptions, segments: SpoolSegment[], findings: SpoolFindings) {
    this.#options = options;
    this.#segments = segments;
    this.findings = findings;
    this.#nextId = Math.max(options.firstId, options.movedUpTo + 1);
  }

  /** Reads what the files hold and begins a new one. @throws StorageError `UNSUPPORTED_FORMAT`; what the file system says */
  static open(options: SpoolOptions): Spool {
    mkdirSync(options.directory, { recursive: true, mode: DIRECTORY_MODE });
    const { segments, foreign } = openSegments(options.directory, options.uid);
    let damagedBytes = 0;
    const found = segments.map((segment, index) => {
      const scan = segment.scan(index === segments.length - 1);
      segment.damaged = scan.damagedBytes > 0 || scan.records.some(({ intact }) => !intact);
      damagedBytes += scan.damagedBytes;
      return scan.records;
    });
    const moved = foreign.map((file) => quarantined(file, options.quarantine));
    for (const [index, file] of foreign.entries()) renameSync(file, moved[index] as string);
    const spool = new Spool(options, segments, { isNew: segments.length === 0, foreign: moved, damagedBytes });
    for (const [index, segment] of segments.entries()) spool.#takeFound(segment, found[index] ?? []);
    spool.#begin();
    spool.trim();
    return spool;
  }

  /** What the files of a spool hold just now, for somebody who only reads: nothing is changed. @see Spool.open */
  static inspect(options: Pick<SpoolOptions, 'directory' | 'uid' | 'hasQueue'>): Spool {
    const { segments } = openSegments(options.directory, options.uid, true);
    const nowhere = { quarantine: '', movedUpTo: 0, firstId: 0 };
    const spool = new Spool({ ...options, ...nowhere }, segments, { isNew: false, foreign: [], damagedBytes: 0 });
    for (const segment of segments) spool.#takeFound(segment, segment.scan(segment === segments.at(-1)).records);
    return spool;
  }

  /** A number that no entry of any queue has had. */
  takeId(): number {
    return this.#nextId++;
  }

  /** Bytes of its files. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /** Entries that are not finished. */
  get length(): number {
    return this.#entries.size;
  }

  /**
   * Appends entries and notes what became of others, all of it or nothing; returns after fsync the new ones. What is said of entries that
   * are not here is passed over.
   */
  write(
    entries: readonly NewSpoolEntry[],
    settlements: readonly { readonly queueId: number; readonly settlement: SpoolSettlement }[],
  ): SpoolEntry[] {
    const parts: Uint8Array[] = [];
    const placed: Omit<Placed, 'segment'>[] = [];
    const segment = this.#writable();
    let end = segment.size;
    for (const { queueId, recordCount, at, data } of entries) {
      const id = this.takeId();
      const dataChecksum = checksum(data);
      parts.push(
        encodeHeader({ kind: 'entry', queueId, id, at, recordCount, dataBytes: data.length, dataChecksum }),
        data,
      );
      const offset = end + RECORD_HEADER_BYTES;
      end = offset + data.length;
      const counts = { recordCount, remaining: recordCount, byteCount: data.length, done: undefined };
      placed.push({ id, queueId, appendedAt: at, ...counts, offset, dataChecksum });
    }
    const notes = settlements.map(({ queueId, settlement }) => this.#known(queueId, settlement));
    for (const [index, note] of notes.entries()) {
      if (note.finished.length === 0 && note.progressed.length === 0) continue;
      const data = encodeSettlement(note);
      const { queueId } = settlements[index] as { queueId: number };
      const dataChecksum = checksum(data);
      const header = { kind: 'settlement', queueId, id: 0, at: 0, recordCount: 0, dataBytes: data.length } as const;
      parts.push(encodeHeader({ ...header, dataChecksum }), data);
    }
    if (parts.length === 0) return [];
    segment.append(parts);
    const added = placed.map((entry) => this.#add({ ...entry, segment }));
    for (const note of notes) this.#apply(note);
    this.trim();
    return added;
  }

  get(queueId: number, id: number): SpoolEntry | undefined {
    const entry = this.#entries.get(id);
    return entry?.queueId === queueId ? entry : undefined;
  }

  hasEntries(queueId: number): boolean {
    return this.#byQueue.has(queueId);
  }

  /** Entries of all queues, or of one, oldest first. */
  entries(queueId?: number): Iterable<SpoolEntry> {
    return (queueId === undefined ? this.#entries : this.#byQueue.get(queueId))?.values() ?? [];
  }

  /** The encoded batch of an entry, with a buffer of its own; undefined when it is not what was written. */
  read(entry: SpoolEntry): Uint8Array<ArrayBuffer> | undefined {
    const placed = this.#entries.get(entry.id);
    if (placed === undefined) return undefined;
    const data = placed.segment.read(placed.offset, placed.byteCount);
    return checksum(data) === placed.dataChecksum ? data : undefined;
  }

  /** Lets go of entries that are in queue.db now, or whose queue is gone: nothing is noted, because queue.db tells. */
  forget(entries: readonly SpoolEntry[]): void {
    for (const { id } of entries) this.#remove(id);
    this.trim();
  }

  /** Keeps the file of an entry that can't be read, for whoever wants to look into it. */
  markDamaged(id: number): void {
    const placed = this.#entries.get(id);
    if (placed !== undefined) placed.segment.damaged = true;
  }

  /** Deletes the oldest files, as far as nothing of them is needed. */
  trim(): void {
    for (let oldest = this.#segments[0]; oldest !== undefined && oldest.live === 0; oldest = this.#segments[0]) {
      if (this.#segments.length === 1) return;
      this.#segments.shift();
      try {
        if (oldest.damaged) oldest.moveTo(quarantined(oldest.file, this.#options.quarantine));
        else oldest.remove();
      } catch {
        // The next start finds the file again, and what is finished in it. What is asked for here has been done.
      }
    }
  }

  /** When nothing waits: begins a new file in place of a large one. */
  trimIdle(): void {
    if (this.length === 0 && this.bytes > IDLE_BYTES) {
      this.#begin();
      this.trim();
    }
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
    this.#segments.length = 0;
  }

  #writable(): SpoolSegment {
    const current = this.#segments.at(-1);
    const limit = this.#options.segmentBytes ?? SEGMENT_BYTES;
    return current?.isWritable === true && current.size < limit ? current : this.#begin();
  }

  #begin(): SpoolSegment {
    const { directory, uid } = this.#options;
    // A file has its first id as its name: none may be of the one before, which may hold notes alone.
    const last = this.#segments.at(-1);
    if (last !== undefined) this.#skipIds(last.firstId + 1);
    const segment = SpoolSegment.create(directory, uid, this.#nextId);
    this.#segments.push(segment);
    return segment;
  }

  /** Ids below were given to others. */
  #skipIds(next: number): void {
    this.#nextId = Math.max(this.#nextId, next);
  }

  #takeFound(segment: SpoolSegment, records: readonly FoundRecord[]): void {
    for (const record of records) {
      const { kind, id, queueId, intact } = record;
      if (kind === 'entry') {
        this.#skipIds(id + 1);
        if (id <= this.#options.movedUpTo || !this.#options.hasQueue(queueId)) continue;
        const { at, recordCount, dataBytes, offset, dataChecksum } = record;
        const counts = { recordCount, remaining: recordCount, byteCount: dataBytes, done: undefined };
        this.#add({ id, queueId, appendedAt: at, ...counts, segment, offset, dataChecksum });
      } else if (intact) {
        this.#apply(this.#known(queueId, decodeSettlement(segment.read(record.offset, record.dataBytes))));
      }
    }
  }

  /** What a settlement says of entries that are here. */
  #known(queueId: number, { finished, progressed }: SpoolSettlement): SpoolSettlement {
    return {
      finished: finished.filter((id) => this.get(queueId, id) !== undefined),
      progressed: progressed.filter(({ id }) => this.get(queueId, id) !== undefined),
    };
  }

  #apply({ finished, progressed }: SpoolSettlement): void {
    for (const { id, done, remaining } of progressed) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) Object.assign(entry, { done, remaining });
    }
    for (const id of finished) this.#remove(id);
  }

  #add(entry: Placed): Placed {
    this.#entries.set(entry.id, entry);
    const queue = this.#byQueue.get(entry.queueId);
    if (queue === undefined) this.#byQueue.set(entry.queueId, new Map([[entry.id, entry]]));
    else queue.set(entry.id, entry);
    entry.segment.live++;
    return entry;
  }

  #remove(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    const queue = this.#byQueue.get(entry.queueId);
    queue?.delete(id);
    if (queue?.size === 0) this.#byQueue.delete(entry.queueId);
    entry.segment.live--;
  }
}

/** The files of a spool, oldest first, and those in its place that are not its own. */
function openSegments(
  directory: string,
  uid: string,
  isReadonly = false,
): { segments: SpoolSegment[]; foreign: string[] } {
  const segments: SpoolSegment[] = [];
  const foreign: string[] = [];
  for (const name of namesIn(directory).sort()) {
    const file = path.join(directory, name);
    try {
      const segment = isUnfinished(file) ? undefined : SpoolSegment.open(file, uid, isReadonly);
      if (segment !== undefined) segments.push(segment);
      else if (!isUnfinished(file)) foreign.push(file);
      else if (!isReadonly) rmSync(file);
    } catch (error) {
      // Its writer has just deleted it.
      if (!isReadonly || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return { segments, foreign };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => firstIdOf(name) !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The name of a file in quarantine: files of different spools may have the same one. */
function quarantined(file: string, directory: string): string {
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  const { name, ext } = path.parse(file);
  return path.join(directory, `spool-${name}-${new Date().toISOString().replace(/[:.]/g, '-')}${ext}`);
}
