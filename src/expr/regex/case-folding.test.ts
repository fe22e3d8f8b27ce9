import { expect, test } from '@jest/globals';
import { foldCase } from './case-folding';
import { hasCode, normalize } from './code-ranges';

/** Code points with case in the scripts that have any; a sample of a few hundred keeps the comparison quick. */
const sample: number[] = [];
for (let code = 0; code < 0x1f000; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  const character = String.fromCodePoint(code);
  const cased = character.toLowerCase() !== character || character.toUpperCase() !== character;
  if (cased && (code < 0x600 || code % 17 === 0 || code === 0x1e9e || code === 0x212a || code === 0x2126))
    sample.push(code);
}

test('folding agrees with the case-insensitive matching of the host', () => {
  const wrong: unknown[] = [];
  for (const code of sample) {
    const folded = foldCase([code, code]);
    const host = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu');
    for (const other of [code - 32, code + 32, code - 1, code + 1, code + 0x7510, code - 0x7510, ...folded]) {
      if (other < 0 || (other >= 0xd800 && other <= 0xdfff)) continue;
      const same = hasCode(folded, other);
      if (same !== host.test(String.fromCodePoint(other))) wrong.push({ code, other, same });
    }
  }
  expect(wrong).toEqual([]);
});

test('a wide range folds as its characters do one by one', () => {
  const wide = foldCase([0xc0, 0x24f]);
  const single: number[] = [];
  for (let code = 0xc0; code <= 0x24f; code++) single.push(...foldCase([code, code]));
  expect(wide).toEqual(normalize(single));
});
