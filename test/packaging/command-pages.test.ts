import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';

interface CommandPages {
  bashCompletion(program: Command): string;
  loadProgram(): Command;
  manualPages(program: Command, edition: { version: string; date: Date }): Map<string, string>;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { bashCompletion, loadProgram, manualPages } = require('../../scripts/command-pages') as CommandPages;

let directory: string;
let program: Command;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'logweir-pages-'));
  program = loadProgram();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function hasTool(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

function namesOf(command: Command, parent: readonly string[]): string[] {
  const names = [...parent, command.name()];
  return [names.join('-'), ...command.commands.flatMap((child) => namesOf(child, names))];
}

test('each command has a manual page', () => {
  const pages = manualPages(program, { version: '1.2.3', date: new Date(0) });
  expect([...pages.keys()]).toEqual(namesOf(program, []).map((name) => `${name}.1`));
  expect(pages.size).toBeGreaterThan(50);
  expect(pages.get('logweir.1')).toContain('.Sh EXIT STATUS');
});

(hasTool('mandoc') ? test : test.skip)('mandoc has nothing but matters of style to say about the pages', () => {
  const files = [...manualPages(program, { version: '1.2.3', date: new Date(0) })].map(([name, text]) => {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return file;
  });
  const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', ...files], { encoding: 'utf8' });
  expect(stdout).toBe('');
});

test('bash completes commands, flags and allowed values', () => {
  const file = path.join(directory, 'completion.bash');
  writeFileSync(file, bashCompletion(program));
  const cases: [line: string, expected: string][] = [
    ['str', 'stream'],
    ['stream p', 'purge'],
    ['acl user g', 'grant'],
    ['--ap', '--api'],
    ['--set', ''],
    ['stream ls --out', '--output'],
    ['stream ls --output ', 'table json logfmt'],
    ['stream ls --output j', 'json'],
    ['stream ls --api http://localhost --ou', '--output'],
    ['admin backup a', 'auth all'],
    ['stream export --dest ', '(files)'],
  ];
  const script = `
    compopt() { COMPREPLY=('(files)'); }
    source "$1"
    while IFS= read -r line; do
      IFS=' ' read -r -a words <<<"$line"
      [[ $line == *' ' ]] && words+=('')
      COMP_WORDS=(logweir "\${words[@]}") COMP_CWORD=\${#words[@]}
      _logweir
      echo "\${COMPREPLY[*]}"
    done
  `;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', file], {
    input: cases.map(([line]) => `${line}\n`).join(''),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toEqual(cases.map(([, expected]) => expected));
});
