import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Alias,
  type CST,
  type Document,
  type Node,
  type Scalar,
} from 'yaml';
import { fail, Failure } from '../../failure';
import { wellFormed } from '../../value/bytes';
import { fitsI64, normalizeInteger } from '../../value/integer';
import { emptyObject, VrlFloat, type VrlValue } from '../../value/value';

/** Nodes within nodes. */
const MAX_NESTING = 128;
/** Nodes of a document, those that aliases repeat counted each time, so that a small text cannot make a huge value. */
const MAX_NODES = 100_000;

/**
 * Reads a document of YAML 1.2.
 *
 * @throws Failure
 */
export function readYaml(value: string): VrlValue {
  const document = readDocument(value);
  const problem = document.errors[0];
  if (problem !== undefined) throw unparsable(problemText(problem.message, problem.pos[0], value));
  return new YamlConverter().convert(document.contents as Node | null, 0);
}

function readDocument(value: string): Document {
  const composer = new Composer({ version: '1.2', intAsBigInt: true, uniqueKeys: false, logLevel: 'silent' });
  stopAtFirstError(composer, value);
  let document: Document | undefined;
  try {
    for (const next of composer.compose(shallowTokens(value), true, value.length)) {
      if (document !== undefined)
        throw unparsable('deserializing from YAML containing more than one document is not supported');
      document = next;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unparsable(error instanceof Error ? error.message : String(error));
  }
  if (document === undefined) throw unparsable('EOF while parsing a value');
  return document;
}

/** Where the library says that something is wrong: an offset, a token, or a range. */
type ErrorSource = number | readonly number[] | { readonly offset: number };

/**
 * Makes the library give up at the first thing that is wrong: it would collect them all, one with a stack for every few
 * characters of a text that is no YAML.
 */
function stopAtFirstError(composer: Composer, text: string): void {
  // The library may catch what is thrown and report it as one more error.
  let first: Failure | undefined;
  const onError = (source: ErrorSource, _code: string, message: string, isWarning?: boolean): void => {
    if (isWarning === true) return;
    const at = typeof source === 'number' ? source : 'offset' in source ? source.offset : (source[0] ?? 0);
    first ??= unparsable(problemText(message, at, text));
    throw first;
  };
  Object.assign(composer, { onError });
}

/**
 * The text's concrete syntax as the library reads it, except that deep nesting is refused while it is read: the library
 * follows nodes by recursion, and the engine ends the whole process when a pattern is first compiled at the end of the
 * stack.
 */
function* shallowTokens(value: string): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(value)) {
    for (const token of parser.next(lexeme)) {
      yield token;
      if (token.type === 'error') return;
    }
    if (parser.stack.length > MAX_NESTING) throw unparsable('recursion limit exceeded');
  }
  yield* parser.end();
}

/** The library's text of a problem with its line and column. */
function problemText(message: string, at: number, text: string): string {
  const before = text.slice(0, at).split('\n');
  return `${message} at line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Turns a document's nodes into values. */
class YamlConverter {
  /** Nodes by their anchors, of those met so far; asking the library searches the document for each alias. */
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;

  convert(node: Node | null, nesting: number): VrlValue {
    if (nesting > MAX_NESTING) throw unparsable('recursion limit exceeded');
    if (++this.#nodes > MAX_NODES) throw unparsable('repetition limit exceeded');
    if (node === null) return null;
    if (isAlias(node)) return this.convert(this.#target(node), nesting + 1);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return node.items.map((item) => this.convert(item as Node | null, nesting + 1));
    if (!isMap(node)) return null;
    const object = emptyObject();
    for (const { key, value } of node.items) {
      object[this.#key(key as Node | null)] = this.convert(value as Node | null, nesting + 1);
    }
    return object;
  }

  #target(alias: Alias): Node {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) throw unparsable(`unknown anchor ${alias.source}`);
    return target;
  }

  #key(node: Node | null): string {
    const scalar = isAlias(node) ? this.#target(node) : node;
    if (isScalar(scalar) && scalar.anchor !== undefined) this.#anchors.set(scalar.anchor, scalar);
    if (!isScalar(scalar)) throw unparsable('invalid type: collection, expected a string');
    return typeof scalar.value === 'string' ? wellFormed(scalar.value) : (scalar.source ?? String(scalar.value));
  }
}

function scalarValue(scalar: Scalar): VrlValue {
  const { value } = scalar;
  switch (typeof value) {
    case 'string':
      return wellFormed(value);
    case 'boolean':
      return value;
    case 'bigint':
      return fitsI64(value) ? normalizeInteger(value) : new VrlFloat(Number(value));
    case 'number':
      // NaN, which the language does not have, is zero.
      return new VrlFloat(Number.isNaN(value) ? 0 : value);
    default:
      return null;
  }
}

function unparsable(reason: string) {
  return fail(`unable to parse yaml: ${reason}`);
}
