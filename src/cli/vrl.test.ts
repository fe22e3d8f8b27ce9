import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run';
import { memoryIo } from './testing/memory-io';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logweir-vrl-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs `logweir vrl` on a program and an input, which is a file when `file` says so. */
async function vrl(program: string, input: string, args: readonly string[] = [], file = false) {
  writeFileSync(join(directory, 'a.vrl'), program);
  if (file) writeFileSync(join(directory, 'in.jsonl'), input);
  const io = memoryIo({ cwd: directory, ...(file ? {} : { input }) });
  const from = file ? ['--input', 'in.jsonl'] : [];
  const code = await run(['vrl', '--program', 'a.vrl', ...from, ...args], io);
  return { code, out: io.out(), err: io.err() };
}

describe('logweir vrl', () => {
  it.each([false, true])('prints the result for each line (from a file: %s)', async (file) => {
    expect(await vrl('.a = int!(.a) * 2\n.', '{"a":1}\n\n{"a":4611686018427387904}', [], file)).toEqual({
      code: 0,
      out: '{"a":2}\n{"a":-9223372036854775808}\n',
      err: '',
    });
  });

  it('prints the event instead when asked to', async () => {
    const { out } = await vrl('.b = 1.0', '{"a":"é"}\n', ['--print-object']);
    expect(out).toBe('{"a":"é","b":1.0}\n');
  });

  it('reaches the network only when it is allowed to', async () => {
    const program = 'http_request!("http://127.0.0.1/")';
    expect((await vrl(program, '{}\n')).err).toMatch(/network access is not enabled/);
  });

  it('tells what failed, goes on, and exits with 1', async () => {
    const { code, out, err } = await vrl('to_int!(.a)', '{"a":"x"}\nnot json\n{"a":"2"}\n');
    expect(code).toBe(1);
    expect(out).toBe('2\n');
    expect(err).toMatch(/^line 1: function call error for "to_int" at \(0:11\): /);
    expect(err).toContain('\nline 2: not JSON: ');
    expect(err).toContain('failed on 2 of 3 lines');
  });

  it('notes an abort, which is no failure', async () => {
    const { code, out, err } = await vrl(
      'if .a == 1 { abort "un\\nwanted" }; if .a == 2 { abort }; .a',
      '{"a":1}\n{"a":2}\n{"a":3}',
    );
    expect({ code, out, err }).toEqual({ code: 0, out: '3\n', err: 'line 1: aborted: un\\nwanted\nline 2: aborted\n' });
  });

  it('shows why a program does not compile', async () => {
    const { code, out, err } = await vrl('.a = to_int(.b)\n', '{}');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/error\[E103\].*\n.*:1:\d/);
    expect(err).toContain('a.vrl does not compile');
  });

  it('with --check reads no input', async () => {
    expect(await vrl('.a = 1', 'not json', ['--check'])).toEqual({ code: 0, out: '', err: '' });
    const warned = await vrl('x = 1\n.a = 1', 'not json', ['--check']);
    expect(warned.code).toBe(0);
    expect(warned.err).toContain('warning[E900]');
    expect((await vrl('.a = ', '', ['--check'])).code).toBe(1);
  });

  it('reads times without a zone in the given one', async () => {
    const program = 'parse_timestamp!("2024-01-01 12:00", "%F %R")';
    expect((await vrl(program, '{}', ['--timezone', 'Asia/Tokyo'])).out).toBe('"2024-01-01T03:00:00Z"\n');
    expect((await vrl(program, '{}', ['--timezone', 'Nowhere'])).code).toBe(2);
  });

  it('says what it cannot read', async () => {
    const { code, err } = await vrl('.', '{}', ['--input', 'missing.jsonl']);
    expect(code).toBe(1);
    expect(err).toContain('missing.jsonl');
    expect(await run(['vrl', '--program', 'missing.vrl'], memoryIo({ cwd: directory }))).toBe(1);
    expect(await run(['vrl'], memoryIo({ cwd: directory }))).toBe(2);
  });

  it('takes lines that come in pieces', async () => {
    const long = JSON.stringify({ a: 'é'.repeat(200_000) });
    const { out } = await vrl('strlen(string!(.a))', `${long}\n`.repeat(3), [], true);
    expect(out).toBe('200000\n'.repeat(3));
  });
});
