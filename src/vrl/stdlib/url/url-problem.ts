/**
 * Why a text is no URL, in the language's words. The engine's parser only says that it is none, so this looks at the
 * parts in the order in which a parser meets them.
 */
export function urlProblem(address: string): string {
  // Line breaks and tabs do not count, wherever they stand.
  const text = address.replace(/[\t\n\r]/g, '');
  const scheme = /^[\x00-\x20]*([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text);
  if (scheme === null) return 'relative URL without a base';
  const rest = (scheme[2] as string).replace(/^[/\\]+/, '');
  const authority = /^[^/\\?#]*/.exec(rest)?.[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host === '' || host.startsWith(':')) return 'empty host';
  if (host.startsWith('[')) {
    const close = host.indexOf(']');
    return close !== -1 && host[close + 1] === ':' && !isPort(host.slice(close + 2))
      ? 'invalid port number'
      : 'invalid IPv6 address';
  }
  const colon = host.indexOf(':');
  const name = colon === -1 ? host : host.slice(0, colon);
  if (colon !== -1 && !isPort(host.slice(colon + 1))) return 'invalid port number';
  if (!SPECIAL_SCHEMES.has((scheme[1] as string).toLowerCase())) return 'invalid domain character';
  if (/(?:^|\.)(?:0[xX][0-9a-fA-F]*|[0-9]+)\.?$/.test(name)) return 'invalid IPv4 address';
  return 'invalid international domain name';
}

/** Schemes whose hosts are domain names; those of others are taken as they are. */
const SPECIAL_SCHEMES = new Set(['ftp', 'file', 'http', 'https', 'ws', 'wss']);

function isPort(text: string): boolean {
  return /^[0-9]*$/.test(text) && Number(text) <= 0xffff;
}
