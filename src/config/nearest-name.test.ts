import { nearestName } from './nearest-name';

const KNOWN = ['http.bind', 'http.tls.cert', 'log.level', 'data_dir'];

describe('nearestName', () => {
  it.each([
    ['htpp.bind', 'http.bind'],
    ['http.bnid', 'http.bind'],
    ['http.tls.cret', 'http.tls.cert'],
    ['loglevel', 'log.level'],
    ['data-dir', 'data_dir'],
    ['http.bind', 'http.bind'],
    ['completely.different', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ])('%.20s → %s', (name, expected) => {
    expect(nearestName(name, KNOWN)).toBe(expected);
  });
});
