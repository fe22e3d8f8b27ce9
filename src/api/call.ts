import type { Request, Response } from 'express';
import type { Principal } from '../storage/auth/auth-store';
import { ApiError } from './errors/api-error';

/** One request to an operation, after authentication and validation: params, query and body have the described form. */
export class Call {
  readonly request: Request;
  readonly response: Response;

  constructor(request: Request, response: Response) {
    this.request = request;
    this.response = response;
  }

  /** Who makes the request. */
  get principal(): Principal {
    const { user } = this.request;
    if (user === undefined) throw new ApiError('UNAUTHENTICATED', 'missing token');
    return user as Principal;
  }

  /** A part of the path, decoded. */
  param(name: string): string {
    const value = this.request.params[name];
    if (typeof value !== 'string') throw new ApiError('INTERNAL', `the path has no ${name}`);
    return value;
  }

  /** The body, whose form the validator has checked. */
  body<T>(): T {
    return this.request.body as T;
  }

  /** The query, whose form the validator has checked. */
  query<T>(): T {
    return this.request.query as T;
  }

  /** Address that the connection comes from. */
  get address(): string {
    return this.request.socket.remoteAddress ?? '';
  }
}

/**
 * Does what an operation is for. The returned object is sent with `success: true` in front; undefined means that the
 * operation has written the answer itself.
 */
export type OperationHandler = (call: Call) => Promise<object | undefined> | object | undefined;

/** Handlers by operation id. */
export type OperationHandlers = Readonly<Record<string, OperationHandler>>;
