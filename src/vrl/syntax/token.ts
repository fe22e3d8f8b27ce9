import type { VrlInteger } from '../value/value';
import type { Span } from './source';

/** Inserted variable of a template string. */
export interface TemplateVariable {
  readonly name: string;
  readonly span: Span;
}

/** A string literal: text, with variables between where it is a template. */
export type TemplatePart = string | TemplateVariable;

/** Words and punctuation that stand for themselves. */
export type Mark = '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':' | '.' | '%' | '&' | '->' | '_';

/** A lexical unit of a program. */
export type Token = Span &
  (
    | { readonly type: 'newline' | 'semicolon' | 'end' }
    | { readonly type: 'mark'; readonly text: Mark }
    | { readonly type: 'operator'; readonly text: string }
    /** A character that the language does not use. */
    | { readonly type: 'invalid'; readonly text: string }
    | { readonly type: 'keyword' | 'reserved' | 'identifier' | 'fieldName' | 'functionName'; readonly text: string }
    | { readonly type: 'string'; readonly parts: readonly TemplatePart[]; readonly text: string }
    | { readonly type: 'rawString' | 'regex' | 'timestamp'; readonly text: string }
    | { readonly type: 'integer'; readonly value: VrlInteger }
    | { readonly type: 'float'; readonly value: number }
  );

export const KEYWORDS: ReadonlySet<string> = new Set(['if', 'else', 'true', 'false', 'null', 'abort', 'return']);

/** Words kept for later; not usable as variable names. */
export const RESERVED: ReadonlySet<string> = new Set(
  `all any array bool boolean break continue do duration each emit float for forall foreach int integer iter loop object
  regex string timestamp traverse try undefined unless walk while`.split(/\s+/),
);
