import type { LookupAddress } from 'node:dns';
import { PermanentFailure } from '../../destination';
import type { DestinationContext, LookupFunction } from '../../forwarder-type';
import { HostAddress } from './host-address';

function contextWith(lookup: LookupFunction): DestinationContext {
  const checkHost = (host: string): void => {
    if (host === '169.254.169.254') throw new PermanentFailure('forbidden');
  };
  return { forwarder: 'test', timeoutMs: 1_000, lookup, checkHost, now: Date.now };
}

function answering(...addresses: string[]): LookupFunction {
  return (_host, _options, answer) =>
    answer(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

test('the first address until it fails, then the next, and round again', async () => {
  const address = new HostAddress('relay.test', contextWith(answering('::1', '192.0.2.1')));
  const seen = [await address.resolve(), await address.resolve()];
  for (let i = 0; i < 2; i++) {
    address.failed();
    seen.push(await address.resolve());
  }
  expect(seen).toEqual(['::1', '::1', '192.0.2.1', '::1']);
});

test('an IP address is itself, where the policy allows it', async () => {
  const context = contextWith(() => undefined);
  await expect(new HostAddress('::1', context).resolve()).resolves.toBe('::1');
  await expect(new HostAddress('169.254.169.254', context).resolve()).rejects.toThrow(PermanentFailure);
});

test('a name that nobody knows', async () => {
  const context = contextWith((_host, _options, answer) => answer(new Error('ENOTFOUND'), []));
  await expect(new HostAddress('nowhere.test', context).resolve()).rejects.toThrow('ENOTFOUND');
});
