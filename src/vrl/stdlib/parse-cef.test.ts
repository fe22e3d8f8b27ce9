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
      { ...header, suser: 'mike2@prod1.domain.com', shost: 'prod1.domain.com', src: '1.1.1.1', msg: 'a b', c: ' d=e' },
    ],
    ['parse_cef', [`Sep 29 08:26:10 host ${HEAD}`], header],
    ['parse_cef', ['CEF:0|a|b'], error('could not parse the CEF header')],
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
      [`${HEAD}a="q u" b= c=l\\nl http=http://x/?y=z `],
      { ...header, a: 'q u', b: '', c: 'l\nl', http: 'http://x/?y=z' },
    ],
    ['parse_cef', [`${HEAD}junk a=1`], error('Could not parse whole line successfully')],
    ['parse_cef', [`${HEAD}junk a=1`, false, false], { ...header, a: '1' }],
    ['parse_cef', [`${HEAD}cs1=v cs1Label=Name cn2Label=N cn2=3`, true], { ...header, Name: 'v', N: '3' }],
    ['parse_cef', [`${HEAD}cs1=v`, true], error('Custom field with missing label or value')],
    ['parse_cef', [`${HEAD}cs1=v cs1Label=Name`], { ...header, cs1: 'v', cs1Label: 'Name' }],
    ['parse_cef', ['no header'], error('could not parse the CEF header')],
  ]);

  test('reads hostile extensions in linear time', () => {
    const run = (functions[0] as unknown as { run: (v: string, t: boolean, s: boolean) => unknown }).run;
    expect(() => run(`${HEAD}a=${'x'.repeat(200_000)}${'=1'.repeat(100_000)}`, false, true)).not.toThrow();
    expect(() => run(`${HEAD}a=${'=1'.repeat(200_000)}`, false, false)).not.toThrow();
  });
});
