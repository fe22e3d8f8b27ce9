/** What the system says of an address, and what an administrator does about it. */
const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use: stop the program that listens there, or set another address',
  EACCES: 'this user may not listen there: ports below 1024 need CAP_NET_BIND_SERVICE; or set another address',
  EADDRNOTAVAIL: 'no interface of this host has that address',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name cannot be resolved just now',
};

/**
 * Says which setting the address comes from and what to do, when a listener could not listen. Other errors come back as they are.
 *
 * @param key - the setting, e.g. `http.bind`
 * @param bind - its value
 * @example
 * await server.listen(…).catch((error) => { throw listenError('http.bind', ':80', error); });
 */
export function listenError(key: string, bind: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const advice = ADVICE[error.code];
  if (advice === undefined) return error;
  return Object.assign(new Error(`cannot listen on ${bind} (${key}): ${advice} [${error.code}]`, { cause: error }), {
    code: error.code,
  });
}
