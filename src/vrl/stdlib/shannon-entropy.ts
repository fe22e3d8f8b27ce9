import { FLOAT } from '../types/kind';
import { bytesOf, textOf } from '../value/bytes';
import { VrlFloat, type VrlString } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { oneOf, string, withDefault } from './parameters';
import { graphemesOf } from './text/graphemes';

const SEGMENTATIONS = ['byte', 'codepoint', 'grapheme'] as const;
type Segmentation = (typeof SEGMENTATIONS)[number];

/** How often each symbol occurs, and how many symbols there are. */
function tally(value: VrlString, segmentation: Segmentation): { counts: Iterable<number>; total: number } {
  if (segmentation === 'byte') {
    const bytes = bytesOf(value);
    const counts = new Uint32Array(256);
    for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
    return { counts: counts.filter((count) => count > 0), total: bytes.length };
  }
  const counts = new Map<string, number>();
  let total = 0;
  for (const symbol of symbolsOf(textOf(value), segmentation)) {
    counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    total++;
  }
  return { counts: counts.values(), total };
}

function symbolsOf(text: string, segmentation: Segmentation): Iterable<string> {
  return segmentation === 'codepoint' ? text : graphemesOf(text);
}

const shannonEntropy = define({
  name: 'shannon_entropy',
  params: [string('value'), withDefault(oneOf('segmentation', SEGMENTATIONS), 'byte')],
  returns: FLOAT,
  fallible: false,
  run: (value, segmentation) => {
    const { counts, total } = tally(value, segmentation);
    let entropy = 0;
    for (const count of counts) {
      const share = count / total;
      entropy -= share * Math.log2(share);
    }
    return new VrlFloat(entropy + 0);
  },
});

export const functions: readonly FunctionDefinition[] = [shannonEntropy];
