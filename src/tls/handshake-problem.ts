/**
 * Why a TLS handshake failed, in the words that OpenSSL has for it: its whole message also has numbers of threads and lines
 * of its source.
 *
 * @example handshakeProblem(error); // 'no shared cipher'
 */
export function handshakeProblem(error: Error): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' && reason !== '' ? reason : error.message.trim();
}
