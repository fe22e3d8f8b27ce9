import { error, run, testCalls } from '../testing/run';
import { emptyObject } from '../value/value';
import { functions, networkFunctions, type HttpRequest, type NetworkHost } from './network';

describe('without a host that allows it nothing reaches the network', () => {
  testCalls(functions, [
    ['dns_lookup', ['localhost'], error('network access is not enabled')],
    ['reverse_dns', ['127.0.0.1'], error('network access is not enabled')],
    ['http_request', ['http://localhost/'], error('network access is not enabled')],
  ]);
});

const requests: HttpRequest[] = [];
const host: NetworkHost = {
  dnsLookup: (name, type, recordClass) => Object.assign(emptyObject(), { name, type, class: recordClass }),
  reverseDns: () => {
    throw new Error('no name for this address');
  },
  httpRequest: (request) => {
    requests.push(request);
    return 'body';
  },
};

test('a host gives access', () => {
  const options = { functions: networkFunctions(host) };
  expect(run('dns_lookup!("a.example", class: "CH").class', {}, options)).toMatchObject({ value: 'CH' });
  expect(run('reverse_dns!("127.0.0.1")', {}, options)).toMatchObject({
    error: expect.stringMatching(/no name for this address$/),
  });
  expect(run('http_request!("http://a/", "post", {"X-A": "b"}, "text")', {}, options)).toMatchObject({ value: 'body' });
  expect(requests).toEqual([
    {
      url: 'http://a/',
      method: 'POST',
      headers: new Map([['x-a', 'b']]),
      body: 'text',
      httpProxy: undefined,
      httpsProxy: undefined,
    },
  ]);
  expect(run('http_request!("http://a/", headers: {"X-A": 1})', {}, options)).toMatchObject({
    error: expect.stringMatching(/expected string, got integer$/),
  });
});
