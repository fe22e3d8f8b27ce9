import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ForwarderService, ForwarderStatus } from '../../forwarders';
import {
  INPUT_DROP_REASONS,
  INPUT_REFUSAL_REASONS,
  REQUEST_REFUSAL_REASONS,
  UdpListener,
  type RunningInput,
} from '../../inputs';
import { DROP_REASONS, type EngineCounters } from '../../pipeline';
import type { LogStoreStatus } from '../../storage/log-store';
import type { LogStoreCounters } from '../../storage/logs';
import type { TlsCertificate } from '../../tls';
import type { DiskState } from './service-health';

/** Whose figures are shown. All of them are read when a scrape asks, so that counting costs records nothing. */
export interface MetricSources {
  readonly inputs: () => readonly RunningInput[];
  readonly engine: EngineCounters;
  readonly forwarders: Pick<ForwarderService, 'names' | 'status'>;
  readonly store: { readonly counters: LogStoreCounters; status(): LogStoreStatus };
  readonly disk: DiskState;
  readonly certificates: () => readonly TlsCertificate[];
}

/** Prometheus metrics of the service; the peer's two series keep their names. */
export function createServiceMetrics(sources: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addInputMetrics(registry, sources);
  addPipelineMetrics(registry, sources);
  addForwarderMetrics(registry, sources);
  addStoreMetrics(registry, sources);
  addDiskMetrics(registry, sources);
  addCertificateMetrics(registry, sources);
  return registry;
}

/** A counter whose values are taken from elsewhere at each scrape. */
function counter(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: (add: (value: number, labels?: Record<string, string>) => void) => void,
): void {
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      read((value, labels = {}) => this.inc(labels, value));
    },
  });
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: (set: (value: number, labels?: Record<string, string>) => void) => void,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      read((value, labels = {}) => this.set(labels, value));
    },
  });
}

function addInputMetrics(registry: Registry, { inputs }: MetricSources): void {
  counter(
    registry,
    'logweir_input_records_received_total',
    'Records received, dropped ones included',
    ['input'],
    (add) => {
      for (const { name, counters } of inputs()) add(counters.received, { input: name });
    },
  );
  counter(registry, 'logweir_input_bytes_received_total', 'Bytes received', ['input'], (add) => {
    for (const { name, counters } of inputs()) add(counters.bytes, { input: name });
  });
  counter(registry, 'logweir_input_records_accepted_total', 'Records handed on and durable', ['input'], (add) => {
    for (const { name, counters } of inputs()) add(counters.accepted, { input: name });
  });
  const dropped = 'Records that an input received and did not hand on, by reason';
  counter(registry, 'logweir_input_records_dropped_total', dropped, ['input', 'reason'], (add) => {
    for (const { name, counters } of inputs()) {
      for (const reason of INPUT_DROP_REASONS) add(counters.dropped[reason], { input: name, reason });
    }
  });
  const failedHelp = 'Records that a pipeline failed on; they are in the stream _failed';
  counter(registry, 'logweir_input_records_failed_total', failedHelp, ['input'], (add) => {
    for (const { name, counters } of inputs()) add(counters.failed, { input: name });
  });
  const refusedHelp = 'Records given back to their sender, by reason';
  counter(registry, 'logweir_input_records_refused_total', refusedHelp, ['input', 'reason'], (add) => {
    for (const { name, counters } of inputs()) {
      for (const reason of INPUT_REFUSAL_REASONS) add(counters.refused[reason], { input: name, reason });
    }
  });
  const requests = 'Requests answered with an error before their records were counted, by reason';
  counter(registry, 'logweir_input_requests_refused_total', requests, ['input', 'reason'], (add) => {
    for (const { name, counters } of inputs()) {
      for (const reason of REQUEST_REFUSAL_REASONS) add(counters.refusedRequests[reason], { input: name, reason });
    }
  });
  const parsed = 'Records by how they were understood';
  counter(registry, 'logweir_input_records_parsed_total', parsed, ['input', 'kind'], (add) => {
    for (const { name, counters } of inputs()) {
      for (const [kind, records] of counters.senders.totals().parsed) add(records, { input: name, kind });
    }
  });
  const flagged = 'Records that something is the matter with and that were kept, e.g. invalid UTF-8';
  counter(registry, 'logweir_input_records_flagged_total', flagged, ['input', 'flag'], (add) => {
    for (const { name, counters } of inputs()) {
      for (const [flag, records] of counters.senders.totals().flagged) add(records, { input: name, flag });
    }
  });
  gauge(registry, 'logweir_input_records_in_flight', 'Records received and not yet settled', ['input'], (set) => {
    for (const { name, counters } of inputs()) set(counters.inFlight, { input: name });
  });
  const refused = 'Connections turned away';
  counter(registry, 'logweir_input_connections_refused_total', refused, ['input'], (add) => {
    for (const { name, counters } of inputs()) add(counters.connectionsRefused, { input: name });
  });
  gauge(registry, 'logweir_input_connections', 'Connections now open', ['input'], (set) => {
    for (const { name, counters } of inputs()) set(counters.connections, { input: name });
  });
  const kernel = 'Datagrams that the kernel dropped because the receive buffer was full';
  counter(registry, 'logweir_udp_kernel_dropped_total', kernel, ['input'], (add) => {
    for (const input of inputs()) {
      if (input instanceof UdpListener && input.kernelDropped !== undefined)
        add(input.kernelDropped, { input: input.name });
    }
  });
  const buffer = 'Receive buffer of a UDP listener in bytes, as requested and as granted by the kernel';
  gauge(registry, 'logweir_udp_receive_buffer_bytes', buffer, ['input', 'kind'], (set) => {
    for (const input of inputs()) {
      if (!(input instanceof UdpListener)) continue;
      set(input.requestedBufferBytes, { input: input.name, kind: 'requested' });
      set(input.receiveBufferBytes, { input: input.name, kind: 'effective' });
    }
  });
}

