import { toCurrentVersion } from '../../forwarders';
import { parseFlow } from '../../pipeline';

/**
 * The body of a stored item in the newest version of its format: flows and forwarders of version 1 are converted, as when they
 * are saved.
 *
 * @throws Error when it cannot be read
 * @example
 * currentBody('forwarder', '{"url":"http://localhost/"}') // '{"version":2,"config":{"type":"http",…}}'
 */
export function currentBody(kind: string, body: string): string {
  switch (kind) {
    case 'pipeline':
      return JSON.stringify(parseFlow(JSON.parse(body)));
    case 'forwarder':
      return JSON.stringify(toCurrentVersion(JSON.parse(body)));
    default:
      return body;
  }
}
