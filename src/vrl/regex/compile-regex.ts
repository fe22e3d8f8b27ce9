import { VrlRegex, type RegexMatch } from '../value/value';
import { backtrackingFor, needsLookAround, type Backtracking } from './backtracking-guard';
import { isPlainAscii } from './class-sets';
import { emitRegex, type Repertoire } from './emit-regex';
import { parseRegex } from './parse-regex';
import { PikeMachine } from './pike-machine';
import { PikeProgram } from './pike-program';
import { RegexSyntaxError } from './regex-syntax-error';
import type { ParsedRegex, RegexNode } from './tree';
import { TwoPassMachine } from './two-pass-machine';
import { childrenOf, expandedSize, someNode } from './walk';

/** Size of a pattern with its repetitions written out. Rust limits the compiled form (10 MB) to about the same end. */
const MAX_EXPANDED_NODES = 20_000;

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
  return new CompiledRegex(pattern, parsed);
}

/** The regex with an empty pattern, the default value of its kind. */
export function emptyRegex(): VrlRegex {
  return compileRegex('');
}

const BEYOND_LATIN1 = /[^\x00-\xff]/;
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** A pattern in JavaScript, and how far it may be trusted. */
interface Native {
  readonly regex: RegExp;
  readonly backtracking: Backtracking;
}

/**
 * A pattern run by the JavaScript engine, or by our own linear-time machine where the engine might not come to an end.
 * Each form is made when a subject first needs it.
 */
class CompiledRegex extends VrlRegex {
  readonly #root: RegexNode;
  /** Finds what keeps a subject from the Latin-1 form; null when both forms are the same. */
  readonly #outside: RegExp | null;
  #latin1: Native | undefined;
  #full: Native | undefined;
  #program: PikeProgram | undefined;
  #twoPass: TwoPassMachine | undefined;
  #pike: PikeMachine | undefined;

  constructor(source: string, parsed: ParsedRegex) {
    super(source, parsed.groupNames);
    this.#root = parsed.root;
    const asciiOnly = someNode(parsed.root, isWordAssertion);
    this.#outside = asciiOnly ? BEYOND_ASCII : hasOnlyAscii(parsed.root) ? null : BEYOND_LATIN1;
  }

  override exec(text: string, from = 0): RegexMatch | null {
    const { regex, backtracking } = this.#formFor(text);
    if (backtracking !== 'always' && isTooMuch(backtracking, text)) return this.#run(text, from);
    regex.lastIndex = from;
    return regex.exec(text) as RegexMatch | null;
  }

  override test(text: string): boolean {
    const { regex, backtracking } = this.#formFor(text);
    if (backtracking !== 'always' && isTooMuch(backtracking, text)) return this.#run(text, 0) !== null;
    regex.lastIndex = 0;
    return regex.test(text);
  }

  #run(text: string, from: number): RegexMatch | null {
    const groups = this.groupNames.length;
    this.#program ??= new PikeProgram(this.#root);
    this.#twoPass ??= new TwoPassMachine(this.#program, groups);
    const match = this.#twoPass.exec(text, from);
    if (match !== undefined) return match;
    this.#pike ??= new PikeMachine(this.#program, groups);
    return this.#pike.exec(text, from);
  }

  #formFor(text: string): Native {
    if (this.#outside === null || !this.#outside.test(text)) return (this.#latin1 ??= this.#translate('latin1'));
    return (this.#full ??= this.#translate('full'));
  }

  #translate(repertoire: Repertoire): Native {
    return {
      regex: new RegExp(emitRegex(this.#root, repertoire), 'g'),
      backtracking: backtrackingFor(this.#root, needsLookAround(this.#root, repertoire === 'latin1')),
    };
  }
}

function isTooMuch(backtracking: 'never' | number, text: string): boolean {
  return backtracking === 'never' || text.length > backtracking;
}

function hasOnlyAscii(node: RegexNode): boolean {
  return node.type === 'class' ? isPlainAscii(node.set) : childrenOf(node).every(hasOnlyAscii);
}

function isWordAssertion(node: RegexNode): boolean {
  return node.type === 'assertion' && /^(word|notWord)/.test(node.assertion);
}
