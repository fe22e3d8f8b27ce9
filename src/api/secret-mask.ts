import { validationError, type ApiError } from './errors/api-error';

/** What is shown in the place of a secret. Sent back, it means the secret that is stored. */
export const SECRET_MASK = '********';

/**
 * Says that a stored secret is not used for another destination: who may change a destination must not thereby learn its secrets.
 * @param path where the secret is in the body
 * @param changed where in the body that is which would now get it
 */
export function secretGoesElsewhere(path: string, changed: string): ApiError {
  return validationError({
    body: [`${path} must be given anew: the one that is stored is not for another ${changed}`],
  });
}

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
