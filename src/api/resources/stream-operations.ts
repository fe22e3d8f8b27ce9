import { createHash } from 'node:crypto';
import { DEFAULT_STREAM_CONFIG, type LogStore, type StreamConfig } from '../../storage/log-store';
import type { Call, OperationHandlers } from '../call';
import { isConditional, requireMatch } from '../conditional';
import { countFieldValues, countOverTime } from '../streams/count-logs';
import { exportLogs, wantsLines } from '../streams/export-logs';
import type { LogWatches } from '../streams/log-watches';
import { queryLogs } from '../streams/query-logs';

/** 96 bits: no two configurations of a stream meet by chance. */
const TAG_LENGTH = 16;

interface ConfigureBody {
  readonly config: { readonly ttl: number; readonly size: number; readonly indexed_fields?: readonly string[] | null };
}

interface ListParameters {
  readonly internal: boolean;
}

/**
 * Streams, what they keep, and their records.
 *
 * @param internalStreams what the service writes about itself; not listed unless asked for
 */
export function streamOperations(
  store: LogStore,
  watches: LogWatches,
  internalStreams: readonly string[],
): OperationHandlers {
  // One change after the other, so that the state that a request asks for is still there when it makes its change.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const changing = (call: Call, change: () => Promise<void>): Promise<void> =>
    inTurn(async () => {
      const config = isConditional(call) ? await store.getStream(call.param('stream')) : undefined;
      requireMatch(call, config && tagOf(config));
      await change();
    });
  const create = (stream: string): Promise<StreamConfig> =>
    inTurn(async () => {
      const existing = await store.getStream(stream);
      if (existing === undefined) await store.configureStream(stream, DEFAULT_STREAM_CONFIG);
      return existing ?? DEFAULT_STREAM_CONFIG;
    });

  return {
    async list_streams(call: Call) {
      const streams = await store.listStreams();
      if (!call.query<ListParameters>().internal) for (const name of internalStreams) streams.delete(name);
      return { streams: Object.fromEntries(streams) };
    },

    async get_stream(call: Call) {
      const stream = call.param('stream');
      let config = await store.getStream(stream);
      // The peer creates what is asked for, and its clients count on it; a right to read is not enough for that here.
      if (config === undefined && call.principal.scopes.has('write_streams')) config = await create(stream);
      if (config !== undefined) call.response.setHeader('ETag', tagOf(config));
      return { config: config ?? DEFAULT_STREAM_CONFIG };
    },

    async configure_stream(call: Call) {
      const { ttl, size, indexed_fields } = call.body<ConfigureBody>().config;
      const config = { ttl, size, indexed_fields: [...new Set(indexed_fields ?? [])] };
      await changing(call, () => store.configureStream(call.param('stream'), config));
      call.response.setHeader('ETag', tagOf(config));
      return {};
    },

    async purge_stream(call: Call) {
      await changing(call, () => store.deleteStream(call.param('stream')));
      return {};
    },

    async list_stream_fields(call: Call) {
      return { fields: await store.listFields(call.param('stream')) };
    },

    async get_stream_usage(call: Call) {
      const { bytes, records } = await store.usage(call.param('stream'));
      return { usage: bytes, records };
    },

    async get_stream_indices(call: Call) {
      return { indices: await store.listIndexedValues(call.param('stream')) };
    },

    async query_stream(call: Call) {
      if (wantsLines(call)) await exportLogs(call, store);
      else await queryLogs(call, store);
      return undefined;
    },

    get_stream_histogram: (call: Call) => countOverTime(call, store),

    list_field_values: (call: Call) => countFieldValues(call, store),

    watch_logs(call: Call) {
      watches.open(call);
      return undefined;
    },
  };
}

/** Two configurations that are the same have the same tag (RFC 9110, section 8.8.3). */
function tagOf({ ttl, size, indexed_fields }: StreamConfig): string {
  const text = JSON.stringify([ttl, size, indexed_fields]);
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, TAG_LENGTH)}"`;
}