function addPipelineMetrics(registry: Registry, { engine }: MetricSources): void {
  counter(registry, 'flowg_pipeline_log_total', 'Records by pipeline and outcome', ['pipeline', 'status'], (add) => {
    for (const [pipeline, counters] of engine.pipelines) {
      add(counters.success, { pipeline, status: 'success' });
      add(counters.error, { pipeline, status: 'error' });
    }
  });
  const failed = 'Records that a node failed on; they are in the stream _failed';
  counter(registry, 'logweir_pipeline_records_failed_total', failed, ['pipeline'], (add) => {
    for (const [pipeline, counters] of engine.pipelines) add(counters.failed, { pipeline });
  });
  const dropped = 'Records that ended in a pipeline by its own intent, by reason';
  counter(registry, 'logweir_pipeline_records_dropped_total', dropped, ['pipeline', 'reason'], (add) => {
    for (const [pipeline, counters] of engine.pipelines) {
      for (const reason of DROP_REASONS) add(counters.dropped[reason], { pipeline, reason });
    }
  });
  const unclaimed = 'Records dropped because no pipeline has a source for them';
  counter(registry, 'logweir_records_unclaimed_total', unclaimed, ['entrypoint'], (add) => {
    for (const [entrypoint, count] of Object.entries(engine.unclaimed)) add(count, { entrypoint });
  });
  counter(registry, 'logweir_records_refused_total', 'Records refused because too much was in flight', [], (add) => {
    add(engine.refused);
  });
}

/** One figure for each forwarder. */
type ForwarderFigure = readonly [name: string, help: string, read: (status: ForwarderStatus) => number];

const FORWARDER_COUNTERS: readonly ForwarderFigure[] = [
  ['delivered', 'Records that the destination took', ({ figures }) => figures.delivered],
  ['retried', 'Records that were offered again', ({ figures }) => figures.retried],
  ['dead', 'Records that became dead letters', ({ figures }) => figures.deadLetters],
];

const FORWARDER_DROPS: readonly (readonly [reason: string, read: (status: ForwarderStatus) => number])[] = [
  ['queue_full_oldest', ({ drops }) => drops.oldest],
  ['queue_full_newest', ({ figures }) => figures.droppedNewest],
  ['dead_letters_full', ({ drops }) => drops.deadLetters],
  ['damaged', ({ drops }) => drops.damaged],
];

