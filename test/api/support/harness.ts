import { createSecretKey } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createApi, currentBody, type Api, type ApiDependencies, type AuditEntry } from '../../../src/api';
import { compileFilter } from '../../../src/expr';
import { DestinationPolicy, FORWARDER_TYPES, ForwarderReader, ForwarderService } from '../../../src/forwarders';
import { fakeType, type FakeType } from '../../../src/forwarders/testing/fake-type';
import { defaultFlow, PipelineEngine, type Transformer } from '../../../src/pipeline';
import { JwtAuthority, openAuthStore, SCOPES, type AuthStore, type AuthStoreOptions } from '../../../src/storage/auth';
import { openConfigStore, type ConfigStore } from '../../../src/storage/config';
import { SqliteDeliveryQueue } from '../../../src/storage/queue';
import { InProcessQueue } from '../../../src/storage/queue/testing/in-process';
import { removeTemporaryDirectories, temporaryDirectory } from '../../../src/storage/testing/temporary-directory';
import { MemoryLogStore } from './memory-log-store';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, undefined when it is none. */
  readonly json: { readonly [key: string]: unknown } | undefined;
}

export interface RequestOptions {
  /** Value for `Authorization: Bearer …`; the administrator's unless given, none when null. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string | Buffer;
}

/** What takes the place of a harness's own parts. */
export type Overrides = Partial<ApiDependencies> | ((own: ApiDependencies) => Partial<ApiDependencies>);

export const ADMIN_PASSWORD = 'the administrator password';

/** The API on a server of its own, with the real auth store, config store and pipeline engine. */
export class Harness {
  readonly url: string;
  readonly port: number;
  readonly logs = new MemoryLogStore();
  readonly audits: AuditEntry[] = [];
  readonly internalErrors: unknown[] = [];
  declare readonly forwarders: ForwarderService;
  declare readonly queue: SqliteDeliveryQueue;
  /** The forwarder type `fake`: what is sent by it, and how it answers. */
  declare readonly fake: FakeType;
  /** Personal access token of an administrator. */
  adminToken = '';
  /** Where everything of this API lies, and uploads are received. */
  directory = '';
  time = Date.now();

