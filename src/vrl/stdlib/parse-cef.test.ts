import { error, testCalls } from '../testing/run';
import { functions } from './parse-cef';

const header = {
  cefVersion: '0',
  deviceVendor: 'CyberArk',
  deviceProduct: 'PTA',
  deviceVersion: '12.6',
  deviceEventClassId: '1',
  name: 'Suspected credentials theft',
  severity: '8',
};
const HEAD = 'CEF:0|CyberArk|PTA|12.6|1|Suspected credentials theft|8|';

describe('parse_cef', () => {
  testCalls(functions, [
    [
      'parse_cef',
      [`${HEAD}suser=mike2@prod1.domain.com shost=prod1.domain.com src=1.1.1.1 msg=a b  c= d\\=e`],
      { ...header, suser: 'mike2@prod1.domain.com', shost: 'prod1.domain.com', src: '1.1.1.1', msg: 'a b ', c: ' d=e' },
    ],
    ['parse_cef', [`Sep 29 08:26:10 host ${HEAD}`], header],
    [
      'parse_cef',
      ['CEF:0|a|b'],
      error(
        `0: at line 1, in Tag:\nCEF:0|a|b\n${' '.repeat(9)}^\n\n1: at line 1, in Alt:\nCEF:0|a|b\n${' '.repeat(9)}^\n\n`,
      ),
    ],
    [
      'parse_cef',
      ['CEF:0|é\\x|'],
      error(
        `0: at line 1, in Satisfy:\nCEF:0|é\\x|\n${' '.repeat(9)}^\n\n1: at line 1, in Alt:\nCEF:0|é\\x|\n${' '.repeat(6)}^\n\n2: at line 1, in Count:\nCEF:0|é\\x|\n    ^\n\n`,
      ),
    ],
    ['parse_cef', [''], error('0: in TakeUntil, got empty input\n\n')],
    [
      'parse_cef',
      ['CEF:0|a\\|b|c\\\\|||n|5|x=1'],
      {
        cefVersion: '0',
        deviceVendor: 'a|b',
        deviceProduct: 'c\\',
        deviceVersion: '',
        deviceEventClassId: '',
        name: 'n',
        severity: '5',
        x: '1',
      },
    ],
    [
      'parse_cef',
      [`${HEAD}a="q u" b= c=l\\nl k:é/[0]=v|d=\\a `],
      { ...header, a: 'q u', b: '', c: 'l\nl', 'k:é/[0]': 'v', d: '\\a' },
    ],
    ['parse_cef', [`${HEAD}http=http://x/?y=z a=1`], error('Could not parse whole line successfully')],
    ['parse_cef', [`${HEAD}http=http://x/?y=z a=1`, false, false], { ...header, http: 'http://x/?y=z', a: '1' }],
    ['parse_cef', [`${HEAD}a=1 name=x`], { ...header, a: '1' }],
    ['parse_cef', [`${HEAD} a=1`], error('Could not parse whole line successfully')],
    ['parse_cef', [`${HEAD}a=x\\`], error('Could not parse whole line successfully')],
    ['parse_cef', [`${HEAD}a=1| b=2||c=3`], { ...header, a: '1|', b: '2', '|c': '3' }],
    ['parse_cef', [`${HEAD}cs1Label=Name`, true], { ...header, Name: null }],
    ['parse_cef', [`${HEAD}cs1=1 cs1=2`, true], error('Custom field with duplicate value')],
    ['parse_cef', [`${HEAD}cs1Label=1 cs1Label=2`, true], error('Custom field with duplicate label')],
    ['parse_cef', [`${HEAD}junk a=1`], error('Could not parse whole line successfully')],
    ['parse_cef', [`${HEAD}junk a=1`, false, false], { ...header, a: '1' }],
    ['parse_cef', [`${HEAD}cs1=v cs1Label=Name cn2Label=N cn2=3`, true], { ...header, Name: 'v', N: '3' }],
    ['parse_cef', [`${HEAD}cs1=v`, true], error('Custom field with missing label or value')],
    ['parse_cef', [`${HEAD}cs1=v cs1Label=Name`], { ...header, cs1: 'v', cs1Label: 'Name' }],
    ['parse_cef', ['x\nno header'], error('0: at line 1, in TakeUntil:\nx\n^\n\n')],
  ]);

  test('reads hostile extensions in linear time', () => {
    const run = (functions[0] as unknown as { run: (v: string, t: boolean, s: boolean) => unknown }).run;
    expect(() => run(`${HEAD}a=${'x'.repeat(200_000)}${'=1'.repeat(100_000)}`, false, true)).toThrow();
    expect(() => run(`${HEAD}a=${'x'.repeat(200_000)}${' a=1'.repeat(100_000)}`, false, true)).not.toThrow();
    expect(() => run(`${HEAD}a=${'=1'.repeat(200_000)}`, false, false)).not.toThrow();
  });
});
