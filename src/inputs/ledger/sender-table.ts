/** Senders that are remembered for each listener. */
export const MAX_SENDERS = 10_000;
/** Forgotten at once when a table is full, so that a flood of forged addresses does not sort it for each of them. */
const EVICTED_AT_ONCE = 1_000;

/** A sender's rhythm is looked at in steps of this length, in milliseconds: what comes within one step is one burst. */
const STEP_MS = 1_000;
/** What an earlier pause still weighs after each one that follows: the last hundred or so count. */
const RHYTHM_DECAY = 0.98;
/** A longer pause, or one below zero, tells of a clock that was set and nothing of a rhythm; in milliseconds. */
const MAX_PAUSE_MS = 7 * 24 * 60 * 60_000;

/** What is known of a sender over a restart. Times are milliseconds since the epoch. */
export interface RememberedSender {
  readonly address: string;
  readonly first_seen: number;
  readonly last_seen: number;
  /** Its rhythm, see {@link SenderEntry.usualPauseMs}. */
  readonly pauses: number;
  readonly squared_pauses: number;
  /** It was told of as silent, and nothing has come since. */
  readonly silent: boolean;
}

/** What one sender did since it was first seen; records and bytes since the start. Times are milliseconds since the epoch. */
export class SenderEntry {
  received = 0;
  bytes = 0;
  /** Records by how they were understood, e.g. `rfc5424`, `unparsed`, `protobuf`. */
  readonly parsed = new Map<string, number>();
  /** Records that something is the matter with and that were kept, e.g. `invalid_utf8`. */
  readonly flagged = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly dropped = new Map<string, number>();
  /** Requests that were answered with an error before it was known how many records they hold. */
  readonly refusedRequests = new Map<string, number>();
  lastSeen: number;
  /** Event time minus time of arrival of the records looked at, in milliseconds; undefined before the first one. */
  clockSkewMs: number | undefined;
  /** It was regular in an earlier run. */
  recalled = false;
  /** Steps in which something came. */
  activeSteps = 1;
  #stepStart: number;
  #pauses = 0;
  #squaredPauses = 0;
  /** Nobody listened before. */
  #listenedSince: number;
  /** Last seen when it was told of as silent. */
  #silentSince: number | undefined;

  constructor(
    readonly address: string,
    public firstSeen: number,
  ) {
    this.lastSeen = firstSeen;
    this.#stepStart = firstSeen;
    this.#listenedSince = firstSeen;
  }

  get remembered(): RememberedSender {
    return {
      address: this.address,
      first_seen: this.firstSeen,
      last_seen: this.lastSeen,
      pauses: this.#pauses,
      squared_pauses: this.#squaredPauses,
      silent: this.silent && !this.isBack,
    };
  }

  /** Takes up what an earlier run knew. @param now the begin of this one, before which silence means nothing */
  recall({ first_seen, last_seen, pauses, squared_pauses, silent }: RememberedSender, now: number): void {
    this.recalled = true;
    this.firstSeen = first_seen;
    this.#pauses = pauses;
    this.#squaredPauses = squared_pauses;
    this.#listenedSince = now;
    if (silent) this.#silentSince = last_seen;
  }

  /** Set by the check for silent senders, and taken back by it. */
  get silent(): boolean {
    return this.#silentSince !== undefined;
  }

  set silent(silent: boolean) {
    this.#silentSince = silent ? this.lastSeen : undefined;
  }

  /** Something came since it was told of as silent. */
  get isBack(): boolean {
    return this.#silentSince !== undefined && this.lastSeen > this.#silentSince;
  }

