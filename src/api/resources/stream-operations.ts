import { DEFAULT_STREAM_CONFIG, type LogStore, type StreamConfig } from '../../storage/log-store';
import type { Call, OperationHandlers } from '../call';
import { countFieldValues, countOverTime } from '../streams/count-logs';
import { exportLogs, wantsLines } from '../streams/export-logs';
import type { LogWatches } from '../streams/log-watches';
import { queryLogs } from '../streams/query-logs';

interface ConfigureBody {
  readonly config: { readonly ttl: number; readonly size: number; readonly indexed_fields?: readonly string[] | null };
}

/** Streams, what they keep, and their records. */
export function streamOperations(store: LogStore, watches: LogWatches): OperationHandlers {
  return {
    async list_streams() {
      return { streams: Object.fromEntries(await store.listStreams()) };
    },

    async get_stream(call: Call) {
      const config: StreamConfig = (await store.getStream(call.param('stream'))) ?? DEFAULT_STREAM_CONFIG;
      return { config };
    },

    async configure_stream(call: Call) {
      const { ttl, size, indexed_fields } = call.body<ConfigureBody>().config;
      await store.configureStream(call.param('stream'), {
        ttl,
        size,
        indexed_fields: [...new Set(indexed_fields ?? [])],
      });
      return {};
    },

    async purge_stream(call: Call) {
      await store.deleteStream(call.param('stream'));
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