  private constructor(
    readonly auth: AuthStore,
    readonly config: ConfigStore,
    readonly engine: PipelineEngine,
    readonly api: Api,
    readonly server: Server,
    shared: Pick<Harness, 'logs' | 'audits' | 'internalErrors' | 'forwarders' | 'queue' | 'fake'>,
  ) {
    Object.assign(this, shared);
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  static async start(overrides: Overrides = {}, authOptions: AuthStoreOptions = {}): Promise<Harness> {
    const directory = await temporaryDirectory();
    const auth = await openAuthStore(path.join(directory, 'auth.db'), authOptions);
    const config = await openConfigStore(path.join(directory, 'config.db'), { convert: currentBody });
    const logs = new MemoryLogStore();
    const audits: AuditEntry[] = [];
    const internalErrors: unknown[] = [];
    const queue = await SqliteDeliveryQueue.open({
      directory,
      maxPendingBytes: 1e9,
      onWarning: (message) => internalErrors.push(message),
      now: Date.now,
      caller: (file, options) => new InProcessQueue(file, options),
    });
    const fake = fakeType();
    const forwarders = new ForwarderService({
      queue,
      reader: new ForwarderReader(
        new Map([['fake', fake], ...[...FORWARDER_TYPES].filter(([type]) => type === 'http')]),
      ),
      policy: new DestinationPolicy({ allow: [], deny: [] }),
      warn: (message) => internalErrors.push(message),
      now: Date.now,
    });
    const engine = new PipelineEngine({
      store: logs,
      forwarders,
      compileFilter: (source) => compileFilter(source),
      compileTransformer: (): Transformer => ({ run: (fields) => [fields] }),
    });
    const refresh = async (): Promise<void> => {
      const pipelines = new Map((await config.listItems('pipeline')).map(({ name, body }) => [name, JSON.parse(body)]));
      const transformers = new Map((await config.listItems('transformer')).map(({ name, body }) => [name, body]));
      engine.refresh({ pipelines, transformers, forwarders: forwarders.names });
    };
    config.onChange(async ({ kind }) => {
      if (kind !== 'forwarder') return;
      forwarders.refresh(await config.listItems('forwarder'));
      await refresh();
    });
    const key = createSecretKey(Buffer.from('a secret key of thirty-two bytes'));
    const deps: ApiDependencies = {
      auth,
      sessions: new JwtAuthority(auth, key),
      config,
      logs,
      ingest: engine,
      flows: engine,
      forwarders,
      temporaryDirectory: directory,
      validateResponses: true,
      audit: (entry) => audits.push(entry),
      onInternalError: (error) => internalErrors.push(error),
    };
    const api = createApi({ ...deps, ...(typeof overrides === 'function' ? overrides(deps) : overrides) });
    const server = createServer((request, response) => api.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const harness = new Harness(auth, config, engine, api, server, {
      logs,
      audits,
      internalErrors,
      forwarders,
      queue,
      fake,
    });

    await auth.saveRole('admin', SCOPES);
    await auth.saveUser('root', ADMIN_PASSWORD, ['admin']);
    harness.adminToken = await harness.tokenOf('root');
    await config.save('pipeline', 'default', JSON.stringify(defaultFlow()));
    await refresh();
    harness.refresh = refresh;
    harness.directory = directory;
    return harness;
  }

  /** Hands the stored pipelines to the engine, as the server does after each change. */
  refresh: () => Promise<void> = async () => {};

  /** A new personal access token of a user. */
  async tokenOf(user: string): Promise<string> {
    const principal = await this.auth.principalOf(user);
    if (principal === undefined) throw new Error(`no user ${user}`);
    return (await this.auth.createToken(principal)).token;
  }

  /** A new user with exactly these scopes, and a token. */
  async userWith(name: string, scopes: readonly string[]): Promise<string> {
    await this.auth.saveRole(`role of ${name}`, scopes);
    await this.auth.saveUser(name, 'password', [`role of ${name}`]);
    return this.tokenOf(name);
  }

  /** Makes a request below `/api/v1`. */
  call(method: string, target: string, options: RequestOptions = {}): Promise<Answer> {
    return this.raw(method, `/api/v1${target}`, options);
  }

  /** Makes a request with exactly this target. */
  raw(method: string, target: string, options: RequestOptions = {}): Promise<Answer> {
    const token = options.token === undefined ? this.adminToken : options.token;
    const headers: Record<string, string> = {};
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    if (options.json !== undefined) headers['Content-Type'] = 'application/json';
    const body = options.json !== undefined ? JSON.stringify(options.json) : options.body;
    if (body !== undefined) headers['Content-Length'] = String(Buffer.byteLength(body));
    return send(this.port, method, target, { ...headers, ...options.headers }, body);
  }

  /** Ends it, and removes the directories of all. */
  async stop(): Promise<void> {
    await this.close();
    await removeTemporaryDirectories();
  }

  /** Ends it while others go on. */
  async close(): Promise<void> {
    this.api.close();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    await this.forwarders.close(0);
    await this.queue.close();
    await this.auth.close();
    await this.config.close();
  }
}

/** One HTTP request on a connection of its own. Of an endless answer only the head is read. */
export function send(
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', method, path: target, headers, agent: false },
      (response) => {
        const { statusCode = 0, headers: received } = response;
        if (received['content-type'] === 'text/event-stream') {
          response.destroy();
          resolve({ status: statusCode, headers: received, text: '', json: undefined });
          return;
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: statusCode, headers: received, text, json: parsed(text) });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function parsed(text: string): Answer['json'] {
  try {
    return JSON.parse(text) as Answer['json'];
  } catch {
    return undefined;
  }
}
