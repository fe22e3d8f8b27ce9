import { listenError } from './listen-error';

test.each([
  ['EADDRINUSE', /^cannot listen on :80 \(http\.bind\): address already in use: .*\[EADDRINUSE\]$/],
  ['EACCES', /CAP_NET_BIND_SERVICE/],
  ['EADDRNOTAVAIL', /no interface/],
  ['ENOTFOUND', /no host of that name/],
])('%s of a listener names the setting and what to do', (code, message) => {
  const error = listenError('http.bind', ':80', Object.assign(new Error('listen'), { code }));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test.each([new Error('no certificate'), Object.assign(new Error('x'), { code: 'EMFILE' }), 'text'])(
  'other errors come back as they are: %s',
  (error) => {
    expect(listenError('http.bind', ':80', error)).toBe(error);
  },
);
