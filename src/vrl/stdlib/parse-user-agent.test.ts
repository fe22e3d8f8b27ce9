import { testCalls } from '../testing/run';
import { functions } from './parse-user-agent';

const MOBILE =
  'Opera/9.80 (J2ME/MIDP; Opera Mini/4.3.24214; iPhone; CPU iPhone OS 4_2_1 like Mac OS X; AppleWebKit/24.783; U; en) Presto/2.5.25 Version/10.54';

describe('parse_user_agent', () => {
  testCalls(functions, [
    [
      'parse_user_agent',
      ['Mozilla/4.0 (compatible; MSIE 7.66; Windows NT 5.1; SV1)'],
      {
        browser: { family: 'Internet Explorer', version: '7.66' },
        device: { category: 'pc' },
        os: { family: 'Windows XP', version: 'NT 5.1' },
      },
    ],
    [
      'parse_user_agent',
      ['Mozilla/4.0 (compatible; MSIE 7.66; Windows NT 5.1; SV1)', 'reliable'],
      {
        browser: { family: 'Internet Explorer', version: '7.66' },
        device: { category: 'pc' },
        os: { family: 'Windows XP', version: 'NT 5.1' },
      },
    ],
    [
      'parse_user_agent',
      [MOBILE, 'enriched'],
      {
        browser: { family: 'Opera', version: '10.54', major: '4', minor: '3', patch: '24214' },
        device: { category: 'smartphone', family: 'iPhone', brand: 'Apple', model: 'iPhone' },
        os: { family: 'iPhone', version: '4.2.1', major: '4', minor: '2', patch: '1', patch_minor: null },
      },
    ],
    [
      'parse_user_agent',
      ['nothing anyone knows'],
      { browser: { family: null, version: null }, device: { category: null }, os: { family: null, version: null } },
    ],
    [
      'parse_user_agent',
      ['', 'enriched'],
      {
        browser: { family: null, version: null, major: null, minor: null, patch: null },
        device: { category: null, family: null, brand: null, model: null },
        os: { family: null, version: null, major: null, minor: null, patch: null, patch_minor: null },
      },
    ],
  ]);
});
