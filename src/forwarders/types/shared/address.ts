import type { ConfigProblem } from '../../forwarder-type';

/** Schema pattern of an HTTP address; {@link checkHttpUrl} checks the rest. */
export const HTTP_URL_PATTERN = '^[Hh][Tt][Tt][Pp][Ss]?://.';

/** What is wrong with an HTTP address, if anything. */
export function checkHttpUrl(path: string, text: string): ConfigProblem[] {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The text is not repeated: there may be a password in it.
    return [{ path, message: 'is not a URL' }];
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return [];
  return [{ path, message: `the URL must begin with http:// or https://, not ${url.protocol}//` }];
}

/** Host of a URL as sockets take it: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** A host and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Schema pattern of `host:port`; {@link parseHostPort} checks the port. */
export const HOST_PORT_PATTERN = '^(?:\\[[0-9A-Fa-f:.%]+\\]|[^:\\[\\]\\s/]+):[0-9]{1,5}$';
const HOST_PORT = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^:[\]\s/]+)):(\d{1,5})$/;
const MAX_PORT = 65_535;

/**
 * Takes `host:port` apart; IPv6 addresses stand in brackets.
 *
 * @returns undefined when the text is none
 * @example parseHostPort('[::1]:514') // { host: '::1', port: 514 }
 */
export function parseHostPort(text: string): HostPort | undefined {
  const match = HOST_PORT.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > MAX_PORT ? undefined : { host, port };
}
