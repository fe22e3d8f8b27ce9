import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { createServer } from 'node:net';
import { descriptorKind, inheritedSockets, InheritedSocketError, type DescriptorKind } from './inherited-sockets';

const kinds =
  (...list: DescriptorKind[]) =>
  (descriptor: number): DescriptorKind =>
    list[descriptor - 3] ?? 'other';

describe('sockets of the service manager', () => {
  it('go to the listener of their protocol, and to the one they are named for', () => {
    const env = { LISTEN_PID: '7', LISTEN_FDS: '3', LISTEN_FDNAMES: 'logweir.socket:logweir.socket:syslog_tls' };
    expect([...inheritedSockets(env, 7, kinds('udp', 'tcp', 'tcp'))]).toEqual([
      ['syslog_udp', 3],
      ['syslog_tcp', 4],
      ['syslog_tls', 5],
    ]);
  });

  it.each([{}, { LISTEN_FDS: '2' }, { LISTEN_PID: '8', LISTEN_FDS: '2' }, { LISTEN_PID: '7', LISTEN_FDS: '0' }])(
    'are none for process 7 when the environment is %j',
    (env) => {
      expect(inheritedSockets(env, 7, kinds('udp', 'tcp')).size).toBe(0);
    },
  );

  it.each([
    ['no number', '2x', kinds('udp', 'tcp')],
    ['too many', '1000000000', kinds()],
    ['no socket', '1', kinds('other')],
    ['two for one listener', '2', kinds('udp', 'udp')],
  ])('that are %s end the start', (_name, count, kindOf) => {
    expect(() => inheritedSockets({ LISTEN_PID: '7', LISTEN_FDS: count }, 7, kindOf)).toThrow(InheritedSocketError);
  });
});

test('the kernel tells what a descriptor is', async () => {
  interface WithHandle {
    readonly _handle: { readonly fd: number };
  }
  const tcp = createServer().listen(0, '127.0.0.1');
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
  const file = openSync('/dev/null', 'r');
  try {
    expect(descriptorKind((tcp as unknown as WithHandle)._handle.fd)).toBe('tcp');
    const { fd } = Object.getOwnPropertySymbols(udp)
      .map((symbol) => (udp as unknown as Record<symbol, { handle?: { fd: number } }>)[symbol]?.handle)
      .find((handle) => handle !== undefined)!;
    expect(descriptorKind(fd)).toBe('udp');
    expect(descriptorKind(file)).toBe('other');
    expect(descriptorKind(9_999)).toBe('other');
  } finally {
    closeSync(file);
    tcp.close();
    udp.close();
  }
});
