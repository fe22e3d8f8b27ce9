import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checksum } from '../logs/checksum';
import {
  decodeSettlement,
  encodeSettlement,
  RECORD_HEADER_BYTES,
  type SpoolRecordHeader,
  type SpoolSettlement,
} from './spool-record';
import {
  firstIdOf,
  isUnfinished,
  SpoolSegment,
  syncDirectory,
  type FoundRecord,
  type PlacedRecord,
} from './spool-segment';

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
  /** How often it could not be read. */
  failures: number;
}

/** The entries of one queue. */
interface SpoolQueue {
  /** In the order of their ids. */
  readonly entries: Map<number, Placed>;
  bytes: number;
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

const NOTHING_FOUND: SpoolFindings = { isNew: false, foreign: [], damagedBytes: 0 };

const SEGMENT_BYTES = 8 * 1024 * 1024;
/** A file of which nothing is needed any more is deleted from this size on while it is the one that is written. */
const IDLE_BYTES = 1024 * 1024;
const DIRECTORY_MODE = 0o700;
/** What the disk fails to give so many times is taken for damage: it must not keep all else from being moved for ever. */
const MAX_READ_FAILURES = 5;
/** A reader lists the files again so many times when some are deleted meanwhile. */
const MAX_LISTINGS = 20;

/**
 * Where entries of the delivery queues are written first: files that are only ever appended to, one `write` and one `fdatasync` for a
 * group, as they come from the encoder. Most are delivered within moments and cost no more than that; what waits longer is moved to
 * queue.db, compressed, oldest first.
 *
 * Notes of what was delivered go into the same files, never before the entries that they are about. So files are deleted from the
 * oldest one on, each once all of its entries are finished or moved.
 */
export class Spool {
  /** What {@link Spool.open} found out. */
  findings = NOTHING_FOUND;
  readonly #options: SpoolOptions;
  /** Oldest first; the last one is written. */
  readonly #segments: SpoolSegment[];
  /** In the order of their ids. */
  readonly #entries = new Map<number, Placed>();
  readonly #byQueue = new Map<number, SpoolQueue>();
  #nextId: number;

  private constructor(options: SpoolOptions, segments: SpoolSegment[]) {
    this.#options = options;
    this.#segments = segments;
    this.#nextId = Math.max(options.firstId, options.movedUpTo + 1);
  }

  /** Reads what the files hold; {@link start} must follow. @throws StorageError `UNSUPPORTED_FORMAT`; what the file system says */
  static open(options: SpoolOptions): Spool {
    const { directory, quarantine, uid } = options;
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    // What is in it is as durable as its own name.
    syncDirectory(path.dirname(directory));
    const { segments, foreign } = openSegments(directory, uid);
    const spool = new Spool(options, segments);
    try {
      const moved = foreign.map((file) => {
        const target = quarantined(file, quarantine);
        renameSync(file, target);
        return target;
      });
      let damagedBytes = 0;
      // One after the other: small records take more memory than room in a file.
      for (const segment of segments) {
        const scan = segment.scan(segment === segments.at(-1));
        segment.damaged = scan.damagedBytes > 0 || scan.records.some(({ intact }) => !intact);
        damagedBytes += scan.damagedBytes;
        spool.#takeFound(segment, scan.records);
      }
      spool.findings = { isNew: segments.length === 0, foreign: moved, damagedBytes };
      return spool;
    } catch (error) {
      spool.close();
      throw error;
    }
  }

  /** What the files of a spool hold just now, for somebody who only reads: nothing is changed. @see Spool.open */
  static inspect(options: Pick<SpoolOptions, 'directory' | 'uid' | 'hasQueue'>): Spool {
    const { segments } = openSegments(options.directory, options.uid, true);
    const nowhere = { quarantine: '', movedUpTo: 0, firstId: 0 };
    const spool = new Spool({ ...options, ...nowhere }, segments);
    for (const segment of segments) spool.#takeFound(segment, segment.scan(segment === segments.at(-1)).records);
    return spool;
  }