  /** How long nothing has come although somebody listened, in milliseconds. */
  silenceMs(now: number): number {
    return now - Math.max(this.lastSeen, this.#listenedSince);
  }

  /** Notes that something came. True when a new step began: what need not be looked at each time can be then. */
  seen(now: number): boolean {
    this.lastSeen = now;
    const pause = now - this.#stepStart;
    if (pause >= 0 && pause < STEP_MS) return false;
    this.#stepStart = now;
    this.activeSteps++;
    if (pause < 0 || pause > MAX_PAUSE_MS) return true;
    // An outage is no part of its rhythm: the next one would go unnoticed for as long.
    if (this.silent) return true;
    this.#pauses = this.#pauses * RHYTHM_DECAY + pause;
    this.#squaredPauses = this.#squaredPauses * RHYTHM_DECAY + pause * pause;
    return true;
  }

  /** The clock went on or back by so many milliseconds, lately: what was seen before has the age that it had. */
  clockWasSet(byMs: number, now: number): void {
    if (byMs > 0 || this.#listenedSince > now) this.#listenedSince = Math.min(this.#listenedSince + byMs, now);
    if (byMs < 0 && this.lastSeen <= now) return;
    if (this.#silentSince !== undefined) this.#silentSince += byMs;
    this.lastSeen = Math.min(this.lastSeen + byMs, now);
    this.#stepStart = this.lastSeen;
  }

  /**
   * The pause that one usually is in, in milliseconds: pauses weighed by their length, so that it is the time between two
   * bursts for a sender that sends thousands of records at once and then nothing for minutes.
   */
  get usualPauseMs(): number {
    return this.#pauses === 0 ? 0 : this.#squaredPauses / this.#pauses;
  }
}

/** Records by how they were understood, and those that something is the matter with. */
export interface RecordKinds {
  readonly parsed: Map<string, number>;
  readonly flagged: Map<string, number>;
}

function addKinds(from: RecordKinds, to: RecordKinds): void {
  for (const [kind, records] of from.parsed) count(to.parsed, kind, records);
  for (const [flag, records] of from.flagged) count(to.flagged, flag, records);
}

/** The senders of one listener, by address. The least recently seen are forgotten when there are too many. */
export class SenderTable {
  /** Senders that were forgotten. */
  evicted = 0;
  readonly #maxSenders: number;
  readonly #entries = new Map<string, SenderEntry>();
  readonly #forgotten: RecordKinds = { parsed: new Map(), flagged: new Map() };
  #last: SenderEntry | undefined;

  constructor(maxSenders = MAX_SENDERS) {
    this.#maxSenders = maxSenders;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The entry of an address, made when there is none. Ask again for each message or batch: entries are forgotten. */
  entry(address: string, now: number): SenderEntry {
    if (this.#last?.address === address) return this.#last;
    let entry = this.#entries.get(address);
    if (entry === undefined) {
      if (this.#entries.size >= this.#maxSenders) this.#evict();
      entry = new SenderEntry(address, now);
      this.#entries.set(address, entry);
    }
    this.#last = entry;
    return entry;
  }

  /** Takes up a sender of an earlier run. @param now the begin of this one */
  recall(sender: RememberedSender, now: number): void {
    const known = this.#entries.has(sender.address);
    if (!known && this.#entries.size >= this.#maxSenders) return;
    const entry = this.entry(sender.address, now);
    if (!known) entry.lastSeen = sender.last_seen;
    entry.recall(sender, now);
  }

  values(): IterableIterator<SenderEntry> {
    return this.#entries.values();
  }

  /** The sums over all senders since the start, forgotten ones too. */
  totals(): RecordKinds {
    const totals: RecordKinds = { parsed: new Map(), flagged: new Map() };
    addKinds(this.#forgotten, totals);
    for (const entry of this.#entries.values()) addKinds(entry, totals);
    return totals;
  }

  #evict(): void {
    const oldest = [...this.#entries.values()].sort((a, b) => a.lastSeen - b.lastSeen);
    const count = Math.min(EVICTED_AT_ONCE, Math.ceil(this.#maxSenders / 10));
    for (const entry of oldest.slice(0, count)) {
      addKinds(entry, this.#forgotten);
      this.#entries.delete(entry.address);
    }
    this.evicted += count;
    this.#last = undefined;
  }
}

/** Adds to one of an entry's counts. */
export function count(counts: Map<string, number>, reason: string, by = 1): void {
  counts.set(reason, (counts.get(reason) ?? 0) + by);
}
