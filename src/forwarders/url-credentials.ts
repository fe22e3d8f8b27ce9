/**
 * A web address with a user in it, as `new URL` reads one: any number of slashes (and breaks, which it passes over) in front, and the
 * last `@` before the path ends the user (WHATWG URL, "authority state").
 */
const WITH_USER = /^(\s*https?:[/\\\t\r\n]*)([^/\\?#]*)@/i;

const WEB_ADDRESS = /^\s*https?:/i;

/** A parameter of a query that opens doors, as its name says; `sig` signs addresses of Azure. */
const SECRET_PARAMETER = /([?&](?:[^=&#]*(?:auth|key|token|secret|passw|credential|signature)[^=&#]*|sig)=)[^&#]+/gi;

/**
 * A web address with a mask in the place of its password, and of parameters whose names say that they are secrets. A user without a
 * password is a token, and masked as well. Every other text stays as it is.
 *
 * @example maskCredentials('https://logs:geheim@host/in', '***') // 'https://logs:***@host/in'
 */
export function maskCredentials(text: string, mask: string): string {
  const masked = text.replace(WITH_USER, (_, start: string, user: string) => {
    const colon = user.indexOf(':');
    if (colon === -1 || colon === user.length - 1) return `${start}${user === '' ? '' : mask}@`;
    return `${start}${user.slice(0, colon)}:${mask}@`;
  });
  return withParameters(masked, mask);
}

/** A web address without its user and without what else {@link maskCredentials} masks. Every other text stays as it is. */
export function withoutCredentials(text: string): string {
  return withParameters(text.replace(WITH_USER, '$1'), '');
}

function withParameters(text: string, mask: string): string {
  if (!WEB_ADDRESS.test(text)) return text;
  return text.replace(SECRET_PARAMETER, (_, start: string) => `${start}${mask}`);
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
