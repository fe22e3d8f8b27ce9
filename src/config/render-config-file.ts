import type { AnyConfigKey, ConfigSection, ConfigValue } from './config-key';
import { variableName } from './config-key';
import { CONFIG_SCHEMA } from './schema';

/** Width of the file, in characters. */
const LINE_WIDTH = 110;

const HEADER = `Logweir's settings, each with its default. A key that is left out keeps its default.

Every key can also be set by the environment variable named beside it, or by the flag --set KEY=VALUE
(for example --set http.bind=:8080). A flag wins over a variable, a variable over this file.
Relative paths count from the working directory. "logweir check-config" shows what is in force.`;

/**
 * The commented configuration file: every key with its default.
 *
 * @returns YAML text
 */
export function renderConfigFile(): string {
  const lines = [...comment(HEADER, ''), ''];
  renderChildren(CONFIG_SCHEMA, '', lines);
  return `${lines.join('\n').trimEnd()}\n`;
}

function renderChildren(section: ConfigSection, parent: string, lines: string[]): void {
  const indent = '  '.repeat(parent === '' ? 0 : parent.split('.').length);
  for (const [name, child] of Object.entries(section.children)) {
    const path = parent === '' ? name : `${parent}.${name}`;
    if (child.kind === 'section') {
      lines.push(...comment(child.description, indent), `${indent}${name}:`);
      renderChildren(child, path, lines);
    } else {
      lines.push(...comment(keyComment(path, child), indent), `${indent}${name}: ${renderValue(child.default)}`);
    }
    if (parent === '') lines.push('');
  }
}

function keyComment(path: string, key: AnyConfigKey): string {
  return `${key.description}\n${variableName(path)} (${key.type})`;
}

function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + 2 + line.length + 1 + word.length > LINE_WIDTH) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.map((line) => `${indent}# ${line}`.trimEnd());
}

function renderValue(value: ConfigValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quote(value);
  // Lists of sections are empty without being set.
  return `[${(value ?? []).map((item) => quote(String(item))).join(', ')}]`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
