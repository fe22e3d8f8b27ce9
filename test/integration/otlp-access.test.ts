import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChannelCredentials } from '@grpc/grpc-js';
import { TestAuthority, type CertificateFiles } from '../support/certificates';
import { GrpcCaller } from '../support/grpc-caller';
import { RunningServer } from '../support/running-server';

let directory: string;
let authority: TestAuthority;
let client: CertificateFiles;
let server: RunningServer;
/** Personal access tokens of somebody who may send, and of somebody who may not. */
let sender: string;
let reader: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'logweir-otlp-'));
  authority = new TestAuthority(directory);
  client = authority.issue('client');
  const { cert, key } = authority.issue('server');
  const settings: Record<string, string> = { 'otlp.pipelines': 'default,copy' };
  for (const listener of ['otlp.http', 'otlp.grpc']) {
    Object.assign(settings, {
      [`${listener}.auth`]: 'token',
      [`${listener}.tls.cert`]: cert,
      [`${listener}.tls.key`]: key,
      [`${listener}.tls.ca`]: authority.cert,
      [`${listener}.tls.client_auth`]: 'require',
    });
  }
  server = await RunningServer.start({ settings });
  const saved = await server.api('GET', '/pipelines/default');
  const flow = JSON.parse(
    JSON.stringify(saved.body.flow).replaceAll('"stream":"default"', '"stream":"copy"'),
  ) as unknown;
  expect((await server.api('PUT', '/pipelines/copy', { flow })).status).toBe(200);
  sender = await tokenWith('send_logs');
  reader = await tokenWith('read_streams');
});

afterAll(async () => {
  await server.dispose();
  rmSync(directory, { recursive: true });
});

async function tokenWith(scope: string): Promise<string> {
  const { status, body } = await server.api('POST', '/token', { name: scope, scopes: [scope] });
  expect(status).toBe(200);
  return body.token as string;
}

const ONE_LOG = JSON.stringify({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'over https' } }] }] }],
});

function post(headers: Record<string, string>, files: CertificateFiles | undefined): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: server.port('otlp_http'),
        path: '/v1/logs',
        method: 'POST',
        ca: readFileSync(authority.cert),
        ...(files && { cert: readFileSync(files.cert), key: readFileSync(files.key) }),
        headers: { 'Content-Type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, ...(JSON.parse(text) as object) }));
      },
    );
    call.on('error', reject);
    call.end(ONE_LOG);
  });
}

function credentials(files?: CertificateFiles): ChannelCredentials {
  const root = readFileSync(authority.cert);
  if (files === undefined) return ChannelCredentials.createSsl(root);
  return ChannelCredentials.createSsl(root, readFileSync(files.key), readFileSync(files.cert));
}

test('HTTPS with a client certificate and a token that may send; every pipeline gets the records', async () => {
  expect(await post({ Authorization: `Bearer ${sender}` }, client)).toEqual({ status: 200 });
  for (const stream of ['default', 'copy']) {
    expect(await server.records(stream, 'body == "over https"')).toHaveLength(1);
  }
});

test('HTTPS without one of them', async () => {
  expect(await post({}, client)).toMatchObject({ status: 401, code: 16 });
  expect(await post({ Authorization: 'Bearer pat_of_nobody' }, client)).toMatchObject({ status: 401, code: 16 });
  expect(await post({ Authorization: `Bearer ${reader}` }, client)).toMatchObject({ status: 403, code: 7 });
  await expect(post({ Authorization: `Bearer ${sender}` }, undefined)).rejects.toThrow();
  const refused = 'logweir_input_requests_refused_total{input="otlp_http",reason="unauthorized"}';
  expect(await server.metric(refused)).toBe(3);
});

test('gRPC over TLS', async () => {
  const address = `localhost:${server.port('otlp_grpc')}`;
  const known = new GrpcCaller(address, credentials(client));
  const unknown = new GrpcCaller(address, credentials());
  const empty = Buffer.alloc(0);
  expect(await known.call(empty, { headers: { authorization: `Bearer ${sender}` } })).toMatchObject({ code: 0 });
  expect(await known.call(empty)).toMatchObject({ code: 16 });
  expect(await known.call(empty, { headers: { authorization: `Bearer ${reader}` } })).toMatchObject({ code: 7 });
  expect(await unknown.call(empty, { headers: { authorization: `Bearer ${sender}` } })).toMatchObject({ code: 14 });
  known.close();
  unknown.close();
});
