import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from './load-config';
import { OTHER_VARIABLES, readEnvironment } from './read-environment';
import { renderConfigFile } from './render-config-file';
import { CONFIG_ENTRIES } from './schema';

const root = join(__dirname, '../..');
const path = join(root, 'config/logweir.yaml');

function keysOf(value: unknown, parent = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [parent];
  return Object.entries(value).flatMap(([name, child]) => keysOf(child, parent === '' ? name : `${parent}.${name}`));
}

describe('config/logweir.yaml', () => {
  it('is what `logweir default-config` prints', () => {
    expect(readFileSync(path, 'utf8')).toBe(renderConfigFile());
  });

  it('lists every key', () => {
    expect(keysOf(parse(readFileSync(path, 'utf8')))).toEqual([...CONFIG_ENTRIES.keys()]);
  });

  it('sets every key to its default', () => {
    const fromFile = loadConfig({ flags: { config: path }, env: {}, cwd: root });
    expect(fromFile.config).toEqual(loadConfig({ flags: {}, env: {}, cwd: root }).config);
    expect(new Set(fromFile.sources.values())).toEqual(new Set(['file']));
    expect(fromFile.warnings).toEqual([]);
  });
});

describe('the schema', () => {
  const entries = [...CONFIG_ENTRIES.values()];

  it('gives every key a variable of its own', () => {
    const names = entries.map((entry) => entry.variable);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(OTHER_VARIABLES.has(name)).toBe(false);
  });

  it.each(entries.map((entry) => [entry.path, entry] as const))(
    '%s accepts its default from everywhere',
    (_path, entry) => {
      const { key, variable } = entry;
      expect(key.read(key.default)).toEqual(key.default);
      const text = Array.isArray(key.default) ? key.default.join(',') : String(key.default);
      const { settings, problems } = readEnvironment({ [variable]: text });
      expect(problems).toEqual([]);
      expect(settings.get(entry.path)?.value).toEqual(key.default);
    },
  );

  it.each(entries.map((entry) => [entry.path, entry] as const))(
    '%s is described in whole sentences',
    (_path, { key }) => {
      expect(key.description).toMatch(/^[A-Z/].*\.$/);
      expect(key.type).not.toBe('');
    },
  );
});
