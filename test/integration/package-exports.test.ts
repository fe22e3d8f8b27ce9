import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

/** Uses the built languages as a stranger's program would: by the package's name. */
const SCRIPT = `
  const out = [];
  const program = vrl.compile('.b = 1.0\\n%m = 9007199254740993\\nint!(.n) + 1', { timezone: 'UTC' });
  const { value, event } = program.run(vrl.fromJson('{"n": 9007199254740992}'));
  out.push(String(value), vrl.kindOf(value), vrl.kindOf(event.b));
  out.push(vrl.compile('x = 1\\n.a').warnings.map(({ code, message }) => [code, typeof message]));
  const ends = (run) => { try { run(); return null; } catch (error) { return error; } };
  const wrong = ends(() => vrl.compile('.a = "é"\\n.b = upcase(.a, 1)'));
  out.push(wrong.name, wrong.diagnostics.map(({ code, severity, start, end }) => ({ code, severity, start, end })));
  const failed = ends(() => vrl.compile('to_int!(.a)').run(vrl.fromJson('{"a":"x"}')));
  out.push(failed.name, failed.message);
  const aborted = ends(() => vrl.compile('.b = 2\\nabort "no"').run({ a: 1 }));
  out.push(aborted.name, aborted.message, aborted.event);
  const readOnlyPaths = [{ target: 'event', path: 'a', recursive: true }];
  out.push(ends(() => vrl.compile('.a.b = 1', { readOnlyPaths })).diagnostics.map(({ code }) => code));
  out.push(expr.compileFilter('level == "info"').matches({ level: 'info' }));
  out.push(expr.compileExpr('a + 1', { allowUndefined: true }).evaluate({ a: 2 }), typeof expr.parse('1 + 1'));
  out.push(typeof syslog.parse);
  console.log(JSON.stringify(out));
`;

const EXPECTED = [
  '9007199254740993',
  'integer',
  'float',
  [[900, 'string']],
  'VrlCompileError',
  [{ code: 106, severity: 'error', start: 22, end: 27 }],
  'VrlRuntimeError',
  'function call error for "to_int" at (0:11): Invalid integer "x": invalid digit found in string',
  'VrlAbort',
  'no',
  { a: 1, b: 2 },
  [315],
  true,
  3,
  'object',
  'function',
];

test.each([
  ['a CommonJS program', 'commonjs', ['vrl', 'expr', 'syslog'].map((n) => `const ${n} = require('logweir/${n}');`)],
  ['an ES module', 'module', ['vrl', 'expr', 'syslog'].map((n) => `import * as ${n} from 'logweir/${n}';`)],
])('%s can import the languages', async (_name, type, imports) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--input-type=${type}`, '--eval', `${imports.join('\n')}${SCRIPT}`],
    { cwd: ROOT },
  );
  expect(JSON.parse(stdout)).toEqual(EXPECTED);
});
