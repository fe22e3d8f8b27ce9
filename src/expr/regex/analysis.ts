import { singleCode, type PatternNode } from './tree';

/** Whether the pattern can only match from the start of the text. */
export function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case 'assertion':
      return node.assertion === 'textStart';
    case 'sequence': {
      // What stands before the anchor without reading, another assertion, does not move it.
      const first = node.parts.find((part) => part.kind !== 'empty' && (part.kind !== 'assertion' || isAnchored(part)));
      return first !== undefined && isAnchored(first);
    }
    case 'choice':
      return node.options.every(isAnchored);
    case 'repeat':
      return node.min > 0 && isAnchored(node.body);
    default:
      return false;
  }
}

/** Runs of characters in all classes of the pattern, as often as they are written. */
export function countRuns(node: PatternNode): number {
  switch (node.kind) {
    case 'class':
      return node.ranges.length / 2;
    case 'sequence':
      return node.parts.reduce((total, part) => total + countRuns(part), 0);
    case 'choice':
      return node.options.reduce((total, option) => total + countRuns(option), 0);
    case 'repeat':
      return countRuns(node.body);
    default:
      return 0;
  }
}

/** The text that the pattern is when it is nothing but characters. */
export function literalText(node: PatternNode): string | undefined {
  const parts = node.kind === 'sequence' ? node.parts : [node];
  let text = '';
  for (const part of parts) {
    if (part.kind === 'empty') continue;
    const code = singleCode(part);
    if (code === undefined) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}

/** More texts than these narrow nothing down any further. */
const MAX_REQUIRED_TEXTS = 8;

/** Texts each of which is in every text that the pattern matches: the longest ones, and none that is part of another. */
export function requiredTextsOf(root: PatternNode): readonly string[] {
  const found = new Set<string>();
  collect(root, found);
  found.delete('');
  const texts = [...found].sort((left, right) => right.length - left.length).slice(0, MAX_REQUIRED_TEXTS);
  return texts.filter((text, at) => !texts.slice(0, at).some((longer) => longer.includes(text)));
}

function collect(node: PatternNode, texts: Set<string>): void {
  if (node.kind === 'repeat') {
    if (node.min > 0) collect(node.body, texts);
    return;
  }
  let run = '';
  for (const part of node.kind === 'sequence' ? node.parts : [node]) {
    const code = singleCode(part);
    if (code !== undefined) {
      run += String.fromCodePoint(code);
    } else if (part.kind !== 'assertion' && part.kind !== 'empty') {
      texts.add(run);
      run = '';
      if (part.kind === 'sequence' || part.kind === 'repeat') collect(part, texts);
    }
  }
  texts.add(run);
}
