import { open, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

const MIB = 1024 * 1024;

/** The reserve when none is configured: this, or a share of a small file system, whichever is less. */
const DEFAULT_RESERVE_BYTES = 256 * MIB;
const DEFAULT_RESERVE_SHARE = 0.01;

/** Free space has to exceed the reserve by this share before records are taken again: no switching to and fro at the edge. */
const RESUME_MARGIN = 0.1;

/**
 * A file that only takes space. When others have filled the disk to the last byte it is removed: then there is room for
 * what a deletion writes before it frees anything, the write-ahead log of a few transactions.
 */
const BALLAST_FILE = 'reserve';
const BALLAST_BYTES = 4 * MIB;
/** The ballast never takes more than this share of a reserve. */
const BALLAST_SHARE = 0.25;
/** With less than this free, SQLite may be unable to write. */
const EDGE_BYTES = 2 * MIB;

/** How often free space is looked at, in milliseconds: some GB can come in a minute, not in a second. */
const INTERVAL_MS = 1_000;

/** Space of a file system, in bytes. */
export interface Space {
  /** What this user may still write. */
  readonly free: number;
  readonly size: number;
}

export interface DiskSpaceOptions {
  /** The data directory. */
  readonly directory: string;
  /** Bytes that shall stay free; 0 for the default. */
  readonly reserveBytes: number;
  /** Called when free space falls below the reserve and when it is back; not at the start. */
  readonly onChange?: (low: boolean, space: Space) => void;
  /** Called each time free space was found to be low: removes what is to be removed. */
  readonly makeRoom?: () => Promise<void>;
  /** For tests. */
  readonly measure?: (directory: string) => Promise<Space>;
}

/**
 * Watches the free space of the data directory, so that the service stops taking records before the disk is full: login,
 * queries and deletions need some space too.
 *
 * @example
 * const space = await DiskSpace.watch({ directory, reserveBytes: 0 });
 * if (space.low) refuse();
 */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  readonly #measure: (directory: string) => Promise<Space>;
  #space: Space = { free: Infinity, size: Infinity };
  #low = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;
  #hasBallast = false;

  private constructor(options: DiskSpaceOptions) {
    this.#options = options;
    this.#measure = options.measure ?? measureSpace;
  }

  /** Looks at the free space, now and from now on. @throws what the file system says about the directory */
  static async watch(options: DiskSpaceOptions): Promise<DiskSpace> {
    const space = new DiskSpace(options);
    space.#hasBallast = (await stat(space.#ballast).catch(() => undefined)) !== undefined;
    space.#space = await space.#measure(options.directory);
    space.#low = space.#isLow();
    await space.#keepBallast();
    space.#schedule();
    return space;
  }

  /** True while no records are to be taken. */
  get low(): boolean {
    return this.#low;
  }

  /** As of the last look. */
  get space(): Space {
    return this.#space;
  }

  /** Bytes that shall stay free. */
  get reserveBytes(): number {
    const { reserveBytes } = this.#options;
    if (reserveBytes > 0) return reserveBytes;
    return Math.floor(Math.min(DEFAULT_RESERVE_BYTES, this.#space.size * DEFAULT_RESERVE_SHARE));
  }

  /** Looks at once; otherwise it happens each second. */
  check(): Promise<void> {
    this.#running = this.#running.then(() => this.#look());
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.check().then(() => this.#schedule()), INTERVAL_MS).unref();
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    try {
      this.#space = await this.#measure(this.#options.directory);
      const before = this.#low;
      this.#low = this.#isLow();
      await this.#keepBallast();
      if (this.#low !== before) this.#options.onChange?.(this.#low, this.#space);
      if (this.#low) await this.#options.makeRoom?.();
    } catch {
      // What cannot be measured now is measured in a second; writing itself says what is wrong.
    }
  }

  #isLow(): boolean {
    const reserve = this.reserveBytes;
    return this.#space.free < (this.#low ? reserve * (1 + RESUME_MARGIN) : reserve);
  }

  get #ballast(): string {
    return path.join(this.#options.directory, BALLAST_FILE);
  }

  async #keepBallast(): Promise<void> {
    if (this.#hasBallast && this.#space.free < EDGE_BYTES) {
      await rm(this.#ballast, { force: true });
      this.#hasBallast = false;
    } else if (!this.#hasBallast && !this.#low && this.#space.free > this.reserveBytes + 2 * BALLAST_BYTES) {
      await this.#writeBallast();
    }
  }

  async #writeBallast(): Promise<void> {
    const bytes = Math.floor(Math.min(BALLAST_BYTES, this.reserveBytes * BALLAST_SHARE));
    // Written and not just made long: a file of holes takes no space.
    const handle = await open(this.#ballast, 'w', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(bytes));
      await handle.sync();
      this.#hasBallast = true;
    } catch {
      await rm(this.#ballast, { force: true });
    } finally {
      await handle.close();
    }
  }
}

/** Space of the file system that holds a directory. */
export async function measureSpace(directory: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { free: bavail * bsize, size: blocks * bsize };
}
