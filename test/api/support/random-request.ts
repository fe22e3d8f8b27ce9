import fc from 'fast-check';
import { description } from './description';
import { uploadForm } from './upload-form';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface OperationObject {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** A request that a client might make, well or badly. */
export interface RandomRequest {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

const document = description.json as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>> & { parameters?: Parameter[] }>>;
};

/** What programs trip over. */
const HOSTILE_TEXTS = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '/',
    '%',
    '%00',
    '\u0000',
    '\n',
    'a\r\nb',
    '__proto__',
    'constructor',
    '\ud800',
    '\u202e',
    '😀',
  ],
  ...['_audit', '_failed', 'default', 'null', '[]', '{}', '"', "'", '1e999', '-1', 'x'.repeat(5000)],
  ...['(((((((((', 'a == "b"', '$env[', '\'a b\' = "c" AND NOT d in ["e"]', '. = parse_json!(.a)', '^(a+)+$'],
];
const MAX_ITEMS = 4;

const hostileText = fc.constantFrom(...HOSTILE_TEXTS);
const anyText = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 10 }), hostileText);
const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 3 }), hostileText, fc.constantFrom<unknown>(-1, 1.5, 2 ** 53, 1e308));

function resolve<T extends { readonly $ref?: string }>(object: T): T {
  if (object.$ref === undefined) return object;
  let found: unknown = document;
  for (const part of object.$ref.slice(2).split('/')) found = (found as Record<string, unknown>)[part];
  return found as T;
}

/** Values that keep a schema's rules, as far as it is easily said. */
function valid(given: Schema): fc.Arbitrary<unknown> {
  const schema = resolve(given);
  if (schema.nullable === true) return fc.option(valid({ ...schema, nullable: false }), { freq: 5 });
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.oneOf !== undefined) return fc.oneof(...schema.oneOf.map(valid));
  if (schema.allOf !== undefined) {
    return fc.tuple(...schema.allOf.map(valid)).map((parts) => Object.assign({}, ...parts) as unknown);
  }
  switch (schema.type) {
    case 'string':
      return validText(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valid(schema.items ?? {}), { maxLength: MAX_ITEMS });
    case 'object':
      return validObject(schema);
    default:
      return anyJson;
  }
}

function validText({ format, pattern, minLength = 0, maxLength = 50 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  }
  if (format === 'uuid') return fc.uuid();
  if (format === 'uri' || pattern?.startsWith('^https?') === true) return fc.webUrl();
  return fc.string({ minLength, maxLength: Math.min(maxLength, 50) });
}

function validObject({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valid(one)])), {
    requiredKeys: [...required].filter((name) => name in properties),
  });
  const others = typeof additionalProperties === 'object' ? valid(additionalProperties) : undefined;
  if (others === undefined) return known;
  return fc.tuple(known, fc.dictionary(anyText, others, { maxKeys: MAX_ITEMS })).map(([a, b]) => ({ ...b, ...a }));
}

/** Replaces one place of a value by something else. */
function spoiled(value: unknown, at: number, by: unknown): unknown {
  if (at % 3 === 0 || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  if (keys.length === 0) return by;
  const key = keys[at % keys.length] as string;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const place = copy as Record<string, unknown>;
  if (at % 7 === 0) delete place[key];
  else place[key] = spoiled(place[key], Math.floor(at / 2), by);
  return copy;
}

function body(schema: Schema): fc.Arbitrary<string> {
  const good = valid(schema);
  const bad = fc.tuple(good, fc.nat(1000), anyJson).map(([value, at, by]) => spoiled(value, at, by));
  return fc.oneof(
    { weight: 4, arbitrary: good.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: bad.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.oneof(anyText, fc.constant('['.repeat(50_000)), fc.constant('{"__proto__":{"a":1}}')) },
  );
}

/** A form with a file: a real one, one that is damaged somewhere, or garbage; and forms that are none. */
function form(files: readonly Buffer[]): fc.Arbitrary<{ readonly body: Buffer; readonly type: string }> {
  const whole = files.length > 0 ? fc.constantFrom(...files) : fc.constant(Buffer.alloc(0));
  const cut = fc.tuple(whole, fc.double({ min: 0, max: 1, noNaN: true })).map(([file, part]) => {
    return file.subarray(0, Math.floor(file.length * part));
  });
  const spoilt = fc.tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 })).map(([file, changes]) => {
    const copy = Buffer.from(file);
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  });
  const garbage = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
  const database = garbage.map((bytes) => Buffer.concat([Buffer.from('SQLite format 3\0'), bytes]));
  const file = fc.oneof(cut, spoilt, garbage, database);
  const field = fc.oneof({ weight: 9, arbitrary: fc.constant('backup') }, fc.constantFrom('file', '', '__proto__'));
  return fc.tuple(file, field, fc.nat(20)).map(([bytes, name, at]) => {
    const { body: whole, headers } = uploadForm(bytes, name);
    const type = headers['Content-Type'] ?? '';
    // One in twenty breaks off, one has no boundary.
    if (at === 0) return { body: whole.subarray(0, whole.length - 20), type };
    return { body: whole, type: at === 1 ? 'multipart/form-data' : type };
  });
}

/**
 * Random requests to an operation, made from its description: good ones, and such as break each rule there is.
 * @param files what is uploaded, more or less, where a file is asked for
 */
export function randomRequest(
  path: string,
  method: string,
  files: readonly Buffer[] = [],
): fc.Arbitrary<RandomRequest> {
  const item = document.paths[path];
  const operation = item?.[method];
  if (item === undefined || operation === undefined) throw new Error(`no operation ${method} ${path}`);
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
  const values = parameters.map((parameter) => {
    const good = valid(parameter.schema).map((value) =>
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    );
    const example = parameter.example === undefined ? good : fc.constant(String(parameter.example));
    const some = fc.oneof({ weight: 4, arbitrary: example }, { weight: 3, arbitrary: good }, anyText);
    return parameter.in === 'path' ? some : fc.option(some, { nil: undefined, freq: parameter.required ? 10 : 2 });
  });
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type === 'multipart/form-data') {
    return form(files).map((upload) => ({ target: path, headers: { 'Content-Type': upload.type }, body: upload.body }));
  }
  return fc
    .record({
      values: fc.tuple(...values),
      body: media === undefined ? fc.constant(undefined) : body(media.schema),
      type: fc.oneof(
        { weight: 9, arbitrary: fc.constant(type) },
        fc.constantFrom('text/csv', 'application/x-protobuf', ';'),
      ),
      encoding: fc.oneof(
        { weight: 9, arbitrary: fc.constant(undefined) },
        fc.constantFrom('gzip', 'deflate', 'br', 'x'),
      ),
    })
    .map((parts) => {
      const headers: Record<string, string> = {};
      const query = new URLSearchParams();
      let target = path;
      parameters.forEach(({ name, in: place }, i) => {
        const value = (parts.values as (string | undefined)[])[i];
        if (value === undefined) return;
        if (place === 'path')
          target = target.replace(`{${name}}`, () => encodeURIComponent(value.toWellFormed()) || 'x');
        else if (place === 'query') query.append(name, value);
        // What else a header cannot have, no client can send.
        else headers[name] = value.replaceAll(/[^\x20-\x7e]/g, '');
      });
      if (parts.type !== undefined && parts.body !== undefined) headers['Content-Type'] = parts.type;
      if (parts.encoding !== undefined && parts.body !== undefined) headers['Content-Encoding'] = parts.encoding;
      return { target: query.size === 0 ? target : `${target}?${query.toString()}`, headers, body: parts.body };
    });
}
