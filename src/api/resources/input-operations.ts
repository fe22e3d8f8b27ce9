import { UdpListener, type RunningInput } from '../../inputs';
import type { RecordKinds, SenderEntry } from '../../inputs/ledger';
import type { Call, OperationHandlers } from '../call';

interface SendersQuery {
  readonly listener?: string;
  readonly address?: string;
  readonly sort?: SortKey;
  readonly order?: 'asc' | 'desc';
  readonly limit?: number;
  /** Seconds. */
  readonly silent_for?: number;
}

type SortKey = 'last_seen' | 'first_seen' | 'received' | 'bytes';

const SORT_VALUES: Readonly<Record<SortKey, (sender: SenderEntry) => number>> = {
  last_seen: ({ lastSeen }) => lastSeen,
  first_seen: ({ firstSeen }) => firstSeen,
  received: ({ received }) => received,
  bytes: ({ bytes }) => bytes,
};

/** What the listeners and their senders did since the start. */
export function inputOperations(inputs: () => readonly RunningInput[], now: () => number): OperationHandlers {
  return {
    list_inputs() {
      return { inputs: inputs().map(inputView) };
    },

    list_senders(call: Call) {
      const {
        listener,
        address,
        sort = 'last_seen',
        order = 'desc',
        limit = 100,
        silent_for,
      } = call.query<SendersQuery>();
      const seenBefore = silent_for === undefined ? Infinity : now() - silent_for * 1000;
      const found: { readonly listener: string; readonly sender: SenderEntry }[] = [];
      for (const { name, counters } of inputs()) {
        if (listener !== undefined && listener !== name) continue;
        for (const sender of counters.senders.values()) {
          if (address !== undefined && address !== sender.address) continue;
          if (sender.lastSeen <= seenBefore) found.push({ listener: name, sender });
        }
      }
      const valueOf = SORT_VALUES[sort];
      const sign = order === 'asc' ? 1 : -1;
      found.sort((a, b) => sign * (valueOf(a.sender) - valueOf(b.sender)));
      return {
        total: found.length,
        senders: found.slice(0, limit).map((item) => senderView(item.listener, item.sender)),
      };
    },
  };
}

function inputView(input: RunningInput): object {
  const { name, address, counters } = input;
  return {
    name,
    address,
    received: counters.received,
    bytes: counters.bytes,
    stored: counters.accepted,
    failed: counters.failed,
    refused: counters.refused,
    dropped: counters.dropped,
    in_flight: counters.inFlight,
    ...kindsView(counters.senders.totals()),
    refused_requests: counters.refusedRequests,
    connections: counters.connections,
    refused_connections: counters.connectionsRefused,
    senders: counters.senders.size,
    evicted_senders: counters.senders.evicted,
    ...(input instanceof UdpListener && { udp: socketView(input) }),
  };
}

function socketView({ kernelDropped, requestedBufferBytes, receiveBufferBytes }: UdpListener): object {
  return {
    kernel_dropped: kernelDropped ?? null,
    receive_buffer: { requested: requestedBufferBytes, effective: receiveBufferBytes },
  };
}

function kindsView({ parsed, flagged }: RecordKinds): object {
  return { parsed: Object.fromEntries(parsed), flagged: Object.fromEntries(flagged) };
}

function senderView(listener: string, sender: SenderEntry): object {
  return {
    listener,
    address: sender.address,
    received: sender.received,
    bytes: sender.bytes,
    ...kindsView(sender),
    refused: Object.fromEntries(sender.refused),
    dropped: Object.fromEntries(sender.dropped),
    refused_requests: Object.fromEntries(sender.refusedRequests),
    first_seen: new Date(sender.firstSeen).toISOString(),
    last_seen: new Date(sender.lastSeen).toISOString(),
    clock_skew_ms: sender.clockSkewMs ?? null,
    silent: sender.silent,
  };
}
