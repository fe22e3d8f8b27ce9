import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderConfigFile } from '../config';
import { run } from './run';
import { memoryIo } from './testing/memory-io';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logweir-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('logweir check-config', () => {
  it('shows every value with its source, and no secret', async () => {
    const io = memoryIo({
      cwd: folder,
      env: { LOGWEIR_AUTH_INITIAL_PASSWORD: 'hunter2222', LOGWEIR_SYSLOG_ALLOWED_ORIGINS: '::1' },
    });
    expect(await run(['check-config', '--set', 'http.bind=:1', '--data-dir', 'd', '--set', 'log.level=warn'], io)).toBe(
      0,
    );
    const lines = io.out().split('\n');
    expect(lines[0]).toBe('OK');
    expect(lines).toEqual(
      expect.arrayContaining([
        'http.bind = ":1" (flag)',
        `data_dir = ${JSON.stringify(join(folder, 'd'))} (flag)`,
        'log.level = "warn" (flag)',
        'syslog.allowed_origins = ["::1"] (environment)',
        'auth.initial_password = (set) (environment)',
        'secret_key = (not set) (default)',
        'auth.min_password_length = 8 (default)',
      ]),
    );
    expect(io.out() + io.err()).not.toContain('hunter2222');
  });

  it('lists all problems and exits with 78', async () => {
    writeFileSync(join(folder, 'c.yaml'), 'http:\n  bnd: 1\nlog:\n  level: loud\n');
    const io = memoryIo({ cwd: folder });
    expect(await run(['check-config', '--config', 'c.yaml'], io)).toBe(78);
    expect(io.out()).toBe('');
    expect(io.err()).toBe(
      'The configuration cannot be used:\n' +
        'c.yaml:2:3: http.bnd: unknown key; did you mean "http.bind"?\n' +
        'c.yaml:4:3: log.level: expected one of error, warn, info, debug, got "loud"\n',
    );
  });

  it('says nothing of a good configuration when it is to be quiet', async () => {
    const good = memoryIo({ cwd: folder });
    expect(await run(['check-config', '--quiet', '--set', 'syslog.tls.bind=:1'], good)).toBe(0);
    expect([good.out(), good.err()]).toEqual(['', '']);
    const bad = memoryIo({ cwd: folder });
    expect(await run(['check-config', '--quiet', '--set', 'log.level=loud'], bad)).toBe(78);
    expect(bad.err()).toContain('log.level: expected one of');
  });

  it('shows warnings beside the values', async () => {
    const io = memoryIo({ cwd: folder });
    expect(await run(['check-config', '--set', 'syslog.tls.bind=:1'], io)).toBe(0);
    expect(io.err()).toMatch(/^warning: syslog.tls.bind/);
  });
});

describe('logweir default-config', () => {
  it('prints the commented file', async () => {
    const io = memoryIo();
    expect(await run(['default-config'], io)).toBe(0);
    expect(io.out()).toBe(renderConfigFile());
  });
});

describe('logweir serve', () => {
  it('exits with 78 when the configuration cannot be used', async () => {
    const io = memoryIo({ cwd: folder, env: { LOGWEIR_HTTP_BIND: 'x' } });
    expect(await run(['serve'], io)).toBe(78);
    expect(io.err()).toContain('LOGWEIR_HTTP_BIND: http.bind: expected "host:port"');
  });
});
