import { looksLikeToken, newToken, tokenHash } from './token';

describe('tokens', () => {
  test('have a prefix and 32 letters and digits, each time others', () => {
    const tokens = Array.from({ length: 200 }, newToken);
    for (const token of tokens) {
      expect(token).toMatch(/^pat_[a-zA-Z0-9]{32}$/);
      expect(looksLikeToken(token)).toBe(true);
    }
    expect(new Set(tokens).size).toBe(tokens.length);
    // Of 6400 characters each of the 62 is missing with a probability of 10^-43.
    expect(new Set(tokens.map((token) => token.slice(4)).join('')).size).toBe(62);
  });

  test.each(['', 'pat_', 'pat_short', `jwt_${'a'.repeat(32)}`, `pat_${'a'.repeat(33)}`])('%j is none', (text) => {
    expect(looksLikeToken(text)).toBe(false);
  });

  test('are stored as SHA-256', () => {
    // The example of FIPS 180-4: the digest of "abc".
    expect(tokenHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