  /** Makes the file that is written, and deletes what is not needed. @throws what the file system says */
  start(): void {
    try {
      if (this.#segments.at(-1)?.isWritable !== true) this.#begin();
    } catch (error) {
      // A full disk must not keep what waits from being delivered; whoever writes tries again.
      if (this.#segments.length === 0) throw error;
    }
    this.trim();
    this.#trimEmpty();
  }

  /** A number that no entry of any queue has had. */
  takeId(): number {
    return this.#nextId++;
  }

  /** Bytes of its files. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /** Records in its files, of entries and of what became of them: what the next start has to look at. */
  get records(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.records, 0);
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
    const notes = settlements.flatMap(({ queueId, settlement }) => {
      const note = this.#known(queueId, settlement);
      return note.finished.length + note.progressed.length === 0 ? [] : [{ queueId, note }];
    });
    // Nothing that could fail, then.
    if (entries.length + notes.length === 0) return [];
    const segment = this.#writable();
    const parts: Uint8Array[] = [];
    const placed: Placed[] = [];
    let end = segment.size;
    const put = (header: Omit<SpoolRecordHeader, 'dataBytes' | 'dataChecksum'>, data: Uint8Array): PlacedRecord => {
      const record = { ...header, dataBytes: data.length, dataChecksum: checksum(data) };
      parts.push(segment.header(record), data);
      const offset = end + RECORD_HEADER_BYTES;
      end = offset + data.length;
      return { ...record, offset };
    };
    for (const { queueId, recordCount, at, data } of entries) {
      placed.push(placedEntry(segment, put({ kind: 'entry', queueId, id: this.takeId(), at, recordCount }, data)));
    }
    for (const { queueId, note } of notes) {
      put({ kind: 'settlement', queueId, id: 0, at: 0, recordCount: 0 }, encodeSettlement(note));
    }
    try {
      segment.append(parts);
    } catch (error) {
      if (segment.isEmpty) this.#abandon(segment);
      throw error;
    }
    segment.records += entries.length + notes.length;
    for (const entry of placed) this.#add(entry);
    for (const { note } of notes) this.#apply(note);
    this.trim();
    return placed;
  }

  get(queueId: number, id: number): SpoolEntry | undefined {
    const entry = this.#entries.get(id);
    return entry?.queueId === queueId ? entry : undefined;
  }

  hasEntries(queueId: number): boolean {
    return this.#byQueue.has(queueId);
  }

  /** Bytes of a queue's entries. */
  bytesOf(queueId: number): number {
    return this.#byQueue.get(queueId)?.bytes ?? 0;
  }

  /** Entries of all queues, or of one, oldest first. */
  entries(queueId?: number): Iterable<SpoolEntry> {
    return (queueId === undefined ? this.#entries : this.#byQueue.get(queueId)?.entries)?.values() ?? [];
  }

  /**
   * The encoded batch of an entry, with a buffer of its own; undefined when it is not what was written.
   * @throws what the file system says, the first few times
   */
  read(entry: SpoolEntry): Uint8Array<ArrayBuffer> | undefined {
    const placed = this.#entries.get(entry.id);
    if (placed === undefined) return undefined;
    try {
      const data = placed.segment.read(placed.offset, placed.byteCount);
      return checksum(data) === placed.dataChecksum ? data : undefined;
    } catch (error) {
      if (++placed.failures < MAX_READ_FAILURES) throw error;
      return undefined;
    }
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
      try {
        if (oldest.damaged) oldest.moveTo(quarantined(oldest.file, this.#options.quarantine));
        else oldest.remove();
      } catch {
        // The next call tries again. Those behind it stay, too: without what they say of its entries these would come back.
        return;
      }
      this.#segments.shift();
    }
  }

  /** When nothing waits: begins a new file in place of a large one. */
  trimIdle(): void {
    if (this.length > 0 || this.bytes <= IDLE_BYTES) return;
    try {
      if (this.#segments.at(-1)?.isEmpty !== true) this.#begin();
    } catch {
      // There is no room for a file: the next call tries again, and other room can be made meanwhile.
    }
    this.trim();
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
    try {
      const segment = SpoolSegment.create(directory, uid, this.#nextId);
      this.#segments.push(segment);
      return segment;
    } catch (error) {
      // Something with its name may have been left.
      this.#nextId++;
      throw error;
    }
  }

  /** The newest file could not take what it was made for: it is not kept, else a full disk would get thousands of them. */
  #abandon(segment: SpoolSegment): void {
    // The last one keeps the ids: they are not to be given again.
    if (this.#segments.length === 1) return;
    try {
      segment.remove();
      this.#segments.pop();
    } catch {
      // It is deleted with those before it.
    }
  }

  /** Deletes files between others that nothing was written to: each start may leave one. */
  #trimEmpty(): void {
    for (const segment of this.#segments.slice(0, -1)) {
      if (!segment.isEmpty) continue;
      try {
        segment.remove();
        this.#segments.splice(this.#segments.indexOf(segment), 1);
      } catch {
        // It takes next to no room.
      }
    }
  }

  /** Ids below were given to others. */
  #skipIds(next: number): void {
    this.#nextId = Math.max(this.#nextId, next);
  }

  #takeFound(segment: SpoolSegment, records: readonly FoundRecord[]): void {
    this.#skipIds(segment.firstId);
    segment.records = records.length;
    for (const record of records) {
      const { kind, id, queueId, intact } = record;
      if (kind === 'entry') {
        this.#skipIds(id + 1);
        if (id <= this.#options.movedUpTo || !this.#options.hasQueue(queueId)) continue;
        this.#add(placedEntry(segment, record));
      } else if (intact) {
        this.#apply(this.#known(queueId, decodeSettlement(record.data)));
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

  #add(entry: Placed): void {
    this.#entries.set(entry.id, entry);
    let queue = this.#byQueue.get(entry.queueId);
    if (queue === undefined) {
      queue = { entries: new Map(), bytes: 0 };
      this.#byQueue.set(entry.queueId, queue);
    }
    queue.entries.set(entry.id, entry);
    queue.bytes += entry.byteCount;
    entry.segment.live++;
  }

  #remove(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    const queue = this.#byQueue.get(entry.queueId) as SpoolQueue;
    queue.entries.delete(id);
    queue.bytes -= entry.byteCount;
    if (queue.entries.size === 0) this.#byQueue.delete(entry.queueId);
    entry.segment.live--;
  }
}

function placedEntry(segment: SpoolSegment, record: PlacedRecord): Placed {
  const { id, queueId, at, recordCount, dataBytes, offset, dataChecksum } = record;
  const counts = { recordCount, remaining: recordCount, byteCount: dataBytes, done: undefined };
  return { id, queueId, appendedAt: at, ...counts, segment, offset, dataChecksum, failures: 0 };
}

interface OpenedSegments {
  readonly segments: SpoolSegment[];
  /** Files in the spool's place that are not its own. */
  readonly foreign: string[];
}

/** The files of a spool, oldest first. */
function openSegments(directory: string, uid: string, isReadonly = false): OpenedSegments {
  for (let listing = 1; ; listing++) {
    const segments: SpoolSegment[] = [];
    try {
      return openListed(directory, uid, isReadonly, segments);
    } catch (error) {
      for (const segment of segments) segment.close();
      // Its writer has just deleted it. One of the others may hold what it said is finished: all are looked for anew.
      const isDeleted = isReadonly && (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isDeleted || listing === MAX_LISTINGS) throw error;
    }
  }
}

/** @param segments where they are put as they are opened, also when a later one fails */
function openListed(directory: string, uid: string, isReadonly: boolean, segments: SpoolSegment[]): OpenedSegments {
  const foreign: string[] = [];
  for (const name of namesIn(directory).sort()) {
    const file = path.join(directory, name);
    const segment = isUnfinished(file) ? undefined : SpoolSegment.open(file, uid, isReadonly);
    if (segment !== undefined) segments.push(segment);
    else if (!isUnfinished(file)) foreign.push(file);
    else if (!isReadonly) rmSync(file);
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
