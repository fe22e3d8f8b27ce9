import { createHash } from 'node:crypto';
import { compileRegex } from '../regex';
import { error, testCalls } from '../testing/run';
import { functions } from './redact';

const digits = compileRegex('\\d+');
const hash = (algorithm: string, encoding: 'base64' | 'hex') => createHash(algorithm).update('123').digest(encoding);

describe('redact', () => {
  testCalls(functions, [
    ['redact', ['hello 123 world', [digits]], 'hello [REDACTED] world'],
    [
      'redact',
      ['a 123 b 45', [digits, { type: 'pattern', patterns: ['a', compileRegex('b')] }], 'full'],
      '[REDACTED] [REDACTED] [REDACTED] [REDACTED]',
    ],
    [
      'redact',
      [{ a: 'my id 123-45-6789', b: ['x 078-05-1120', 5] }, ['us_social_security_number']],
      { a: 'my id [REDACTED]', b: ['x [REDACTED]', 5] },
    ],
    ['redact', ['666-45-6789', [{ type: 'us_social_security_number' }]], '666-45-6789'],
    ['redact', ['a123', [digits], { type: 'text', replacement: '$0' }], 'a$0'],
    ['redact', ['a123', [digits], 'sha2'], `a${hash('sha512-256', 'base64')}`],
    ['redact', ['a123', [digits], 'sha3'], `a${hash('sha3-512', 'base64')}`],
    [
      'redact',
      ['a123', [digits], { type: 'sha2', variant: 'SHA-256', encoding: 'base16' }],
      `a${hash('sha256', 'hex')}`,
    ],
    [
      'redact',
      ['a123', [digits], { type: 'sha3', variant: 'SHA3-224', encoding: 'hex' }],
      `a${hash('sha3-224', 'hex')}`,
    ],
  ]);
});

describe('constants that redact refuses', () => {
  testCalls(functions, [
    ['redact', ['', ['nothing']], error('unknown filter name')],
    ['redact', ['', ['pattern']], error('pattern cannot be used without arguments')],
    ['redact', ['', [{ type: 'pattern', patterns: [1] }]], error('`patterns` must be regular expressions')],
    ['redact', ['', [{}]], error('filters specified as objects must have type parameter')],
    ['redact', ['', [1]], error('unknown literal for filter, must be a regex, filter name, or object')],
    ['redact', ['', [digits], 'nothing'], error('unknown name of redactor')],
    ['redact', ['', [digits], { type: 'sha2', variant: 'MD5' }], error('unexpected variant')],
    ['redact', ['', [digits], { type: 'sha2', encoding: 'utf7' }], error('unexpected encoding')],
  ]);
});
