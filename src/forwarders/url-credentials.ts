/**
 * A web address with a user in it, as `new URL` reads one: any number of slashes (and breaks, which it passes over) in front, and the
 * last `@` before the path ends the user (WHATWG URL, "authority state").
 */
const WITH_USER = /^(\s*https?:[/\\\t\r\n]*)([^/\\?#]*)@/i;

/**
 * A web address with a mask in the place of its password. A user without one is a token, and masked as well. Every other text stays
 * as it is.
 *
 * @example maskCredentials('https://logs:geheim@host/in', '***') // 'https://logs:***@host/in'
 */
export function maskCredentials(text: string, mask: string): string {
  return text.replace(WITH_USER, (_, start: string, user: string) => {
    const colon = user.indexOf(':');
    if (colon === -1 || colon === user.length - 1) return `${start}${user === '' ? '' : mask}@`;
    return `${start}${user.slice(0, colon)}:${mask}@`;
  });
}

/** A web address without user and password. Every other text stays as it is. */
export function withoutCredentials(text: string): string {
  return text.replace(WITH_USER, '$1');
}

/** `Authorization` (RFC 7617) for the user and password of a URL; undefined when it has none. */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

/** What is no percent-encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
