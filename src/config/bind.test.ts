import { formatBind, parseBind } from './bind';

describe('parseBind', () => {
  it.each([
    [':5080', { host: undefined, port: 5080 }],
    [':0', { host: undefined, port: 0 }],
    ['127.0.0.1:9113', { host: '127.0.0.1', port: 9113 }],
    ['0.0.0.0:65535', { host: '0.0.0.0', port: 65535 }],
    ['localhost:80', { host: 'localhost', port: 80 }],
    ['logs_1.example.org:80', { host: 'logs_1.example.org', port: 80 }],
    ['[::1]:5514', { host: '::1', port: 5514 }],
    ['[::]:5514', { host: '::', port: 5514 }],
    ['[fe80::1%eth0]:5514', { host: 'fe80::1%eth0', port: 5514 }],
    ['', undefined],
    ['off', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseBind(text)).toEqual(expected);
  });

  it.each([
    ['5080', /host:port/],
    ['localhost', /host:port/],
    [':', /port from 0 to 65535/],
    [':65536', /port from 0 to 65535/],
    [':-1', /port from 0 to 65535/],
    [':+1', /port from 0 to 65535/],
    [':1e3', /port from 0 to 65535/],
    [': 80', /port from 0 to 65535/],
    [':80 ', /port from 0 to 65535/],
    ['::1:80', /brackets/],
    ['[::1:80', /between the brackets/],
    ['[localhost]:80', /between the brackets/],
    ['[]:80', /between the brackets/],
    ['256.0.0.1:80', /host:port/],
    ['a b:80', /host:port/],
    [`${'a'.repeat(254)}:80`, /host:port/],
  ])('refuses %j', (text, message) => {
    expect(() => parseBind(text)).toThrow(message);
  });

  it.each([':5080', '127.0.0.1:9113', '[::1]:5514', 'localhost:0'])('formatBind writes %j back', (text) => {
    expect(formatBind(parseBind(text)!)).toBe(text);
  });
});
