import type { ConfigPath } from '../forwarder-type';
import { FORWARDER_TYPES } from '.';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const TYPES = [...FORWARDER_TYPES.values()];

test.each(TYPES.map((type) => [type.type, type] as const))(
  '%s: what decides who gets its secrets is there, and the address is among it',
  (_name, { schema, secretsGoTo }) => {
    const missing = secretsGoTo.filter((path) => !isThere(schema, path));
    expect(missing).toEqual([]);
    const addresses = ['url', 'endpoint', 'addresses', 'address', 'host', 'proxy', 'security', 'network'];
    const known = addresses.filter((name) => isThere(schema, [name]));
    // The `host` of a Splunk event says where the event is from.
    const expected = known.filter((name) => !(name === 'host' && known.includes('endpoint')));
    expect(secretsGoTo.map((path) => path.join('.'))).toEqual(
      expect.arrayContaining([...expected, 'tls.ca', 'tls.server_name', 'tls.insecure_skip_verify']),
    );
  },
);

function isThere(schema: Schema, path: ConfigPath): boolean {
  let at: Schema | undefined = schema;
  for (const step of path) at = at?.properties?.[step];
  return at !== undefined;
}
