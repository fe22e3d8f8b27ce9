import { CONFIG_ENTRIES } from '../config';
import { DestinationPolicy } from './destination-policy';

const DEFAULT_DENY = CONFIG_ENTRIES.get('forwarders.deny_networks')?.key.default as readonly string[];

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['192.168.1.5', true],
  ['203.0.113.7', true],
  ['2001:db8::1', true],
  ['169.254.169.254', false],
  ['::ffff:169.254.169.254', false],
  ['::ffff:a9fe:a9fe', false],
  ['64:ff9b::169.254.169.254', false],
  ['64:ff9b::a9fe:a9fe', false],
  ['64:ff9b::203.0.113.7', true],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fd00:ec2::254', false],
  ['100.100.100.200', false],
])('%s is allowed by default: %s', (address, allowed) => {
  const policy = new DestinationPolicy({ allow: [], deny: DEFAULT_DENY });
  expect(policy.allows(address)).toBe(allowed);
  for (const host of [address, `[${address}]`]) {
    if (allowed) policy.checkHost(host);
    else expect(() => policy.checkHost(host)).toThrow('not allowed by the destination policy');
  }
});

test('with allowed networks only those are reached, and denied ones are not', () => {
  const policy = new DestinationPolicy({ allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] });
  expect(['10.2.0.1', '10.1.0.1', '11.0.0.1', '::1'].map((address) => policy.allows(address))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

function look(policy: DestinationPolicy, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    policy.lookup('localhost', { all, family: 4 }, (error, address) =>
      error === null ? resolve(address) : reject(error),
    );
  });
}

test('names are held to the allowed ones of their addresses', async () => {
  const open = new DestinationPolicy({ allow: [], deny: [] });
  expect(await look(open, false)).toBe('127.0.0.1');
  expect(await look(open, true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  const closed = new DestinationPolicy({ allow: [], deny: ['127.0.0.0/8'] });
  await expect(look(closed, true)).rejects.toThrow('no address that the destination policy allows (it has 127.0.0.1)');
  open.checkHost('localhost');
});
