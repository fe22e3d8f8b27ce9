import { testCalls } from '../testing/run';
import { functions } from './file-path';

describe('basename', () => {
  testCalls(functions, [
    ['basename', ['/usr/local/bin/vrl'], 'vrl'],
    ['basename', ['/usr/local/bin/'], 'bin'],
    ['basename', ['bin/.'], 'bin'],
    ['basename', ['file.txt'], 'file.txt'],
    ['basename', ['/'], null],
    ['basename', ['a/..'], null],
    ['basename', ['.'], null],
    ['basename', [''], null],
  ]);
});

describe('dirname', () => {
  testCalls(functions, [
    ['dirname', ['/usr/local/bin/vrl'], '/usr/local/bin'],
    ['dirname', ['/usr/local/bin/'], '/usr/local'],
    ['dirname', ['/usr//local//bin'], '/usr//local'],
    ['dirname', ['/vrl'], '/'],
    ['dirname', ['//vrl'], '/'],
    ['dirname', ['/'], '/'],
    ['dirname', ['vrl'], '.'],
    ['dirname', ['./vrl'], '.'],
    ['dirname', ['..'], '.'],
    ['dirname', [''], '.'],
  ]);
});

describe('split_path', () => {
  testCalls(functions, [
    ['split_path', ['/home/user/file.txt'], ['/', 'home', 'user', 'file.txt']],
    ['split_path', ['a//./b/../c/'], ['a', 'b', '..', 'c']],
    ['split_path', ['./a'], ['.', 'a']],
    ['split_path', ['/'], ['/']],
    ['split_path', [''], []],
  ]);
});
