import { Namespaces, type NamedPart } from './namespaces';
import { XmlSyntaxError } from './xml-syntax-error';
import { isNameChar, isNameStart, isSpace, isXmlChar, quotedChar } from './xml-chars';

/** An element; names are without their namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  /** Elements and text; comments and instructions are left out, but part the text around them. */
  readonly children: (XmlElement | string)[];
  /** Children and what was left out. */
  parts: number;
}

/** Elements within elements; a document that goes deeper is refused. */
const MAX_NESTING = 512;

const PREDEFINED_ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Reads a document (XML 1.0 with namespaces) into its root element. Document types, and so entities of one's own, are
 * refused.
 *
 * @throws XmlSyntaxError with line and column
 * @example readXml('<a b="1">x</a>') // { name: 'a', attributes: [['b', '1']], children: ['x'] }
 */
export function readXml(text: string): XmlElement {
  return new XmlReader(text).document();
}

/** An element that is not closed yet. */
interface OpenElement {
  readonly element: XmlElement;
  readonly prefix: string;
  readonly name: string;
}

class XmlReader {
  readonly #text: string;
  readonly #namespaces = new Namespaces((message, at) => this.#error(message, at));
  #position = 0;
  /** Does the text that comes next belong to the text before it? */
  #afterText = false;

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  document(): XmlElement {
    if (this.#startsWith('<?xml ')) this.#declaration();
    this.#misc();
    if (this.#startsWith('<!DOCTYPE')) throw new XmlSyntaxError('XML with DTD detected');
    const root = this.#startsWith('<') ? this.#tree() : undefined;
    this.#misc();
    if (this.#position < this.#text.length) throw this.#errorHere('unknown token');
    if (root === undefined) throw new XmlSyntaxError('the document does not have a root node');
    return root;
  }

  #declaration(): void {
    this.#position += '<?xml'.length;
    this.#declarationSpace();
    if (!this.#startsWith('version')) throw this.#errorHere("expected 'version'");
    this.#attribute();
    this.#declarationSpace();
    if (this.#startsWith('encoding')) {
      this.#attribute();
      this.#declarationSpace();
    }
    if (this.#startsWith('standalone')) this.#attribute();
    this.#skipSpace();
    this.#expectText('?>');
  }

  #declarationSpace(): void {
    if (isSpace(this.#unit())) this.#skipSpace();
    else if (!this.#startsWith('?>') && this.#position < this.#text.length) throw this.#expectedSpace();
  }

  /** Steps over white space, comments and instructions between elements of the top level. */
  #misc(): void {
    for (;;) {
      this.#skipSpace();
      if (this.#startsWith('<!--')) this.#comment();
      else if (this.#startsWith('<?')) this.#instruction();
      else return;
    }
  }

  #comment(): void {
    const start = this.#position;
    this.#position += '<!--'.length;
    const from = this.#position;
    this.#skipCharsBefore('-->');
    const end = this.#position;
    this.#expectText('-->');
    const text = this.#text.slice(from, end);
    if (text.includes('--') || text.endsWith('-')) throw this.#error(`comment at ${this.#place(start)} contains '--'`);
    this.#afterText = false;
  }

  #instruction(): void {
    if (this.#startsWith('<?xml ')) throw this.#errorHere('unexpected XML declaration');
    this.#position += '<?'.length;
    const start = this.#position;
    if (isNameStart(this.#codePoint())) while (isNameChar(this.#codePoint())) this.#step();
    if (this.#position === start) throw this.#error(`invalid name token at ${this.#place(start)}`);
    this.#skipSpace();
    this.#skipCharsBefore('?>');
    this.#expectText('?>');
    this.#afterText = false;
  }

  /** Reads the root element with all that is in it; undefined when the text ends within its tag. */
  #tree(): XmlElement | undefined {
    const open: OpenElement[] = [];
    const root = this.#openingTag(open);
    while (open.length > 0 && this.#position < this.#text.length) {
      const { element } = open[open.length - 1] as OpenElement;
      if (this.#unit() !== LESS_THAN) this.#characters(element);
      else this.#markup(open, element);
    }
    if (open.length > 0) throw new XmlSyntaxError('the root node was opened but never closed');
    return root;
  }

  #markup(open: OpenElement[], element: XmlElement): void {
    const next = this.#text[this.#position + 1];
    if (next === '/') {
      this.#closingTag(open.pop() as OpenElement);
      this.#namespaces.leave();
    } else if (next === '?') this.#aside(element, () => this.#instruction());
    else if (this.#startsWith('<!--')) this.#aside(element, () => this.#comment());
    else if (this.#startsWith('<![CDATA[')) this.#characterData(element);
    else if (next === '!' || next === undefined) throw this.#errorHere('unknown token');
    else {
      const child = this.#openingTag(open);
      if (child !== undefined) addPart(element, child);
      if (open.length > MAX_NESTING) throw this.#errorHere('nesting limit reached');
    }
  }

  #aside(element: XmlElement, read: () => void): void {
    read();
    element.parts++;
  }

  /** Reads a tag; undefined when the text ends within it. An element that it leaves open is put on the stack. */
  #openingTag(open: OpenElement[]): XmlElement | undefined {
    this.#afterText = false;
    this.#position++;
    const tag = this.#qualifiedName();
    if (tag.prefix === 'xmlns')
      throw this.#error(`the 'xmlns' prefix is used at ${this.#place(tag.at)}, but it must not be`);
    const attributes: (NamedPart & { readonly value: string })[] = [];
    this.#namespaces.enter();
    while (this.#position < this.#text.length) {
      const hasSpace = isSpace(this.#unit());
      this.#skipSpace();
      const char = this.#char();
      if (char === '>' || char === '/') {
        this.#position++;
        if (char === '/') this.#expect('>');
        this.#namespaces.check(attributes, tag);
        const element = {
          name: tag.name,
          attributes: attributes.map(({ name, value }) => [name, value] as const),
          children: [],
          parts: 0,
        };
        if (char === '/') this.#namespaces.leave();
        else open.push({ element, prefix: tag.prefix, name: tag.name });
        return element;
      }
      if (!hasSpace) throw this.#expectedSpace();
      const written = this.#attribute();
      const attribute = { ...written, value: this.#attributeText(written.start, written.end) };
      if (!this.#namespaces.declare(attribute)) attributes.push(attribute);
    }
    return undefined;
  }

  /** A name and where its quoted value stands. */
  #attribute(): NamedPart & { readonly start: number; readonly end: number } {
    const name = this.#qualifiedName();
    this.#skipSpace();
    this.#expect('=');
    this.#skipSpace();
    const quote = this.#char();
    if (quote !== '"' && quote !== "'") throw this.#errorHere(`expected a quote not '${this.#byte()}'`);
    this.#position++;
    const start = this.#position;
    this.#skipChars((unit) => unit !== LESS_THAN && unit !== quote.charCodeAt(0));
    const end = this.#position;
    this.#expect(quote);
    return { ...name, start, end };
  }

  #closingTag(opened: OpenElement): void {
    const start = this.#position;
    this.#position += '</'.length;
    const { prefix, name } = this.#qualifiedName();
    this.#skipSpace();
    this.#expect('>');
    if (prefix !== opened.prefix || name !== opened.name) {
      const [expected, actual] = [qualified(opened.prefix, opened.name), qualified(prefix, name)];
      throw this.#error(`expected '${expected}' tag, not '${actual}' at ${this.#place(start)}`);
    }
    this.#afterText = false;
  }

  #characters(element: XmlElement): void {
    const start = this.#position;
    this.#skipChars((unit) => unit !== LESS_THAN);
    const raw = this.#text.slice(start, this.#position);
    if (raw.includes(']]>')) {
      throw this.#error(`']]>' at ${this.#place(this.#position)} is not allowed inside a character data`);
    }
    this.#addText(element, this.#withReferences(withLineFeeds(raw), raw, start));
  }

  #characterData(element: XmlElement): void {
    this.#position += '<![CDATA['.length;
    const start = this.#position;
    this.#skipCharsBefore(']]>');
    const end = this.#position;
    this.#expectText(']]>');
    this.#addText(element, withLineFeeds(this.#text.slice(start, end)));
  }

  #addText(element: XmlElement, text: string): void {
    const last = element.children.length - 1;
    if (this.#afterText) element.children[last] = (element.children[last] as string) + text;
    else addPart(element, text);
    this.#afterText = true;
  }

  /** An attribute's value; line breaks and tabs of the source count as blanks (section 3.3.3), those of references do not. */
  #attributeText(start: number, end: number): string {
    const raw = this.#text.slice(start, end);
    return this.#withReferences(raw.replace(/\r\n|[\t\r\n]/g, ' '), raw, start);
  }

  /** The text with references replaced; `raw` is how it stands at `start`. */
  #withReferences(text: string, raw: string, start: number): string {
    if (!text.includes('&')) return text;
    let ordinal = 0;
    return text.replace(REFERENCE, (_, hex?: string, decimal?: string, name?: string) => {
      const reference = ordinal++;
      if (name !== undefined) {
        const char = PREDEFINED_ENTITIES.get(name);
        if (char !== undefined) return char;
        throw this.#error(`unknown entity reference '${name}' at ${this.#placeOfReference(raw, start, reference)}`);
      }
      const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? NaN);
      if (code < 2 ** 32) {
        const char = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code;
        if (isXmlChar(char)) return String.fromCodePoint(char);
      }
      throw this.#error(`malformed entity reference at ${this.#placeOfReference(raw, start, reference)}`);
    });
  }

  #placeOfReference(raw: string, start: number, ordinal: number): string {
    let at = raw.indexOf('&');
    for (let i = 0; i < ordinal; i++) at = raw.indexOf('&', at + 1);
    return this.#place(start + at);
  }

  /** A name with an optional prefix; `at` is where it starts. */
  #qualifiedName(): NamedPart {
    const at = this.#position;
    let colon = -1;
    for (;;) {
      const code = this.#codePoint();
      if (code === COLON) {
        if (colon !== -1) throw this.#error(`invalid name token at ${this.#place(at)}`);
        colon = this.#position;
      } else if (!isNameChar(code)) break;
      this.#step();
    }
    const prefix = colon === -1 ? '' : this.#text.slice(at, colon);
    const name = this.#text.slice(colon === -1 ? at : colon + 1, this.#position);
    const startsWell = isNameStart(name.codePointAt(0)) && (prefix === '' || isNameStart(prefix.codePointAt(0)));
    if (!startsWell) throw this.#error(`invalid name token at ${this.#place(at)}`);
    return { prefix, name, at };
  }

  #expect(char: string): void {
    if (this.#char() !== char) throw this.#errorHere(`expected '${char}' not '${this.#byte()}'`);
    this.#position++;
  }

  #expectText(text: string): void {
    if (!this.#startsWith(text)) throw this.#errorHere(`expected '${text}'`);
    this.#position += text.length;
  }

  #expectedSpace(): XmlSyntaxError {
    return this.#errorHere(`expected a whitespace not '${this.#byte()}'`);
  }

  #skipSpace(): void {
    while (isSpace(this.#unit())) this.#position++;
  }

  /** Steps to the next place where the text stands, or to the end; what lies between must be characters of XML. */
  #skipCharsBefore(text: string): void {
    const found = this.#text.indexOf(text, this.#position);
    const end = found === -1 ? this.#text.length : found;
    this.#skipChars((_, position) => position < end);
  }

  #skipChars(within: (unit: number, position: number) => boolean): void {
    for (; this.#position < this.#text.length; this.#position++) {
      const unit = this.#unit();
      if (!isXmlChar(unit) && !(unit >= 0xd800 && unit <= 0xdfff)) {
        throw this.#errorHere(`a non-XML character ${quotedChar(unit)} found`);
      }
      if (!within(unit, this.#position)) return;
    }
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#position);
  }

  #unit(): number {
    return this.#text.charCodeAt(this.#position);
  }

  #codePoint(): number | undefined {
    return this.#text.codePointAt(this.#position);
  }

