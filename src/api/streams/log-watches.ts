import { parseRecordId } from '../../storage/logs/record-id';
import type { LogStore, RecordId } from '../../storage/log-store';
import type { Call } from '../call';
import { ApiError, validationError } from '../errors/api-error';
import { EventStream } from './event-stream';
import { LogWatch } from './log-watch';
import { RecordMatcher } from './record-matcher';
import { selectionOf, type SelectionParameters } from './stream-query';

/** Each watch looks at every record of its stream and may hold two MB for its reader. */
const MAX_WATCHES = 200;
const RETRY_SECONDS = 30;

/** All watches of the service. */
export class LogWatches {
  readonly #store: LogStore;
  readonly #open = new Set<LogWatch>();
  #closed = false;

  constructor(store: LogStore) {
    this.#store = store;
  }

  /**
   * Answers a request with a watch.
   * @throws ExprSyntaxError, ExprCompileError; ApiError for a bad `Last-Event-ID` and when there are too many watches
   */
  open(call: Call): void {
    const { request, response } = call;
    const stream = call.param('stream');
    const selection = selectionOf(call.query<SelectionParameters>());
    const matcher = new RecordMatcher(selection);
    const after = lastEventId(request.get('Last-Event-ID'), stream);
    if (this.#closed) throw new ApiError('UNAVAILABLE', 'the service is stopping', { retryAfter: RETRY_SECONDS });
    if (this.#open.size >= MAX_WATCHES) {
      throw new ApiError('RESOURCE_EXHAUSTED', `there are ${MAX_WATCHES} watches already`, {
        retryAfter: RETRY_SECONDS,
      });
    }
    const watch = new LogWatch(this.#store, new EventStream(response), { stream, ...selection }, matcher, after);
    this.#open.add(watch);
    response.once('close', () => {
      this.#open.delete(watch);
      watch.close();
    });
  }

  /** Ends all watches, and those that are yet to come. */
  close(): void {
    this.#closed = true;
    for (const watch of this.#open) watch.close();
    this.#open.clear();
  }
}

/** An id of the peer, whose uuid is random: only its time says where its reader has come to. */
const PEER_ID = /^entry:(.*):(\d{20}):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/s;

function lastEventId(header: string | undefined, stream: string): RecordId | undefined {
  if (header === undefined || header === '') return undefined;
  // Header values come as Latin-1; names of streams may be any Unicode, which clients send as UTF-8.
  const text = Buffer.from(header, 'latin1').toString('utf8');
  const id = parseRecordId(text);
  if (id?.stream === stream) return id;
  const [, peerStream, time] = PEER_ID.exec(text) ?? [];
  if (id === undefined && peerStream === stream) return { timestamp: Number(time), sequence: Infinity };
  throw validationError({ 'header:last-event-id': [`must be the id of an event of the stream "${stream}"`] });
}
