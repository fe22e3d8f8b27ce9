import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { TestAuthority, type CertificateFiles } from '../../test/support/certificates';
import { TlsCertificates } from './tls-certificates';

let directory: string;
let authority: TestAuthority;
let files: CertificateFiles;
let warnings: string[];
let certificates: TlsCertificates;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'logweir-tls-'));
  authority = new TestAuthority(directory);
});

beforeEach(() => {
  files = authority.issue('server', { days: 3 });
  warnings = [];
  certificates = new TlsCertificates({ warn: (message) => warnings.push(message) });
});

afterEach(() => certificates.close());
afterAll(() => rmSync(directory, { recursive: true }));

test('the expiry is that of the certificate', () => {
  const { expirySeconds } = certificates.open('test', files);
  const threeDays = Date.now() / 1000 + 3 * 86_400;
  expect(Math.abs(expirySeconds - threeDays)).toBeLessThan(3_600);
});

test('a renewed certificate goes to new connections and leaves the open ones alone', async () => {
  const certificate = certificates.open('test', files);
  const server = createServer(certificate.context, (socket) => socket.pipe(socket));
  certificate.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dial = async (): Promise<TLSSocket> => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  };
  const before = await dial();
  const oldExpiry = certificate.expirySeconds;
  const newFiles = authority.issue('renewed', { days: 9 });
  copyFileSync(newFiles.cert, files.cert);
  copyFileSync(newFiles.key, files.key);
  certificates.reload();
  const after = await dial();

  expect(certificate.expirySeconds).toBeGreaterThan(oldExpiry);
  expect(before.getPeerCertificate().subject.CN).toBe('server');
  expect(after.getPeerCertificate().subject.CN).toBe('renewed');
  before.write('still here');
  expect(String(await once(before, 'data'))).toBe('still here');
  before.destroy();
  after.destroy();
  server.close();
  await once(server, 'close');
});

test.each([
  ['a key of another certificate', () => copyFileSync(authority.issue('other').key, files.key)],
  ['a file that is half written', () => writeFileSync(files.cert, '-----BEGIN CERTIFICATE-----\nMIIB')],
  ['a missing file', () => rmSync(files.cert)],
])('%s changes nothing and is warned about once', (_name, spoil) => {
  const certificate = certificates.open('test', files);
  const { context } = certificate;
  spoil();
  certificates.reload();
  certificates.reload();
  expect(certificate.context).toBe(context);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('test: the certificate was not renewed');
});

test('files that cannot be used are refused when they are opened', () => {
  writeFileSync(files.key, 'nonsense');
  expect(() => certificates.open('test', files)).toThrow(/server\.key/);
});

test('TLS 1.1 is not spoken', () => {
  expect(certificates.open('test', files).context.minVersion).toBe('TLSv1.2');
});
