import { validationError } from './errors/api-error';

/** What is shown in the place of a secret. Sent back, it means the secret that is stored. */
export const SECRET_MASK = '********';

/**
 * The secret that a client means.
 * @param path where the secret is in the body
 * @throws ApiError 400 when it means a stored secret and there is none
 */
export function unmaskedSecret(given: string, stored: string | undefined, path: string): string {
  if (given !== SECRET_MASK) return given;
  if (stored === undefined) throw validationError({ body: [`${path} is the mask of a secret, and none is stored`] });
  return stored;
}
