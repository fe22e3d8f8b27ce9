export type { ReadOnlyPath } from './checker/read-only';
export { compile, type CompileOptions } from './compile';
export { VrlAbort, VrlCompileError, VrlRuntimeError, type Diagnostic } from './errors';
export { flattenEvent, type Fields } from './flatten-event';
export { fromJson } from './from-json';
export { Program, type RunResult } from './program';
export { define, type FunctionDefinition, type Host } from './stdlib/definition';
export { enrichmentFunctions, type EnrichmentTables } from './stdlib/enrichment';
export { eventFunctions, type Secrets } from './stdlib/event';
export { metricFunctions, type HostMetric, type MetricsSource } from './stdlib/metrics';
export { classCode, recordTypeCode } from './stdlib/dns/codes';
export { readDnsAnswer } from './stdlib/dns/read-answer';
export { networkFunctions, type HttpRequest, type NetworkHost } from './stdlib/network';
export { compileTransformer, Transformer, type TransformerOptions } from './transformer';
export { fromJs } from './value/from-js';
export type { FileReader } from './stdlib/files/read-file';
export { kindOf, type KindName } from './value/kind-of';
export { toJson } from './value/text-forms';
export {
  emptyObject,
  objectOf,
  VrlBytes,
  VrlFloat,
  VrlRegex,
  VrlTimestamp,
  type VrlArray,
  type VrlInteger,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from './value/value';
