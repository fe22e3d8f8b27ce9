import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

/** One thing that was looked at. */
export interface HealthCheck {
  readonly name: string;
  readonly healthy: boolean;
  /** What is wrong, or a figure worth knowing. */
  readonly detail?: string;
}

export interface Health {
  readonly healthy: boolean;
  readonly checks: readonly HealthCheck[];
}

export interface ManagementDependencies {
  /** Looks after the service; is asked at each request. */
  readonly health: () => Health | Promise<Health>;
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly onInternalError?: (error: unknown, operation: string) => void;
}

/** The management interface, to be mounted on a server of its own. */
export interface Management {
  handle(request: IncomingMessage, response: ServerResponse): void;
}

const OK_BODY = 'OK\r\n';
const TEXT = 'text/plain; charset=utf-8';

/**
 * Builds the management interface: `/health` (any method; 200 or 503) and `/metrics` (Prometheus). It needs no login: do not
 * expose it.
 *
 * @example
 * http.createServer(createManagement({ health, registry }).handle).listen(9113);
 */
export function createManagement(deps: ManagementDependencies): Management {
  const routes = new Map([
    ['/health', sendHealth],
    ['/metrics', sendMetrics],
  ]);
  return {
    handle(request, response) {
      const [path = ''] = (request.url ?? '').split('?', 1);
      const route = routes.get(path);
      if (route === undefined) {
        send(response, 404, TEXT, '404 page not found\n');
        return;
      }
      route(request, response, deps).catch((error: unknown) => {
        deps.onInternalError?.(error, path);
        send(response, 500, TEXT, 'internal error\n');
      });
    },
  };
}

async function sendHealth(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ManagementDependencies,
): Promise<void> {
  const health = await deps.health();
  const status = health.healthy ? 200 : 503;
  if (request.headers.accept?.includes('application/json') === true) {
    send(response, status, 'application/json; charset=utf-8', JSON.stringify(health));
  } else {
    send(response, status, TEXT, health.healthy ? OK_BODY : describeFailures(health));
  }
}

async function sendMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ManagementDependencies,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, 405, TEXT, 'Method Not Allowed\n', ['Allow', 'GET, HEAD']);
    return;
  }
  send(response, 200, deps.registry.contentType, await deps.registry.metrics());
}

function describeFailures({ checks }: Health): string {
  const failures = checks.filter(({ healthy }) => !healthy);
  return failures.map(({ name, detail }) => `${name}: ${detail ?? 'failed'}\r\n`).join('') || 'unhealthy\r\n';
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  extra: readonly string[] = [],
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const length = String(Buffer.byteLength(body));
  const headers = [
    'Content-Type',
    type,
    'Content-Length',
    length,
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
  ];
  response.writeHead(status, [...headers, ...extra]).end(body);
}
