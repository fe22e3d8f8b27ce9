import { readConfigText } from './read-file';
import { readEnvironment } from './read-environment';
import { loadConfig } from './load-config';
import { formatProblem } from './config-error';

function problemsOf(listeners: string): string[] {
  return readConfigText(`syslog:\n  listeners:\n${listeners}`, 'logweir.yaml').problems.map(formatProblem);
}

const VALID = '    - name: firewalls\n      protocol: udp\n      bind: :5515\n';

test('a list of listeners is read with the defaults of what is left out', () => {
  const { problems, settings } = readConfigText(
    `syslog:\n  listeners:\n${VALID}      timezones:\n        - {network: 10.0.0.0/8, timezone: Europe/Berlin}\n`,
    'logweir.yaml',
  );
  expect(problems).toEqual([]);
  expect(settings.get('syslog.listeners')?.value).toEqual([
    {
      name: 'firewalls',
      protocol: 'udp',
      bind: ':5515',
      timezones: [{ network: '10.0.0.0/8', timezone: 'Europe/Berlin' }],
      allowed_origins: [],
      pipelines: [],
      proxy_protocol: [],
      cert: '',
      key: '',
      ca: '',
      client_auth: 'none',
      max_message_size: undefined,
      oversize: undefined,
      timezone: undefined,
      receive_buffer: undefined,
      max_connections: undefined,
      max_connections_per_address: undefined,
      idle_timeout: undefined,
    },
  ]);
});

test.each([
  [
    'a word in place of the list',
    '    udp\n',
    'logweir.yaml:2:3: syslog.listeners: expected a list of listeners, got "udp"',
  ],
  [
    'a word in place of an element',
    `${VALID}    - udp\n`,
    /^logweir\.yaml:6:7: syslog\.listeners: expected a section with: name, protocol, bind, .*, got "udp"$/,
  ],
  [
    'an unknown key',
    `${VALID}      prot: udp\n`,
    /^logweir\.yaml:6:7: syslog\.listeners\[0\]\.prot: unknown key; allowed here: name, protocol/,
  ],
  [
    'an ill-typed value',
    `${VALID}      max_message_size: lots\n`,
    /^logweir\.yaml:6:7: syslog\.listeners\[0\]\.max_message_size: expected a .*, got "lots"$/,
  ],
  [
    'a fault in a list of an element',
    `${VALID}      timezones:\n        - network: 10.0.0.0/8\n          timezone: Berlin\n`,
    /^logweir\.yaml:8:11: syslog\.listeners\[0\]\.timezones\[0\]\.timezone: expected an IANA time zone .*, got "Berlin"$/,
  ],
  [
    'a fault in a plain list of an element',
    `${VALID}      allowed_origins:\n        - 10.0.0.0/8\n        - 10.0.0.0/99\n`,
    /^logweir\.yaml:8:11: syslog\.listeners\[0\]\.allowed_origins\[1\]: expected an IP address .*, got "10\.0\.0\.0\/99"$/,
  ],
  ['a missing key', '    - name: x\n      protocol: tcp\n', 'logweir.yaml:3:7: syslog.listeners: needs the key bind'],
  [
    'a name used twice',
    VALID + VALID,
    'logweir.yaml:6:7: syslog.listeners[1].name: another listener is called "firewalls" already',
  ],
  [
    'a key without meaning for the protocol',
    `${VALID}      idle_timeout: 5\n`,
    'logweir.yaml:6:7: syslog.listeners[0].idle_timeout: has no meaning for udp, only for tcp, tls, relp',
  ],
  [
    'TLS without a certificate',
    '    - {name: secure, protocol: tls, bind: :6515}\n',
    'logweir.yaml:3:22: syslog.listeners[0].protocol: tls needs cert and key',
  ],
])('%s is refused with its place', (_name, listeners, expected) => {
  const problems = problemsOf(listeners);
  expect(problems).toHaveLength(1);
  if (typeof expected === 'string') expect(problems[0]).toBe(expected);
  else expect(problems[0]).toMatch(expected);
});

test('aliases that nest without end are refused', () => {
  const problems = problemsOf('    - &loop\n      name: [*loop]\n');
  expect(problems.length).toBeGreaterThan(0);
});

test.each(['[{"name":"a","protocol":"tcp","bind":":1"}]', '[{name: a, protocol: tcp, bind: ":1"}]'])(
  'a variable holds the list as %s',
  (text) => {
    const { problems, settings } = readEnvironment({ LOGWEIR_SYSLOG_LISTENERS: text });
    expect(problems).toEqual([]);
    expect(settings.get('syslog.listeners')?.value).toMatchObject([{ name: 'a', protocol: 'tcp', bind: ':1' }]);
  },
);

test.each(['nonsense', '[{', '{a: 1}'])('a variable with %j is refused', (text) => {
  expect(readEnvironment({ LOGWEIR_SYSLOG_LISTENERS: text }).problems).toHaveLength(1);
});

test('paths of an element count from the working directory, and unreadable files are refused', () => {
  const element = '{name: a, protocol: tls, bind: ":1", cert: a.pem, key: a.key}';
  expect(() => loadConfig({ flags: { set: [`syslog.listeners=[${element}]`] }, env: {}, cwd: '/nowhere' })).toThrow(
    /syslog\.listeners\[0\]\.cert: cannot read the file: .*\/nowhere\/a\.pem/,
  );
});
