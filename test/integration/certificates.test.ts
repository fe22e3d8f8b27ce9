import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { TestAuthority } from '../support/certificates';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-certificates-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

interface Seen {
  readonly status: number;
  readonly commonName: unknown;
  readonly text: string;
}

function get(port: number, target: string, ca: Buffer): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: target, ca, agent: false }, (response) => {
      const commonName = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, commonName, text }));
    });
    asked.on('error', reject).end();
  });
}

test('API and management speak TLS, and take a renewed certificate at SIGHUP', async () => {
  const authority = new TestAuthority(directory);
  const ca = await readFile(authority.cert);
  const files = authority.issue('server', { subject: '/CN=first', days: 30 });
  const settings: Record<string, string> = {};
  for (const listener of ['http', 'management']) {
    settings[`${listener}.tls.cert`] = files.cert;
    settings[`${listener}.tls.key`] = files.key;
  }
  const server = await RunningServer.start({ directory: path.join(directory, 'data'), settings });
  try {
    const api = server.port('http');
    const management = server.port('management');
    expect(await get(api, '/api/v1/auth/whoami', ca)).toMatchObject({ status: 401, commonName: 'first' });
    expect(await get(management, '/health', ca)).toMatchObject({ status: 200, commonName: 'first' });

    authority.issue('server', { subject: '/CN=second', days: 90 });
    server.process.kill('SIGHUP');
    await until(async () => (await get(management, '/health', ca)).commonName === 'second');
    expect(await get(api, '/api/v1/auth/whoami', ca)).toMatchObject({ status: 401, commonName: 'second' });
    const { text } = await get(management, '/metrics', ca);
    for (const listener of ['http', 'management']) {
      const series = `logweir_tls_certificate_expiry_seconds{listener="${listener}"}`;
      const line = text.split('\n').find((candidate) => candidate.startsWith(series)) ?? '';
      const days = (Number(line.slice(series.length)) - Date.now() / 1000) / 86_400;
      expect(Math.round(days)).toBe(90);
    }
    expect(text).toMatch(/^logweir_disk_free_bytes \d{6,}$/m);

    await writeFile(files.key, 'nothing');
    server.process.kill('SIGHUP');
    await until(() => server.output.includes('http: the certificate was not renewed'));
    expect(await get(api, '/api/v1/auth/whoami', ca)).toMatchObject({ status: 401, commonName: 'second' });
  } finally {
    await server.dispose();
  }
});
