import { VrlRegex, type RegexMatch } from '../value/value';
import { isPlainAscii } from './class-sets';
import { emitRegex, type Repertoire } from './emit-regex';
import { parseRegex } from './parse-regex';
import { RegexSyntaxError } from './regex-syntax-error';
import type { ParsedRegex, RegexNode } from './tree';

/** Size of a pattern with its repetitions written out; about what Rust's 10 MB limit on compiled patterns allows. */
const MAX_EXPANDED_NODES = 200_000;

/**
 * Compiles a pattern in Rust regex syntax.
 *
 * @throws RegexSyntaxError with the position in the pattern
 * @example compileRegex('(?P<year>\\d{4})').exec('in 1999')?.[1] // '1999'
 */
export function compileRegex(pattern: string): VrlRegex {
  const parsed = parseRegex(pattern);
  if (expandedSize(parsed.root) > MAX_EXPANDED_NODES)
    throw new RegexSyntaxError('compiled regex exceeds size limit', 0);
  return new NativeRegex(pattern, parsed);
}

/** The regex with an empty pattern, the default value of its kind. */
export function emptyRegex(): VrlRegex {
  return compileRegex('');
}

const BEYOND_LATIN1 = /[^\x00-\xff]/;
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** A pattern run by the JavaScript engine, translated when a subject first needs it. */
class NativeRegex extends VrlRegex {
  readonly #root: RegexNode;
  /** Finds what keeps a subject from the Latin-1 form; null when both forms are the same. */
  readonly #outside: RegExp | null;
  #latin1: RegExp | undefined;
  #full: RegExp | undefined;

  constructor(source: string, parsed: ParsedRegex) {
    super(source, parsed.groupNames);
    this.#root = parsed.root;
    this.#outside = hasWordAssertion(parsed.root) ? BEYOND_ASCII : hasOnlyAscii(parsed.root) ? null : BEYOND_LATIN1;
  }

  override exec(text: string, from = 0): RegexMatch | null {
    const regex = this.#for(text);
    regex.lastIndex = from;
    return regex.exec(text) as RegexMatch | null;
  }

  override test(text: string): boolean {
    const regex = this.#for(text);
    regex.lastIndex = 0;
    return regex.test(text);
  }

  #for(text: string): RegExp {
    if (this.#outside === null || !this.#outside.test(text)) return (this.#latin1 ??= this.#translate('latin1'));
    return (this.#full ??= this.#translate('full'));
  }

  #translate(repertoire: Repertoire): RegExp {
    return new RegExp(emitRegex(this.#root, repertoire), 'g');
  }
}

function children(node: RegexNode): readonly RegexNode[] {
  switch (node.type) {
    case 'group':
    case 'repeat':
      return [node.body];
    case 'sequence':
      return node.parts;
    case 'alternatives':
      return node.options;
    default:
      return [];
  }
}

function hasOnlyAscii(node: RegexNode): boolean {
  return node.type === 'class' ? isPlainAscii(node.set) : children(node).every(hasOnlyAscii);
}

function hasWordAssertion(node: RegexNode): boolean {
  if (node.type !== 'assertion') return children(node).some(hasWordAssertion);
  return /^(word|notWord)/.test(node.assertion);
}

function expandedSize(node: RegexNode): number {
  let size = 1;
  for (const child of children(node)) size += expandedSize(child);
  if (node.type !== 'repeat') return size;
  return size * Math.max(node.max === Infinity ? node.min : node.max, 1);
}
