import fc from 'fast-check';
import { basicAuthorization, maskCredentials, withoutCredentials } from './url-credentials';

test.each([
  ['https://user:pass@host/path?a=b@c', 'https://user:***@host/path?a=b@c', 'https://host/path?a=b@c'],
  ['http://user:pa:ss@[::1]:8080', 'http://user:***@[::1]:8080', 'http://[::1]:8080'],
  ['HTTP://user:p@ss@host', 'HTTP://user:***@host', 'HTTP://host'],
  ['https:\\\\user:pass@host', 'https:\\\\user:***@host', 'https:\\\\host'],
  ['https:user:pass@host', 'https:user:***@host', 'https:host'],
  // Nothing beside it: the user is a token.
  ['https://token@host/', 'https://***@host/', 'https://host/'],
  ['https://token:@host/', 'https://***@host/', 'https://host/'],
  ['https://:pass@host/', 'https://:***@host/', 'https://host/'],
  ['https://@host/', 'https://@host/', 'https://host/'],
  ['https://host/user:pass@here', 'https://host/user:pass@here', 'https://host/user:pass@here'],
  ['https://host/in?api-key=abc&x=1#a', 'https://host/in?api-key=***&x=1#a', 'https://host/in?api-key=&x=1#a'],
  ['https://host/in?x=1&sig=a%2Bb', 'https://host/in?x=1&sig=***', 'https://host/in?x=1&sig='],
  ['https://host/in?design=1&token=', 'https://host/in?design=1&token=', 'https://host/in?design=1&token='],
  ['host?token=abc', 'host?token=abc', 'host?token=abc'],
  ['user:pass@host:514', 'user:pass@host:514', 'user:pass@host:514'],
  ['', '', ''],
])('%j is shown as %j', (text, masked, without) => {
  expect(maskCredentials(text, '***')).toBe(masked);
  expect(withoutCredentials(text)).toBe(without);
});

test('whatever is a URL has no password any more', () => {
  const piece = fc.string({
    unit: fc.constantFrom('/', '\\', '@', ':', '?', '#', ' ', 't', '%', '\t', 'é'),
    maxLength: 8,
  });
  fc.assert(
    fc.property(piece, piece, piece, (slashes, user, rest) => {
      const text = `http:${slashes}secret:secret${user}@host${rest}`;
      if (!URL.canParse(text)) return;
      const url = new URL(maskCredentials(text, '***'));
      if (new URL(text).password !== '') expect(url.password).toBe('***');
      expect(new URL(withoutCredentials(text)).username).toBe('');
      expect(url.host).toBe(new URL(text).host);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['https://host/', undefined],
  ['https://user:pass@host/', 'user:pass'],
  ['https://us%40er:p%C3%A4ss@host/', 'us@er:päss'],
  ['https://user:100%@host/', 'user:100%'],
  ['https://token@host/', 'token:'],
])('%s authorizes itself as %s', (text, expected) => {
  const header = basicAuthorization(new URL(text));
  expect(header && Buffer.from(header.replace('Basic ', ''), 'base64').toString()).toBe(expected);
});
