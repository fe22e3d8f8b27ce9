import type Ajv from 'ajv';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import type * as AjvModule from 'ajv';
import type * as Ajv2019Module from 'ajv/dist/2019';
import type * as Ajv2020Module from 'ajv/dist/2020';
import { FORMATS } from './formats';

/** A schema that is no good. */
export class SchemaError extends Error {
  readonly code = 'VRL_JSON_SCHEMA';
  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
  }
}

/** Drafts older than 2019-09, by what their URIs contain; the rules of draft 7 serve for all of them. */
const OLD_DRAFT = /draft-0[4-7]/;

/** The library is loaded with the first schema: it is a tenth of all there is to load, and few programs need it. */
function validatorFor(draft: string, options: Options): Ajv {
  /* eslint-disable @typescript-eslint/no-require-imports */
  if (OLD_DRAFT.test(draft)) return new (require('ajv') as typeof AjvModule).Ajv(options);
  return draft.includes('2019-09')
    ? new (require('ajv/dist/2019') as typeof Ajv2019Module).Ajv2019(options)
    : new (require('ajv/dist/2020') as typeof Ajv2020Module).Ajv2020(options);
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/**
 * Compiles a JSON Schema of draft 4 to 2020-12 (which is the default). Nothing is fetched: it must be self-contained.
 *
 * @returns what is wrong with a document, or undefined for a valid one
 * @throws SchemaError for a bad schema, or an unknown format unless those are ignored
 */
export function compileSchema(
  schema: unknown,
  ignoreUnknownFormats: boolean,
): (document: unknown) => string | undefined {
  const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
  if (!isObject && typeof schema !== 'boolean') throw new SchemaError('a schema is an object or a boolean');
  const { $schema: draft = '', ...rules } = isObject ? (schema as Record<string, unknown>) : {};
  const unknownFormats: string[] = [];
  const note = (message: unknown) => {
    if (/unknown format/.test(String(message))) unknownFormats.push(String(message));
  };
  const ajv = validatorFor(String(draft), {
    strict: false,
    allErrors: true,
    unicodeRegExp: true,
    formats: Object.fromEntries(FORMATS),
    logger: { log: note, warn: note, error: note },
  });
  const validate = compiled(ajv, isObject ? rules : schema);
  const unknown = unknownFormats[0];
  if (unknown !== undefined && !ignoreUnknownFormats) throw new SchemaError(unknown);
  return (document) => (validate(document) ? undefined : (validate.errors ?? []).map(describe).join(', '));
}

function compiled(ajv: Ajv, schema: object | boolean): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw new SchemaError(error instanceof Error ? error.message : String(error));
  }
}

function describe(error: ErrorObject): string {
  return `${error.message ?? error.keyword} at ${error.instancePath === '' ? '/' : error.instancePath}`;
}
