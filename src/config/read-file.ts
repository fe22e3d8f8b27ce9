import { readFileSync } from 'node:fs';
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { ConfigSection, ValuePath } from './config-key';
import { errorText } from './error-text';
import { nearestName } from './nearest-name';
import { CONFIG_ENTRIES, CONFIG_SCHEMA } from './schema';
import { emptyReading, readSetting, type Place, type SourceReading } from './settings';

/**
 * Reads a YAML configuration file.
 *
 * @param path - the file to open
 * @param name - how messages call it
 */
export function readConfigFile(path: string, name: string): SourceReading {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reading = emptyReading();
    reading.problems.push({ source: 'file', file: name, key: '', message: `cannot be read: ${errorText(error)}` });
    return reading;
  }
  return readConfigText(text, name);
}

/** Reads the text of a YAML configuration file; see {@link readConfigFile}. */
export function readConfigText(text: string, name: string): SourceReading {
  const lineCounter = new LineCounter();
  // Pretty errors quote the lines around them, which may hold a secret.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const reader = new FileReader(document, lineCounter, name);
  for (const issue of [...document.errors, ...document.warnings]) reader.report(issue.pos[0], '', syntaxMessage(issue));
  if (document.errors.length === 0) reader.readSection(document.contents, CONFIG_SCHEMA, '');
  return reader.reading;
}

function syntaxMessage(issue: { readonly message: string }): string {
  // The parser ends some messages with the source text it stumbled over.
  return `not valid YAML: ${issue.message.replace(/: ".*$/s, '')}`;
}

/** Lists of sections that hold lists of sections, and no more; aliases could nest without end. */
const MAX_VALUE_DEPTH = 6;

class FileReader {
  readonly reading = emptyReading();
  readonly #document: Document;
  readonly #lineCounter: LineCounter;
  readonly #name: string;

  constructor(document: Document, lineCounter: LineCounter, name: string) {
    this.#document = document;
    this.#lineCounter = lineCounter;
    this.#name = name;
  }

  report(offset: number | undefined, key: string, message: string): void {
    this.reading.problems.push({ source: 'file', ...this.#place(offset), key, message });
  }

  readSection(node: unknown, section: ConfigSection, path: string): void {
    const resolved = this.#resolve(node);
    // An empty file, or a section whose keys are all commented out.
    if (resolved === null || (isScalar(resolved) && resolved.value === null)) return;
    if (!isMap(resolved)) {
      this.report(offsetOf(node), path, `expected a section with: ${Object.keys(section.children).join(', ')}`);
      return;
    }
    for (const pair of resolved.items) {
      if (isPair(pair)) this.#readPair(pair.key, pair.value, section, path);
    }
  }

  #readPair(keyNode: unknown, valueNode: unknown, section: ConfigSection, parent: string): void {
    const name = isScalar(keyNode) ? String(keyNode.value) : '?';
    const path = parent === '' ? name : `${parent}.${name}`;
    const child = Object.hasOwn(section.children, name) ? section.children[name] : undefined;
    if (isAlias(valueNode) && this.#resolve(valueNode) === null) {
      this.report(offsetOf(valueNode), path, `no value is called &${valueNode.source} before this line`);
    } else if (child === undefined) {
      this.report(offsetOf(keyNode), path, unknownKeyMessage(path, section));
    } else if (child.kind === 'section') {
      this.readSection(valueNode, child, path);
    } else {
      this.#readValue(keyNode, valueNode, path);
    }
  }

  #readValue(keyNode: unknown, valueNode: unknown, path: string): void {
    const entry = CONFIG_ENTRIES.get(path);
    const resolved = this.#resolve(valueNode);
    // A key without a value keeps its default.
    if (entry === undefined || resolved === null || (isScalar(resolved) && resolved.value === null)) return;
    readSetting(this.reading, entry, this.#plainValue(resolved), 'file', (path) =>
      this.#place(path.length === 0 ? offsetOf(keyNode) : this.#offsetAt(resolved, path)),
    );
  }

  /** The node itself, or what an alias stands for; null when there is none. */
  #resolve(node: unknown): Node | null {
    if (isAlias(node)) return node.resolve(this.#document) ?? null;
    return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
  }

  /** The value of a scalar, list or section; what is nested too deep becomes an object, which no key accepts. */
  #plainValue(node: unknown, maxDepth = MAX_VALUE_DEPTH): unknown {
    const resolved = this.#resolve(node);
    if (isScalar(resolved)) return resolved.value;
    if (maxDepth === 0) return {};
    if (isSeq(resolved)) return resolved.items.map((item) => this.#plainValue(item, maxDepth - 1));
    const value = Object.create(null) as Record<string, unknown>;
    if (!isMap(resolved)) return value;
    for (const { key, value: child } of resolved.items) {
      value[isScalar(key) ? String(key.value) : '?'] = this.#plainValue(child, maxDepth - 1);
    }
    return value;
  }

  /** Where a part of a value begins; the nearest place there is when the path leads nowhere. */
  #offsetAt(node: Node, path: ValuePath): number | undefined {
    let current: Node | null = node;
    let offset = offsetOf(node);
    for (const step of path) {
      let child: unknown;
      if (isSeq(current)) {
        child = current.items[Number(step)];
        offset = offsetOf(child) ?? offset;
      } else if (isMap(current)) {
        const pair = current.items.find(({ key }) => isScalar(key) && String(key.value) === step);
        child = pair?.value;
        offset = offsetOf(pair?.key) ?? offset;
      }
      current = this.#resolve(child);
    }
    return offset;
  }

  #place(offset: number | undefined): Place {
    if (offset === undefined) return { file: this.#name };
    const { line, col } = this.#lineCounter.linePos(offset);
    return { file: this.#name, line, column: col };
  }
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : undefined;
}

function unknownKeyMessage(path: string, section: ConfigSection): string {
  const nearest = nearestName(path, [...CONFIG_ENTRIES.keys(), ...Object.keys(CONFIG_SCHEMA.children)]);
  if (nearest !== undefined) return `unknown key; did you mean "${nearest}"?`;
  return `unknown key; allowed here: ${Object.keys(section.children).join(', ')}`;
}
