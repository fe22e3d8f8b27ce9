/** An OTLP AnyValue; integers are kept as decimal text, which holds all 64 bits. */
export type AnyValue =
  | { readonly kind: 'empty' }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly text: string }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'array'; readonly items: readonly AnyValue[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, value: AnyValue])[] };

export const EMPTY_VALUE: AnyValue = { kind: 'empty' };
