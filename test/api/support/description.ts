import Ajv from 'ajv';
import { loadDocument } from '../../../src/api/document';
import type { Answer } from './harness';

interface MediaObject {
  readonly schema?: { readonly properties?: object };
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}

export interface ResponseObject {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, { readonly $ref?: string; readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, MediaObject>>;
}

export interface OperationObject {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly object[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, MediaObject>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly 'x-required-scopes': readonly string[];
}

interface DocumentObject {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, ResponseObject>>;
    readonly headers: Readonly<Record<string, { readonly required?: boolean }>>;
    readonly examples: Readonly<Record<string, { readonly value?: unknown }>>;
  };
}

export const description = loadDocument();
const document = description.json as DocumentObject;

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(document, 'document');

/** The description of an operation. */
export function describedOperation(id: string): OperationObject {
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) if (operation.operationId === id) return operation;
  }
  throw new Error(`no operation ${id}`);
}

/** A response of an operation, with references followed. */
export function describedResponse(id: string, status: number): ResponseObject {
  const response = describedOperation(id).responses[status];
  if (response === undefined) throw new Error(`${id} does not describe an answer ${status}`);
  if (response.$ref === undefined) return response;
  const name = response.$ref.split('/').at(-1) ?? '';
  const shared = document.components.responses[name];
  if (shared === undefined) throw new Error(`no response ${name}`);
  return shared;
}

/** The examples of a body, with references followed. */
export function examplesOf({ example, examples = {} }: MediaObject): unknown[] {
  const named = Object.values(examples).map(({ $ref, value }) => {
    return $ref === undefined ? value : document.components.examples[$ref.split('/').at(-1) ?? '']?.value;
  });
  return example === undefined ? named : [example, ...named];
}

/** What is wrong with a value by a schema of the description. */
export function schemaProblems(schema: object, value: unknown): string[] {
  // References in the schema are relative to the document.
  const resolved = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object;
  const validate = ajv.compile(resolved);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What is wrong with an answer by the description of its operation: status, content type, headers and body. */
export function answerProblems(id: string, answer: Answer): string[] {
  const response = describedResponse(id, answer.status);
  const problems: string[] = [];
  for (const [header, described] of Object.entries(response.headers ?? {})) {
    const { required } = document.components.headers[described.$ref?.split('/').at(-1) ?? ''] ?? described;
    if (answer.headers[header.toLowerCase()] === undefined && required !== false) {
      problems.push(`has no header ${header}`);
    }
  }
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
  const media = response.content?.[type];
  if (media === undefined) return [...problems, `has the content type ${type}`];
  if (type !== 'application/json') return problems;
  return [...problems, ...schemaProblems(media.schema ?? {}, answer.json), ...undescribed(media.schema, answer.json)];
}

/** Keys of an answer that its description does not have. */
function undescribed(schema: { readonly properties?: object } | undefined, json: Answer['json']): string[] {
  if (schema?.properties === undefined || json === undefined) return [];
  const known = new Set(Object.keys(schema.properties));
  return Object.keys(json)
    .filter((key) => !known.has(key))
    .map((key) => `has ${key}, which is not described`);
}
