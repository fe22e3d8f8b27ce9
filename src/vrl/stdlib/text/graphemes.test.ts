import * as fc from 'fast-check';
import { graphemesOf } from './graphemes';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

test('a long text has the characters that it has as a whole', () => {
  const unit = fc.constantFrom('a', 'é', 'e\u0301', '🙂', '👩‍👩‍👧', '🇩🇪', '\r\n', ' ', '\u0301');
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 600, size: 'max' }), (units) => {
      const text = units.join('');
      expect([...graphemesOf(text)]).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }),
    { numRuns: 50, endOnFailure: true },
  );
});

test('a letter with thousands of accents is one character', () => {
  const letter = `a${'\u0301'.repeat(5000)}`;
  expect([...graphemesOf(`x${letter}y`)]).toEqual(['x', letter, 'y']);
});
