/** What proxies are sent in front of the path (RFC 9112, section 3.2.2). */
const ABSOLUTE_FORM = /^https?:\/\/[^/?]*/i;

/**
 * The URL of a request below the path that the API is mounted at; undefined when it is elsewhere.
 *
 * @param mountPath empty, or a path that begins and does not end with a slash
 * @example
 * belowMountPath('/logs/api/v1/users?x', '/logs') // '/api/v1/users?x'
 */
export function belowMountPath(url: string, mountPath: string): string | undefined {
  if (mountPath === '') return url;
  const path = url.startsWith('/') ? url : url.replace(ABSOLUTE_FORM, '');
  if (!path.startsWith(mountPath)) return undefined;
  const rest = path.slice(mountPath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : undefined;
}
