import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigProblem } from './config-error';
import { loadConfig, type LoadedConfig } from './load-config';
import type { ConfigFlags } from './read-flags';
import type { Environment } from './read-environment';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logweir-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Given {
  readonly flags?: ConfigFlags;
  readonly env?: Environment;
  readonly file?: string;
}

function load({ flags = {}, env = {}, file }: Given): LoadedConfig {
  if (file === undefined) return loadConfig({ flags, env, cwd: folder });
  writeFileSync(join(folder, 'logweir.yaml'), file);
  return loadConfig({ flags: { config: 'logweir.yaml', ...flags }, env, cwd: folder });
}

function problemsOf(given: Given): readonly ConfigProblem[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('where a setting comes from', () => {
  it('uses the defaults when nothing is set', () => {
    const { config, sources, warnings } = load({});
    expect(config.http.bind).toBe(':5080');
    expect(config.management.bind).toBe('127.0.0.1:9113');
    expect(config.syslog.allowed_origins).toEqual([]);
    expect(config.auth.min_password_length).toBe(8);
    expect(config.shutdown.timeout).toBe(10);
    expect(sources.get('http.bind')).toBe('default');
    expect(warnings).toEqual([]);
  });

  it('prefers a flag to a variable, that to the file, that to the default', () => {
    const { config, sources } = load({
      file: 'http: { bind: ":1" }\nmanagement: { bind: ":1" }\notlp: { http: { bind: ":1" } }\n',
      env: { LOGWEIR_HTTP_BIND: ':2', LOGWEIR_MANAGEMENT_BIND: ':2' },
      flags: { set: ['http.bind=:3'] },
    });
    expect([config.http.bind, config.management.bind, config.otlp.http.bind, config.otlp.grpc.bind]).toEqual([
      ':3',
      ':2',
      ':1',
      ':4317',
    ]);
    expect(['http.bind', 'management.bind', 'otlp.http.bind', 'otlp.grpc.bind'].map((key) => sources.get(key))).toEqual(
      ['flag', 'environment', 'file', 'default'],
    );
  });

  it('finds the file by LOGWEIR_CONFIG, unless --config names another', () => {
    writeFileSync(join(folder, 'a.yaml'), 'log: { level: debug }');
    writeFileSync(join(folder, 'b.yaml'), 'log: { level: error }');
    const env = { LOGWEIR_CONFIG: join(folder, 'a.yaml') };
    expect(load({ env }).config.log.level).toBe('debug');
    expect(load({ env, flags: { config: 'b.yaml' } }).config.log.level).toBe('error');
    expect(load({ env: { LOGWEIR_CONFIG: '' } }).config.log.level).toBe('info');
  });

  it('of two --set for one key takes the last, and --data-dir before both', () => {
    const set = ['log.level=warn', 'log.level=debug', 'data_dir=x'];
    const { config } = load({ flags: { set, dataDir: 'y' } });
    expect(config.log.level).toBe('debug');
    expect(config.data_dir).toBe(join(folder, 'y'));
  });

  it('keeps everything behind the first equals sign', () => {
    expect(load({ flags: { set: ['auth.initial_password=a=b==c'] } }).config.auth.initial_password).toBe('a=b==c');
  });
});

describe('values', () => {
  it('makes paths absolute and leaves unset ones empty', () => {
    const { config } = load({ env: { LOGWEIR_DATA_DIR: 'store' } });
    expect(config.data_dir).toBe(join(folder, 'store'));
    expect(config.http.tls.cert).toBe('');
  });

  it('reads quantities with and without a suffix, from text as from numbers', () => {
    const { config } = load({
      file: 'storage: { max_pending_bytes: 16MiB, journal: { max_age: 1500 } }',
      env: { LOGWEIR_AUTH_TOKEN_LIFETIME: '2h', LOGWEIR_SYSLOG_TCP_MAX_CONNECTIONS: '7' },
    });
    expect(config.storage.max_pending_bytes).toBe(16 * 1024 * 1024);
    expect(config.storage.journal.max_age).toBe(1500);
    expect(config.auth.token_lifetime).toBe(7200);
    expect(config.syslog.tcp.max_connections).toBe(7);
  });

  it('reads lists from YAML and from comma-separated text', () => {
    expect(
      load({ file: 'syslog:\n  allowed_origins:\n    - 10.0.0.0/8\n    - "::1"\n' }).config.syslog.allowed_origins,
    ).toEqual(['10.0.0.0/8', '::1']);
    const env = { LOGWEIR_SYSLOG_ALLOWED_ORIGINS: '10.0.0.1, fd00::/8,' };
    expect(load({ env }).config.syslog.allowed_origins).toEqual(['10.0.0.1', 'fd00::/8']);
  });

  it('takes null, an empty section and an empty file as not set', () => {
    expect(load({ file: 'http:\n  bind:\n  tls:\n' }).config.http.bind).toBe(':5080');
    expect(load({ file: '' }).config.http.bind).toBe(':5080');
    expect(load({ file: '# nothing\n' }).config.http.bind).toBe(':5080');
  });

  it('follows YAML aliases', () => {
    const { config } = load({ file: 'http: { bind: &address "127.0.0.1:0" }\nmanagement: { bind: *address }' });
    expect(config.management.bind).toBe('127.0.0.1:0');
  });

  it('is frozen', () => {
    const { config } = load({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.syslog.udp)).toBe(true);
  });

  it('keeps the TLS listener off until it has a certificate', () => {
    expect(load({}).config.syslog.tls.bind).toBe('off');
    writeFileSync(join(folder, 'cert.pem'), '');
    const set = ['syslog.tls.cert=cert.pem', 'syslog.tls.key=cert.pem'];
    expect(load({ flags: { set } }).config.syslog.tls.bind).toBe(':6514');
    const withoutCertificate = load({ flags: { set: ['syslog.tls.bind=:7000'] } });
    expect(withoutCertificate.config.syslog.tls.bind).toBe('off');
    expect(withoutCertificate.warnings).toEqual([expect.stringContaining('syslog.tls.bind')]);
  });
});

describe('problems', () => {
  it.each<[string, string, Partial<ConfigProblem>]>([
    [
      'an unknown key',
      'http:\n  bnd: ":1"\n',
      { line: 2, column: 3, key: 'http.bnd', message: 'unknown key; did you mean "http.bind"?' },
    ],
    [
      'an unknown section',
      'log:\n  level: info\nsylog: {}\n',
      { line: 3, column: 1, key: 'sylog', message: 'unknown key; did you mean "syslog"?' },
    ],
    [
      'a key like no other',
      'otlp: { zzzzzzzzzzzzzzzz: 1 }',
      {
        key: 'otlp.zzzzzzzzzzzzzzzz',
        message: 'unknown key; allowed here: http, grpc, pipelines, max_body_size, dedupe_window',
      },
    ],
    [
      'a key of the prototype',
      '__proto__: { polluted: 1 }\n',
      { key: '__proto__', message: expect.stringContaining('unknown key') as unknown as string },
    ],
    [
      'a value where a section belongs',
      'http: 5080',
      { key: 'http', message: 'expected a section with: bind, tls, max_body_size, mount_path, cors_origins' },
    ],
    ['a list where a section belongs', '- http\n', { line: 1, column: 1, key: '' }],
    [
      'a section where a value belongs',
      'http: { bind: { host: a } }',
      {
        key: 'http.bind',
        message: expect.stringMatching(/^expected "host:port".*, got a section$/) as unknown as string,
      },
    ],
    [
      'a number where an address belongs',
      'http:\n  bind: 5080\n',
      { line: 2, column: 3, message: expect.stringMatching(/"host:port".*got 5080$/) as unknown as string },
    ],
    [
      'a word that is no choice',
      'log: { level: loud }',
      { key: 'log.level', message: 'expected one of error, warn, info, debug, got "loud"' },
    ],
    [
      'a number out of range',
      'auth: { min_password_length: 0 }',
      { message: 'expected a whole number, 1 to 128, got 0' },
    ],
    [
      'a fraction',
      'shutdown: { timeout: 1.5 }',
      { message: expect.stringMatching(/^expected a whole number of seconds .*got 1.5$/) as unknown as string },
    ],
    [
      'an unknown zone',
      'syslog: { timezone: Mars/Olympus }',
      { message: expect.stringMatching(/IANA.*got "Mars\/Olympus"$/) as unknown as string },
    ],
    [
      'one bad element of a list',
      'syslog:\n  allowed_origins:\n    - 10.0.0.0/8\n    - 10.0.0.0/33\n',
      { line: 4, column: 7, message: expect.stringMatching(/got "10.0.0.0\/33"$/) as unknown as string },
    ],
    [
      'a key that stands twice',
      'log: {}\nhttp: {}\nlog: {}\n',
      { line: 3, column: 1, key: '', message: expect.stringMatching(/unique/) as unknown as string },
    ],
    [
      'broken YAML',
      'http:\n  bind: [":1"\nlog: {}\n',
      { line: 3, message: expect.stringMatching(/^not valid YAML: /) as unknown as string },
    ],
    [
      'an alias that is not defined',
      'http: { bind: *nothing }',
      { key: 'http.bind', message: 'no value is called &nothing before this line' },
    ],
    [
      'an unknown tag',
      'http: { bind: !address ":1" }',
      { message: expect.stringMatching(/^not valid YAML: /) as unknown as string },
    ],
    [
      'two documents',
      'log: {}\n---\nlog: {}\n',
      { message: expect.stringMatching(/^not valid YAML: /) as unknown as string },
    ],
  ])('names file and place of %s', (_case, file, expected) => {
    const [problem] = problemsOf({ file });
    expect(problem).toMatchObject({ source: 'file', file: 'logweir.yaml', line: expect.any(Number), ...expected });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('lists everything wrong in all sources at once, also in what another source overrides', () => {
    const problems = problemsOf({
      file: 'http: { bind: 1 }\nlog: { level: loud }\n',
      env: { LOGWEIR_LOG_FORMAT: 'xml', LOGWEIR_HTP_BIND: ':1' },
      flags: { set: ['http.bind=:1', 'log.lvel=info', 'nonsense'], dataDir: '' },
    });
    expect(problems.map((problem) => [problem.source, problem.origin, problem.key])).toEqual([
      ['file', undefined, 'http.bind'],
      ['file', undefined, 'log.level'],
      ['environment', 'LOGWEIR_LOG_FORMAT', 'log.format'],
      ['environment', 'LOGWEIR_HTP_BIND', 'LOGWEIR_HTP_BIND'],
      ['flag', '--set', 'log.lvel'],
      ['flag', '--set', ''],
      ['flag', '--data-dir', 'data_dir'],
    ]);
    expect(problems[3]?.message).toContain('did you mean LOGWEIR_HTTP_BIND?');
  });

  it('is one line a problem', () => {
    const problems = {
      file: 'http:\n  bnd: 1\n',
      env: { LOGWEIR_LOG_LEVEL: 'x', LOGWEIR_X: '' },
      flags: { set: ['a=b'] },
    };
    expect(new ConfigError(problemsOf(problems))).toMatchObject({
      code: 'INVALID_CONFIG',
      message: [
        'logweir.yaml:2:3: http.bnd: unknown key; did you mean "http.bind"?',
        'LOGWEIR_LOG_LEVEL: log.level: expected one of error, warn, info, debug, got "x"',
        'LOGWEIR_X: no setting has this variable',
        '--set: a: unknown key',
      ].join('\n'),
    });
  });

  it('reports a file that is not there or is a folder', () => {
    expect(problemsOf({ flags: { config: 'missing.yaml' } })).toMatchObject([
      { source: 'file', file: 'missing.yaml', message: expect.stringContaining('ENOENT') },
    ]);
    expect(problemsOf({ flags: { config: '.' } })).toMatchObject([{ message: expect.stringContaining('EISDIR') }]);
  });

  it.each<[string, readonly string[], string, string]>([
    ['a certificate without its key', ['http.tls.cert=cert.pem'], 'http.tls.cert', 'needs http.tls.key beside it'],
    ['a key without its certificate', ['syslog.tls.key=cert.pem'], 'syslog.tls.key', 'needs syslog.tls.cert beside it'],
    [
      'a reset without the password',
      ['auth.reset_user=root'],
      'auth.reset_user',
      'needs auth.reset_password beside it',
    ],
    [
      'client certificates without authorities',
      ['syslog.tls.client_auth=require'],
      'syslog.tls.client_auth',
      'needs syslog.tls.ca',
    ],
    ['a certificate that is not there', ['syslog.tls.ca=missing.pem'], 'syslog.tls.ca', 'cannot read the file: ENOENT'],
  ])('refuses %s', (_case, set, key, message) => {
    writeFileSync(join(folder, 'cert.pem'), '');
    expect(problemsOf({ flags: { set } })).toMatchObject([
      { source: 'flag', origin: '--set', key, message: expect.stringContaining(message) },
    ]);
  });

  it.each<[string, Given]>([
    ['a number in the file', { file: 'secret_key: 8271828182\n' }],
    ['a list in the file', { file: 'auth:\n  initial_password: [8271828182]\n' }],
    ['broken YAML around it', { file: 'secret_key: "8271828182\n' }],
    ['more broken YAML', { file: 'secret_key: 8271828182: 1\n  8271828182\n]' }],
    ['a key that is too short', { env: { LOGWEIR_SECRET_KEY: '8271828182' } }],
    ['a flag without key', { flags: { set: ['8271828182'] } }],
    ['a reset without user', { env: { LOGWEIR_AUTH_RESET_PASSWORD: '8271828182' } }],
  ])('never repeats a secret: %s', (_case, given) => {
    expect(JSON.stringify(problemsOf(given))).not.toContain('8271828182');
  });

  it('leaves the variables of client commands and of Kubernetes services alone', () => {
    const env = {
      LOGWEIR_API: 'http://localhost:5080',
      LOGWEIR_TOKEN: 'pat_x',
      LOGWEIR_SERVICE_HOST: '10.0.0.1',
      LOGWEIR_SERVICE_PORT: '5080',
      LOGWEIR_SERVICE_PORT_SYSLOG_TCP: '5514',
      LOGWEIR_PORT: 'tcp://10.0.0.1:5080',
      LOGWEIR_PORT_5080_TCP: 'tcp://10.0.0.1:5080',
      LOGWEIR_PORT_5080_TCP_ADDR: '10.0.0.1',
    };
    expect(load({ env }).config.http.bind).toBe(':5080');
    expect(problemsOf({ env: { LOGWEIR_HTTP_PORT: '5080' } })).toHaveLength(1);
  });

  it('cuts long refused values', () => {
    const [problem] = problemsOf({ flags: { set: [`log.level=${'x'.repeat(10_000)}`] } });
    expect(problem?.message.length).toBeLessThan(200);
  });
});
