export { compileRegex, emptyRegex } from './compile-regex';
export { expandReplacement, matchAll, parseReplacement, type ReplacementPart } from './replace';
export { renderRegexError } from './render-regex-error';
export { RegexSyntaxError } from './regex-syntax-error';
