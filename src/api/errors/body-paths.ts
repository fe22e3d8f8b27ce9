import { AuthError, type AuthErrorCode } from '../../storage/auth/auth-error';
import { ApiError } from './api-error';

/**
 * Does something with parts of a body; what the auth store finds wrong with one is told with the part's path.
 * @param paths where in the body the part is that an error is about
 * @throws ApiError 400; any other error as it is
 * @example
 * await withBodyPaths({ INVALID_PASSWORD: 'new_password' }, () => store.changePassword(user, before, after));
 */
export async function withBodyPaths<Result>(
  paths: Readonly<Partial<Record<AuthErrorCode, string>>>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const path = error instanceof AuthError ? paths[error.code] : undefined;
    if (!(error instanceof AuthError) || path === undefined) throw error;
    const context = { body: [`${path}: ${error.message}`] };
    throw new ApiError('INVALID_ARGUMENT', error.message, { context, cause: error });
  }
}
