import type { AnyConfigKey, ConfigSection, ConfigValue } from './config-key';
import { variableName } from './config-key';
import { CONFIG_SCHEMA } from './schema';

const HEADER = `# Configuration

Every setting there is. Made from the schema by \`npm run reference\`: change the texts there.

A setting can be given in four places, of which the first wins:

1. a flag: \`--set http.bind=:8080\` (and \`--data-dir\` for \`data_dir\`);
2. an environment variable: \`LOGWEIR_HTTP_BIND=:8080\`;
3. the file that \`--config\` or \`LOGWEIR_CONFIG\` names (YAML, like [config/logweir.yaml](../config/logweir.yaml));
4. its default.

\`logweir check-config\` shows what is in force and where it comes from. A key or variable that does not exist, or a value that is
not allowed, stops the start with exit code 78 and names every problem with its place. At SIGHUP (\`systemctl reload logweir\`)
\`log.level\` and certificates are taken over; everything else needs a restart.

An address is \`host:port\`, \`[IPv6]:port\`, \`:port\` (every interface) or \`off\`. Sizes and times are numbers, or a number with
a unit such as \`64MiB\` or \`15m\`. A list in a variable or a flag is separated by commas. Relative paths count from the working
directory.
`;

/**
 * The reference of all keys, as a Markdown document.
 *
 * @returns the text of docs/configuration.md
 */
export function renderReference(): string {
  const lines = [HEADER];
  renderChildren(CONFIG_SCHEMA, '', lines);
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The keys of a section, then the sections in it: a key after them would look like theirs. */
function renderChildren(section: ConfigSection, parent: string, lines: string[]): void {
  const isTop = parent === '';
  const sections: [string, ConfigSection][] = [];
  for (const [name, child] of Object.entries(section.children)) {
    const path = isTop ? name : `${parent}.${name}`;
    if (child.kind === 'section') {
      sections.push([path, child]);
    } else {
      if (isTop) lines.push(`## ${path}\n`);
      renderKey(path, child, lines);
    }
  }
  for (const [path, child] of sections) {
    lines.push(`${isTop ? '##' : '###'} ${path}\n`, `${child.description}\n`);
    renderChildren(child, path, lines);
  }
}

function renderKey(path: string, key: AnyConfigKey, lines: string[]): void {
  lines.push(`**\`${path}\`**: ${key.description}  `);
  lines.push(`\`${variableName(path)}\`, ${key.type}, default ${renderDefault(key)}\n`);
  if (key.elementKeys === undefined) return;
  lines.push('| key of an element | what it is | type |', '|---|---|---|');
  for (const [name, { description, type }] of Object.entries(key.elementKeys)) {
    lines.push(`| \`${name}\` | ${cell(description)} | ${cell(type)} |`);
  }
  lines.push('');
}

function renderDefault({ default: value, secret }: AnyConfigKey): string {
  if (secret || value === '') return 'none';
  if (Array.isArray(value)) return renderList(value as readonly ConfigValue[]);
  return `\`${String(value as string | number)}\``;
}

function renderList(values: readonly ConfigValue[]): string {
  return values.length === 0 ? 'an empty list' : `\`${values.map(String).join(', ')}\``;
}

/** Text in a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
