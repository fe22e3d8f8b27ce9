import { Compiler } from './compile/compiler';
import { Frame } from './compile/frame';
import { guarded } from './compile/guard';
import { ExprRuntimeError } from './errors';
import { parse } from './syntax/parser';
import { describeKind, UNKNOWN } from './types/static-type';
import { ExprMap } from './value/expr-map';
import { FieldMap, RecordLookup } from './value/field-map';
import { importValue } from './value/host';
import { kindOf } from './value/kind-of';
import type { Value } from './value/value';

/** What a text begins with when the rest of it is an expression. */
const EXPRESSION_PREFIX = '@expr:';

/** What an expression can name. */
const NAMES: readonly string[] = ['timestamp', 'log', 'delivery_id'];

/** What a template is evaluated on. */
export interface TemplateInput {
  /** Time of the record; a number counts milliseconds since 1970. */
  readonly timestamp: Date | number;
  /** The record's fields. */
  readonly log: Readonly<Record<string, string>>;
  /** What is the same each time the record is delivered, and different for every other record; "" where there is none. */
  readonly deliveryId?: string;
}

/** A compiled dynamic field. */
export interface Template {
  /**
   * The text for a record.
   *
   * @throws ExprRuntimeError where the expression fails or gives no string.
   */
  evaluate(input: TemplateInput): string;
  /** Whether the text is the same for every record. */
  readonly constant: boolean;
}

/**
 * Compiles a dynamic field: a text that begins with `@expr:` is an expression over `timestamp`, `log` and `delivery_id`, any
 * other text stands for itself. A missing field of `log` is the empty text; other names are nil.
 *
 * @throws ExprSyntaxError, ExprCompileError; offsets count from behind the prefix.
 * @example compileTemplate('@expr:upper(log.level)').evaluate({ timestamp: 0, log: { level: 'warn' } }) // 'WARN'
 */
export function compileTemplate(text: string): Template {
  if (!text.startsWith(EXPRESSION_PREFIX)) return { evaluate: () => text, constant: true };
  const source = text.slice(EXPRESSION_PREFIX.length);
  const compiler = new Compiler(source, {
    typeOf: () => UNKNOWN,
    declares: (name) => NAMES.includes(name),
  });
  const { run, at, constant } = compiler.compile(parse(source));
  return {
    constant: typeof constant === 'string',
    evaluate: (input) => {
      const value = guarded(() => run(new TemplateFrame(input)), source, at);
      if (typeof value === 'string') return value;
      throw new ExprRuntimeError('not_string', `expected string, but got ${describeKind(kindOf(value))}`, at).locate(
        source,
      );
    },
  };
}

/** Evaluation on one record with its time. */
class TemplateFrame extends Frame {
  readonly #input: TemplateInput;

  constructor(input: TemplateInput) {
    super();
    this.#input = input;
  }

  get(name: string): Value {
    return this.find(name) ?? null;
  }

  find(name: string): Value | undefined {
    switch (name) {
      case 'log':
        return new FieldMap(new RecordLookup(this.#input.log));
      case 'timestamp': {
        const { timestamp } = this.#input;
        return importValue(typeof timestamp === 'number' ? new Date(timestamp) : timestamp, 0);
      }
      case 'delivery_id':
        return this.#input.deliveryId ?? '';
      default:
        return undefined;
    }
  }

  whole(): ExprMap {
    const map = new ExprMap();
    for (const name of NAMES) map.set(name, this.get(name));
    return map;
  }
}
