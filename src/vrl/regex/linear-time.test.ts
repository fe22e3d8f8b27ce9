import * as fc from 'fast-check';
import { ambiguityOf, type Ambiguity } from './ambiguity';
import { emitRegex } from './emit-regex';
import { compileRegex } from './index';
import { parseRegex } from './parse-regex';
import { PikeMachine } from './pike-machine';
import { PikeProgram } from './pike-program';
import { TwoPassMachine } from './two-pass-machine';

function machineFor(pattern: string): PikeMachine {
  const { root, groupNames } = parseRegex(pattern);
  return new PikeMachine(new PikeProgram(root), groupNames.length);
}

function twoPassFor(pattern: string): TwoPassMachine {
  const { root, groupNames } = parseRegex(pattern);
  return new TwoPassMachine(new PikeProgram(root), groupNames.length);
}

describe('ambiguity', () => {
  test.each<[string, Ambiguity]>([
    ['abc', 'none'],
    ['[a-z]+ [0-9]+', 'none'],
    ['(?:[0-9]+,)*[a-z]', 'none'],
    ['"[^"]*"', 'none'],
    ['a?b?c?d', 'none'],
    ['(?:GET|PUT) ', 'none'],
    ['a*a', { degree: 2, factor: 1 }],
    ['^a*a', { degree: 1, factor: 1 }],
    ['a?a?a', { degree: 1, factor: 4 }],
    ['(?:a|ab)c', { degree: 1, factor: 2 }],
    ['.*x.*y[0-9]+z', { degree: 3, factor: 1 }],
    ['\\p{L}+\\p{Greek}', { degree: 2, factor: 1 }],
    ['(a+)+', 'exponential'],
    ['(?:a|ab)*', 'exponential'],
    ['(ab?b){3}', 'exponential'],
    ['(a?){30}a', 'exponential'],
    ['(?:a*b*)*c', 'exponential'],
  ])('%s', (pattern, expected) => expect(ambiguityOf(parseRegex(pattern).root)).toEqual(expected));
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
  test('and in two passes the same groups, from every place', () => {
    const assertion = fc.constantFrom(
      '(?m)^',
      '(?m)$',
      '(?mR)^',
      '(?mR)$',
      '\\B',
      '\\<',
      '\\>',
      '(?-u:\\b)',
      '\\z',
      '\\A',
    );
    const grouped = alternatives.map((source) => `(${source})`);
    const piece = fc.oneof(
      alternatives,
      assertion,
      grouped,
      fc.tuple(grouped, fc.constantFrom('*', '+?', '{0,2}', '*?')).map((p) => p.join('')),
    );
    const sources = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    const chars = fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', 'é', '😀', '\n', '\r'), { maxLength: 9 });
    fc.assert(
      fc.property(sources, fc.array(chars, { minLength: 1, maxLength: 3 }), (source, texts) => {
        const [pike, twoPass] = [machineFor(source), twoPassFor(source)];
        for (const parts of texts) {
          const text = parts.join('');
          let from = 0;
          for (const part of [...parts, '']) {
            const [wanted, found] = [pike.exec(text, from), twoPass.exec(text, from)];
            expect(found && [found.index, ...found]).toEqual(wanted && [wanted.index, ...wanted]);
            from += part.length;
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
  test('a pattern with more states than are kept is left to the other machine', () => {
    const source = `(?:a|b)*a(?:a|b){40}c`;
    let seed = 1;
    const text = Array.from({ length: 100_000 }, () => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return seed & 1 ? 'a' : 'b';
    }).join('');
    expect([null, undefined]).toContain(twoPassFor(source).exec(text, 0));
    expect(compileRegex(source).test(text)).toBe(false);
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
    for (const machine of [machineFor(source), twoPassFor(source)]) {
      const match = machine.exec(text, 0);
      expect(match && [...match]).toEqual(expected);
    }
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
    [`${'a?'.repeat(40)}${'a'.repeat(40)}`, 'a'.repeat(39)],
    [`(?:${'(?:a|aa)'.repeat(40)})b`, 'a'.repeat(60)],
  ])('%s', (pattern, text) => {
    expect(compileRegex(pattern).test(text)).toBe(false);
    expect(compileRegex(pattern).exec(text)).toBeNull();
  });
});

describe('a search that begins anew at every character ends soon', () => {
  test.each(['\\s+$', '\\s*,', '(?P<k>\\s+)=(?P<v>\\s+)', '(?:\\s|a)+b'])('%s', (pattern) => {
    // By backtracking alone this is 10^12 steps, an hour.
    expect(compileRegex(pattern).test(`${' '.repeat(1_000_000)}!`)).toBe(false);
  });

  test('and finds the same as in a short text', () => {
    const regex = compileRegex('(?P<k>\\w+)=(?P<v>\\w+)');
    const long = `${'- '.repeat(20_000)}key=value`;
    expect(Array.from(regex.exec(long) ?? [])).toEqual(['key=value', 'key', 'value']);
  });
});
