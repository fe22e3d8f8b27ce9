import { readFileSync } from 'node:fs';
import path from 'node:path';
import { renderReference } from './render-reference';
import { CONFIG_ENTRIES } from './schema';

test('docs/configuration.md is what the schema says', () => {
  const written = readFileSync(path.join(__dirname, '../../docs/configuration.md'), 'utf8');
  if (written !== renderReference()) throw new Error('docs/configuration.md is out of date: npm run reference');
});

test('the reference names each key with its variable, default and description', () => {
  const text = renderReference();
  for (const { path: key, variable } of CONFIG_ENTRIES.values()) {
    expect(text).toContain(`**\`${key}\`**: `);
    expect(text).toContain(`\`${variable}\``);
  }
  expect(text).not.toMatch(/undefined|\[object/);
});

test('each key of a listener is described', () => {
  const listeners = CONFIG_ENTRIES.get('syslog.listeners')!.key;
  const descriptions = Object.entries(listeners.elementKeys!).map(([name, { description }]) => [name, description]);
  expect(descriptions.filter(([, description]) => description === '')).toEqual([]);
});
