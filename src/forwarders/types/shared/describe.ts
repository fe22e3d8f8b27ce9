/** Most characters of a destination's answer that are shown to people. */
const MAX_SHOWN_CHARACTERS = 500;

/** Text from outside for a message: on one line, without control characters, cut when long. */
export function shown(text: string): string {
  // Cut first: the rest may be megabytes.
  const line = text
    .slice(0, MAX_SHOWN_CHARACTERS * 2)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  return line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)}…` : line;
}

/** OpenSSL's messages: numbers of threads and lines of its source around the words. */
const OPENSSL_MESSAGE =
  /(?:(?:write|read) EPROTO )?[0-9A-F]+:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):[^:]*:\d+:(?:SSL alert number \d+)?:?/g;

/** What to do about words of OpenSSL and Node, where these do not tell. */
const TLS_ADVICE: readonly (readonly [words: RegExp, advice: string])[] = [
  [/wrong version number|packet length too long|http request/, 'the other side does not speak TLS on this port'],
  [/alert certificate required|alert handshake failure/, 'it may want a client certificate: tls.cert and tls.key'],
  [/alert unknown ca|alert bad certificate/, 'it does not trust the client certificate in tls.cert'],
  [
    /self.signed certificate|unable to verify the first certificate|unable to get (?:local )?issuer certificate/,
    'no authority that is trusted vouches for the certificate: give its own in tls.ca',
  ],
  [/does not match certificate's altnames/, 'where the certificate is right, give its name in tls.server_name'],
];

/** An error's text with OpenSSL's words alone, and with what may be done. */
export function withAdvice(text: string): string {
  const plain = text.replace(OPENSSL_MESSAGE, (_, words: string) => `TLS: ${words}`).trim();
  const advice = TLS_ADVICE.find(([words]) => words.test(plain))?.[1];
  return advice === undefined ? plain : `${plain} (${advice})`;
}

/** What an error says; an error of several connection attempts says what each of them met. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(errorText))].join('; ');
  }
  if (!(error instanceof Error)) return shown(withAdvice(String(error)));
  const code = (error as NodeJS.ErrnoException).code;
  return shown(withAdvice(error.message || code || error.name));
}
