/** The version that is claimed: clients refuse servers of another major version than they know, and 8 is what they all know. */
const VERSION = '8.17.0';

const CLUSTER_NAME = 'logweir';
const CLUSTER_UUID = 'bG9nd2Vpci1jbHVzdGVyLQ';

/** What clients ask for when they start, by path. Features that would make them set up something are off. */
export const STATIC_ANSWERS: ReadonlyMap<string, object> = new Map<string, object>([
  [
    '',
    {
      name: CLUSTER_NAME,
      cluster_name: CLUSTER_NAME,
      cluster_uuid: CLUSTER_UUID,
      version: {
        number: VERSION,
        build_flavor: 'default',
        build_type: 'tar',
        build_hash: '0000000000000000000000000000000000000000',
        build_date: '2024-12-11T12:08:05.663969764Z',
        build_snapshot: false,
        lucene_version: '9.12.0',
        minimum_wire_compatibility_version: '7.17.0',
        minimum_index_compatibility_version: '7.0.0',
      },
      tagline: 'You Know, for Search',
    },
  ],
  ['_license', { license: { status: 'active', uid: CLUSTER_UUID, type: 'basic', issued_to: CLUSTER_NAME } }],
  [
    '_xpack',
    {
      build: { hash: '0000000000000000000000000000000000000000', date: '2024-12-11T12:08:05.663Z' },
      license: { uid: CLUSTER_UUID, type: 'basic', mode: 'basic', status: 'active' },
      features: {
        ilm: { available: false, enabled: false },
        monitoring: { available: false, enabled: false },
        security: { available: true, enabled: true },
      },
      tagline: 'You know, for X',
    },
  ],
  [
    '_cluster/health',
    { cluster_name: CLUSTER_NAME, status: 'green', timed_out: false, number_of_nodes: 1, number_of_data_nodes: 1 },
  ],
  // No other nodes to send to: clients stay with the address they have.
  ['_nodes', { cluster_name: CLUSTER_NAME, nodes: {} }],
  ['_nodes/_all/http', { cluster_name: CLUSTER_NAME, nodes: {} }],
  ['_cluster/settings', { persistent: {}, transient: {} }],
  ['_nodes/http', { cluster_name: CLUSTER_NAME, nodes: {} }],
]);

/**
 * What clients set up before they send: it is there already as far as they can tell, and what they write is acknowledged and
 * not kept, for pipelines and streams do its work.
 */
export const SETUP_RESOURCES: ReadonlySet<string> = new Set([
  '_ilm',
  '_index_template',
  '_template',
  '_component_template',
  '_data_stream',
  '_alias',
  '_ingest',
]);
