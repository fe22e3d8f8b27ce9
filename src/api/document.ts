import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Scope } from '../storage/auth/scopes';

export const API_PREFIX = '/api/v1';

const HTTP_METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** One operation of the API's description. */
export interface Operation {
  readonly id: string;
  readonly method: HttpMethod;
  /** Below the prefix, parameters in braces: `/streams/{stream}`. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly scopes: readonly Scope[];
  /** `upload` is a form with a file. */
  readonly body: 'none' | 'optional' | 'required' | 'upload';
}

/** The API's description: the text as written, the same as an object, and what routing needs to know of it. */
export interface ApiDocument {
  readonly yaml: string;
  readonly json: object;
  readonly operations: readonly Operation[];
}

interface OperationObject {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, unknown>> };
  readonly 'x-required-scopes': readonly Scope[];
}

type PathItem = Readonly<Partial<Record<HttpMethod, OperationObject>>>;

/** Reads openapi.yaml, which lies beside this file. */
export function loadDocument(): ApiDocument {
  const yaml = readFileSync(join(__dirname, 'openapi.yaml'), 'utf8');
  const json = parse(yaml) as { readonly paths: Readonly<Record<string, PathItem>> };
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(json.paths)) {
    for (const method of HTTP_METHODS) {
      const operation = item[method];
      if (operation !== undefined) operations.push(readOperation(path, method, operation));
    }
  }
  return { yaml, json, operations };
}

function readOperation(path: string, method: HttpMethod, operation: OperationObject): Operation {
  return {
    id: operation.operationId,
    method,
    path,
    isPublic: operation.security?.length === 0,
    scopes: operation['x-required-scopes'],
    body: bodyKind(operation.requestBody),
  };
}

function bodyKind(body: OperationObject['requestBody']): Operation['body'] {
  if (body === undefined) return 'none';
  if ('multipart/form-data' in body.content) return 'upload';
  return body.required === true ? 'required' : 'optional';
}
