import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callFunction, error, testCalls } from '../testing/run';
import { suffixFinder } from './etld/suffix-list';
import { functions } from './parse-etld';

const etld = (suffix: string, plus: string, known = true) => ({ etld: suffix, etld_plus: plus, known_suffix: known });

describe('parse_etld', () => {
  testCalls(functions, [
    ['parse_etld', ['sub.sussex.ac.uk'], etld('ac.uk', 'ac.uk')],
    ['parse_etld', ['sub.sussex.ac.uk', 1], etld('ac.uk', 'sussex.ac.uk')],
    ['parse_etld', ['sub.sussex.ac.uk', 10], etld('ac.uk', 'sub.sussex.ac.uk')],
    ['parse_etld', ['sub.sussex.ac.uk', -1], etld('ac.uk', 'ac.uk')],
    ['parse_etld', ['vector.acmecorp'], etld('acmecorp', 'acmecorp', false)],
    ['parse_etld', ['me.github.io'], etld('github.io', 'github.io')],
    ['parse_etld', ['com'], etld('com', 'com')],
    ['parse_etld', ['www.example.com.', 1], etld('com.', 'example.com.')],
    ['parse_etld', ['.'], etld('.', '.', false)],
    ['parse_etld', ['a.b..', 1], etld('.', 'b..', false)],
    ['parse_etld', [''], error('unable to determine eTLD for ')],
    ['parse_etld', ['a.com', 0, '/no/such/file'], error(/^Unable to read psl file/)],
  ]);

  test('takes the suffixes of a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'psl-'));
    try {
      const file = join(folder, 'list.dat');
      writeFileSync(file, '// comment\nexample\n*.wild\n!not.wild\n');
      const parse = (domain: string) => (callFunction(functions[0]!, [domain, 1, file]) as { value: unknown }).value;
      expect(parse('a.b.example')).toEqual(etld('example', 'b.example'));
      expect(parse('a.b.wild')).toEqual(etld('b.wild', 'a.b.wild'));
      expect(parse('a.not.wild')).toEqual(etld('wild', 'not.wild'));
      expect(parse('a.com')).toEqual(etld('com', 'a.com', false));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a finder knows no suffix of an empty label', () => expect(suffixFinder('com')('a.')).toBeUndefined());
});
