/** Longest accepted source, in UTF-16 code units: far above any written filter, small enough to lex in a millisecond. */
export const MAX_SOURCE_LENGTH = 65_536;

/** Most nodes in one expression. Public limit of the language. */
export const MAX_NODES = 10_000;

/**
 * Deepest nesting of parentheses, calls, operators and so on. Every stage recurses over the tree, so this keeps each of
 * them far from the end of the default stack. Chains of one and/or operator count as one level.
 */
export const MAX_DEPTH = 300;

/** Elements (array items, map entries, characters of repeat) one evaluation may make. Public limit of the language. */
export const MEMORY_BUDGET = 1_000_000;

/** Most characters of text one evaluation may make by joining, repeating, replacing and encoding. */
export const TEXT_BUDGET = 16_000_000;

/**
 * Steps one evaluation may take: predicate calls, elements compared, and 16 characters searched each. Nested predicates
 * would otherwise run for years on short arrays; five million steps take about half a second.
 */
export const STEP_BUDGET = 5_000_000;