  #step(): void {
    this.#position += (this.#codePoint() as number) > 0xffff ? 2 : 1;
  }

  /** The character that comes next. */
  #char(): string {
    const char = this.#text[this.#position];
    if (char === undefined) throw new XmlSyntaxError('unexpected end of stream');
    return char;
  }

  /** The first byte of the character that comes next, as a character. */
  #byte(): string {
    const [byte = 0] = new TextEncoder().encode(String.fromCodePoint(this.#codePoint() ?? 0));
    return String.fromCharCode(byte);
  }

  #errorHere(message: string): XmlSyntaxError {
    return this.#error(`${message} at ${this.#place(this.#position)}`);
  }

  #error(message: string, at?: number): XmlSyntaxError {
    return new XmlSyntaxError(at === undefined ? message : message.replace('%', this.#place(at)));
  }

  #place(at: number): string {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
    return `${line}:${column}`;
  }
}

const LESS_THAN = 0x3c;
const COLON = 0x3a;

/** A reference to a character or an entity; the bare ampersand is one that is malformed. */
const REFERENCE =
  /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Z_a-z:\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{2ff}\u{370}-\u{37d}\u{37f}-\u{1fff}\u{200c}-\u{200d}\u{2070}-\u{218f}\u{2c00}-\u{2fef}\u{3001}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{fffd}\u{10000}-\u{effff}][\u{300}-\u{36f}\-.0-9\u{b7}\u{203f}-\u{2040}A-Z_a-z:\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{2ff}\u{370}-\u{37d}\u{37f}-\u{1fff}\u{200c}-\u{200d}\u{2070}-\u{218f}\u{2c00}-\u{2fef}\u{3001}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{fffd}\u{10000}-\u{effff}]*));|&/gu;

function addPart(element: XmlElement, part: XmlElement | string): void {
  element.children.push(part);
  element.parts++;
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function qualified(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}:${name}`;
}