const FORWARDER_GAUGES: readonly ForwarderFigure[] = [
  ['queue_records', 'Records waiting to be delivered', ({ queue }) => queue.records],
  ['queue_bytes', 'Bytes on disk of what waits', ({ queue }) => queue.bytes],
  ['queue_oldest_seconds', 'Age of what waits longest', ({ oldestAgeMs }) => oldestAgeMs / 1000],
  ['dead_letters', 'Dead letters that are kept', ({ queue }) => queue.deadLetters],
  ['up', 'Whether it delivers: 0 while paused or unavailable', ({ state }) => (state === 'running' ? 1 : 0)],
  [
    'last_success_timestamp_seconds',
    'When the destination last took a record; 0: not since the start',
    ({ figures }) => (figures.lastSuccessAt ?? 0) / 1000,
  ],
];

function addForwarderMetrics(registry: Registry, { forwarders }: MetricSources): void {
  for (const [name, help, read] of FORWARDER_COUNTERS) {
    counter(registry, `logweir_forwarder_records_${name}_total`, help, ['forwarder'], (add) => {
      for (const forwarder of forwarders.names) add(read(forwarders.status(forwarder)), { forwarder });
    });
  }
  const attempts = 'Attempts after which nothing was taken';
  counter(registry, 'logweir_forwarder_failed_attempts_total', attempts, ['forwarder'], (add) => {
    for (const forwarder of forwarders.names) add(forwarders.status(forwarder).figures.failedAttempts, { forwarder });
  });
  const dropped = 'Records that a forwarder gave up, by reason';
  counter(registry, 'logweir_forwarder_records_dropped_total', dropped, ['forwarder', 'reason'], (add) => {
    for (const forwarder of forwarders.names) {
      const status = forwarders.status(forwarder);
      for (const [reason, read] of FORWARDER_DROPS) add(read(status), { forwarder, reason });
    }
  });
  for (const [name, help, read] of FORWARDER_GAUGES) {
    gauge(registry, `logweir_forwarder_${name}`, help, ['forwarder'], (set) => {
      for (const forwarder of forwarders.names) set(read(forwarders.status(forwarder)), { forwarder });
    });
  }
}

function addStoreMetrics(registry: Registry, { store }: MetricSources): void {
  const { counters } = store;
  counter(registry, 'flowg_stream_log_total', 'Records stored by stream', ['stream'], (add) => {
    for (const [stream, count] of counters.storedByStream) add(count, { stream });
  });
  const plain: readonly [name: string, help: string, read: () => number][] = [
    ['logweir_store_commits_total', 'Group commits', () => counters.commits],
    ['logweir_store_commits_failed_total', 'Group commits that failed', () => counters.failedCommits],
    ['logweir_store_committed_bytes_total', 'Bytes written to the journal', () => counters.committedBytes],
    ['logweir_store_commit_seconds_total', 'Time spent waiting for commits', () => counters.commitSeconds],
    ['logweir_store_queries_total', 'Queries answered', () => counters.queries],
    ['logweir_store_query_seconds_total', 'Time spent in queries', () => counters.querySeconds],
    ['logweir_store_damaged_total', 'Journal rows and segments set aside as unreadable', () => counters.damaged],
  ];
  for (const [name, help, read] of plain) counter(registry, name, help, [], (add) => add(read()));
  gauge(registry, 'logweir_store_pending_bytes', 'Bytes accepted and not yet durable', [], (set) => {
    set(store.status().pendingBytes);
  });
  gauge(
    registry,
    'logweir_store_journal_records',
    'Durable records that are not yet sealed in a segment',
    [],
    (set) => {
      set(store.status().journalRecords);
    },
  );
}

function addDiskMetrics(registry: Registry, { disk }: MetricSources): void {
  gauge(registry, 'logweir_disk_free_bytes', 'Free space of the data directory', [], (set) => set(disk.space.free));
  gauge(registry, 'logweir_disk_reserve_bytes', 'Free space below which no records are taken', [], (set) =>
    set(disk.reserveBytes),
  );
  gauge(registry, 'logweir_disk_low', '1 while no records are taken because the disk is nearly full', [], (set) =>
    set(disk.low ? 1 : 0),
  );
}

function addCertificateMetrics(registry: Registry, { certificates }: MetricSources): void {
  const expiry = 'When the certificate that a listener uses stops being valid, in seconds since the epoch';
  gauge(registry, 'logweir_tls_certificate_expiry_seconds', expiry, ['listener'], (set) => {
    for (const { listener, expirySeconds } of certificates()) set(expirySeconds, { listener });
  });
}
