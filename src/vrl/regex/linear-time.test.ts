import * as fc from 'fast-check';
import { degreeOf, hasRepeatedChoice, isUnambiguous } from './ambiguity';
import { emitRegex } from './emit-regex';
import { compileRegex } from './index';
import { parseRegex } from './parse-regex';
import { PikeMachine } from './pike-machine';
import { PikeProgram } from './pike-program';

function machineFor(pattern: string): PikeMachine {
  const { root, groupNames } = parseRegex(pattern);
  return new PikeMachine(new PikeProgram(root), groupNames.length);
}

describe('ambiguity', () => {
  test.each([
    ['abc', true],
    ['[a-z]+ [0-9]+', true],
    ['(?:[0-9]+,)*[a-z]', true],
    ['"[^"]*"', true],
    ['a*a', false],
    ['(?:a|ab)c', false],
    ['.*x', false],
    ['(a+)+', false],
    ['\\p{L}+\\p{Greek}', false],
  ])('%s', (pattern, expected) => expect(isUnambiguous(parseRegex(pattern).root)).toBe(expected));
  test.each([
    ['(a+)+', true],
    ['(a|b)*', true],
    ['(ab?){3}', true],
    ['.*x.*', false],
    ['(?:abc)+', false],
  ])('%s repeats a choice: %s', (pattern, expected) =>
    expect(hasRepeatedChoice(parseRegex(pattern).root)).toBe(expected),
  );
  test('the degree counts open repetitions and the start', () => {
    expect(degreeOf(parseRegex('.*a.*b(.+)').root)).toBe(4);
    expect(degreeOf(parseRegex('abc?').root)).toBe(1);
  });
});

describe('the machine finds what the engine finds', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '^', '$', '\\b', '(?:ab)', 'é', '😀');
  const quantified = fc.tuple(
    fc.constantFrom('a', 'b', '.', '[ab]', '\\w', '(a|b)', '(ab)', '(?:a|bc)'),
    fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?', '+?', '??'),
  );
  const part = fc.oneof(
    atom,
    quantified.map(([body, suffix]) => body + suffix),
    fc.constantFrom('(a|ab)', '(?:b|a*)', '(a+|b)'),
  );
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  const alternatives = fc.array(pattern, { minLength: 1, maxLength: 2 }).map((options) => options.join('|'));
  test('same place, same text', () => {
    fc.assert(
      fc.property(
        alternatives,
        fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', 'é', '😀'), { maxLength: 8 }),
        (source, chars) => {
          const text = chars.join('');
          const native = new RegExp(emitRegex(parseRegex(source).root, 'full'), 'g').exec(text);
          const own = machineFor(source).exec(text, 0);
          expect(own === null ? null : [own.index, own[0]]).toEqual(native === null ? null : [native.index, native[0]]);
        },
      ),
      { numRuns: 500 },
    );
  });
  test.each<[string, string, (string | undefined)[] | null]>([
    ['(a)(b)?', 'xa', ['a', 'a', undefined]],
    ['(?m)^(b+)$', 'a\nbb\n', ['bb', 'bb']],
    ['(?mR)a$', 'a\r\n', ['a']],
    ['(?:(a)|b)*', 'ab', ['ab', 'a']],
    ['\\<é', ' é', ['é']],
    ['x', 'abc', null],
    ['', 'abc', ['']],
  ])('%s on %j', (source, text, expected) => {
    const match = machineFor(source).exec(text, 0);
    expect(match === null ? null : [...match]).toEqual(expected);
  });
});

describe('hostile patterns come to an end', () => {
  test.each([
    ['^(a+)+$', 'a'.repeat(60) + '!'],
    ['^(a{1,40})+$', 'a'.repeat(60) + '!'],
    ['(?m)^(a+)+$', 'a'.repeat(60) + '!'],
    ['^(.+)+$\\b', 'é'.repeat(60) + '日!\n'],
    ['(a|a)*b', 'a'.repeat(60)],
    ['(?m)^.*a.*a.*a.*a.*b$', 'a'.repeat(3000)],
    ['(a?){30}a{30}', 'a'.repeat(29)],
    ['(x+x+)+y', 'x'.repeat(60)],
  ])('%s', (pattern, text) => {
    expect(compileRegex(pattern).test(text)).toBe(false);
    expect(compileRegex(pattern).exec(text)).toBeNull();
  });
});
