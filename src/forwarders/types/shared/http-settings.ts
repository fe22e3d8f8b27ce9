import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ConfigPattern, ConfigProblem } from '../../forwarder-type';

/** Schema of headers that are added to every request. */
export const HEADERS_SCHEMA = {
  type: 'object',
  nullable: true,
  additionalProperties: { type: 'string' },
  description: 'Headers of every request, by name.',
} as const;

export const COMPRESSION_SCHEMA = {
  type: 'string',
  enum: ['none', 'gzip'],
  default: 'none',
  description: 'How the body of a request is compressed.',
} as const;

export const PROXY_SCHEMA = {
  type: 'string',
  pattern: '^(?:[Hh][Tt][Tt][Pp][Ss]?://.+)?$',
  description:
    'URL of an HTTP proxy, `http://user:password@host:port`. The proxy then looks names up; without it requests go straight to the destination.',
} as const;

/**
 * Headers whose values open doors, as their names say or their vendors do: in any case, for names of headers have none (RFC 9110,
 * section 5.1).
 */
const SECRET_HEADER = /auth|key|token|secret|passw|credential|cookie|session|signature|dsn|honeycomb-team/i;

/** Where headers may hold secrets. */
export const HEADER_SECRETS: readonly ConfigPattern[] = [['headers', SECRET_HEADER]];

/** Names and values that HTTP does not allow. */
export function checkHeaders(headers: Readonly<Record<string, string>> | null | undefined): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(headers ?? {})) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      problems.push({ path: `headers.${name}`, message: (error as Error).message });
    }
  }
  return problems;
}

/** Headers with one more, unless the configuration has set it in whatever spelling. */
export function withDefaultHeader(
  headers: Readonly<Record<string, string>> | null | undefined,
  name: string,
  value: string,
): Record<string, string> {
  const lower = name.toLowerCase();
  const taken = Object.keys(headers ?? {}).some((known) => known.toLowerCase() === lower);
  return taken ? { ...headers } : { ...headers, [name]: value };
}
