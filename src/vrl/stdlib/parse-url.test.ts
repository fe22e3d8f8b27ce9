import { error, testCalls } from '../testing/run';
import { functions } from './parse-url';

const plain = { username: '', password: '', path: '/', port: null, fragment: null, query: {} };

describe('parse_url', () => {
  testCalls(functions, [
    [
      'parse_url',
      ['ftp://foo:b%20r@example.com:4343/foobar?hello=world+x&hello=%c3%a9#123'],
      {
        scheme: 'ftp',
        username: 'foo',
        password: 'b%20r',
        host: 'example.com',
        port: 4343,
        path: '/foobar',
        query: { hello: 'é' },
        fragment: '123',
      },
    ],
    ['parse_url', ['https://vector.dev'], { ...plain, scheme: 'https', host: 'vector.dev' }],
    ['parse_url', ['https://vector.dev:443', true], { ...plain, scheme: 'https', host: 'vector.dev', port: 443 }],
    ['parse_url', ['http://[::1]:81/#'], { ...plain, scheme: 'http', host: '[::1]', port: 81, fragment: '' }],
    ['parse_url', ['mailto:a@b'], { ...plain, scheme: 'mailto', host: null, path: 'a@b' }],
    ['parse_url', ['https://www.café.com'], { ...plain, scheme: 'https', host: 'www.xn--caf-dma.com' }],
    [
      'parse_url',
      ['http://a/?__proto__=1'],
      { ...plain, scheme: 'http', host: 'a', query: JSON.parse('{"__proto__":"1"}') },
    ],
    ['parse_url', ['INVALID'], error('unable to parse url: relative URL without a base')],
    ['parse_url', ['http://'], error('unable to parse url: empty host')],
    ['parse_url', ['http://a:99999'], error('unable to parse url: invalid port number')],
    ['parse_url', ['http://[::1'], error('unable to parse url: invalid IPv6 address')],
    ['parse_url', ['http://256.1.1.1'], error('unable to parse url: invalid IPv4 address')],
    ['parse_url', ['foo://a b'], error('unable to parse url: invalid domain character')],
    ['parse_url', ['foo://\n:12/p'], error('unable to parse url: empty host')],
    ['parse_url', ['http://a b'], error('unable to parse url: invalid international domain name')],
  ]);
});

describe('parse_query_string', () => {
  testCalls(functions, [
    ['parse_query_string', ['foo=%2B1&bar=2&bar=3&xyz'], { foo: '+1', bar: ['2', '3'], xyz: '' }],
    ['parse_query_string', ['?a=b+c&&=x'], { a: 'b c', '': 'x' }],
    ['parse_query_string', ['??a=b'], { '?a': 'b' }],
    ['parse_query_string', ['a[]=1&a[]=2'], { 'a[]': ['1', '2'] }],
    ['parse_query_string', ['a=%zz%4&b=%ff'], { a: '%zz%4', b: '\ufffd' }],
    ['parse_query_string', [''], {}],
  ]);
});
