import { f, testCalls } from '../testing/run';
import { functions } from './shannon-entropy';

describe('shannon_entropy counts bits a symbol', () => {
  testCalls(functions, [
    ['shannon_entropy', [''], f(0)],
    ['shannon_entropy', ['aaaa'], f(0)],
    ['shannon_entropy', ['abab'], f(1)],
    ['shannon_entropy', ['abcd'], f(2)],
    ['shannon_entropy', ['éé'], f(1)],
    ['shannon_entropy', ['éé', 'codepoint'], f(0)],
    ['shannon_entropy', ['e\u0301e\u0301', 'codepoint'], f(1)],
    ['shannon_entropy', ['e\u0301e\u0301', 'grapheme'], f(0)],
    ['shannon_entropy', [new Uint8Array([0xff, 0xfe])], f(1)],
  ]);
});
