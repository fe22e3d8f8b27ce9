import type { Ingest } from '../../pipeline/ingest';
import type { OversizePolicy } from '../../syslog';
import type { Warn } from '../input';
import type { RateLimit } from '../rate-limit';
import type { Origins } from './origin-filter';
import type { SenderZones } from './sender-zones';

/** What all syslog listeners have alike, whatever the protocol. */
export interface SyslogListenerOptions {
  /** In metrics and log lines. */
  readonly name: string;
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** A socket that was handed to this process, in the place of `host` and `port`. */
  readonly descriptor?: number;
  /** Longest message in bytes, and what happens to longer ones. */
  readonly maxMessageBytes: number;
  readonly oversize: OversizePolicy;
  /** Zones of time stamps that carry none. */
  readonly zones: SenderZones;
  readonly origins: Origins;
  /** Of each sender. */
  readonly rateLimit: RateLimit;
  /** Pipelines that take the records; none: all that have a syslog source. */
  readonly pipelines: readonly string[];
  readonly ingest: Ingest;
  readonly warn: Warn;
  /** How long to wait for the store when the listener stops, in milliseconds. */
  readonly drainTimeoutMs: number;
}
