import { XmlSyntaxError } from './xml-syntax-error';

/** An element; names are without their namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  /** Elements and text; neighbouring text is one, comments and instructions are left out. */
  readonly children: (XmlElement | string)[];
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
 * Reads a document (XML 1.0) into its root element. Document types, and so entities of one's own, are refused.
 *
 * @throws XmlSyntaxError with line and column
 * @example readXml('<a b="1">x</a>') // { name: 'a', attributes: [['b', '1']], children: ['x'] }
 */
export function readXml(text: string): XmlElement {
  return new XmlReader(text).document();
}

class XmlReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  document(): XmlElement {
    if (/^<\?xml\s/.test(this.#text)) this.#skipThrough('?>', 'unexpected end of stream');
    this.#skipMisc();
    if (this.#position >= this.#text.length) throw new XmlSyntaxError('the document does not have a root node');
    if (this.#text[this.#position] !== '<') throw this.#error('unknown token');
    const root = this.#tree();
    this.#skipMisc();
    if (this.#position < this.#text.length) throw this.#error('unknown token');
    return root;
  }

  /** Steps over white space, comments and instructions between elements of the top level. */
  #skipMisc(): void {
    for (;;) {
      while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
      if (this.#text.startsWith('<!--', this.#position)) this.#skipThrough('-->', 'unexpected end of stream');
      else if (this.#text.startsWith('<?', this.#position)) this.#skipThrough('?>', 'unexpected end of stream');
      else if (this.#text.startsWith('<!DOCTYPE', this.#position)) throw new XmlSyntaxError('XML with DTD detected');
      else return;
    }
  }

  /** Reads an element with all that is in it. */
  #tree(): XmlElement {
    const first = this.#openingTag();
    const open: XmlElement[] = first.empty ? [] : [first.element];
    while (open.length > 0) {
      const element = open[open.length - 1] as XmlElement;
      const next = this.#text.indexOf('<', this.#position);
      if (next === -1) throw new XmlSyntaxError('the root node was opened but never closed');
      if (next > this.#position) addText(element, this.#decode(this.#position, next));
      this.#position = next;
      if (this.#text.startsWith('</', next)) {
        this.#closingTag(element);
        open.pop();
      } else if (this.#text.startsWith('<!--', next)) this.#skipThrough('-->', 'unexpected end of stream');
      else if (this.#text.startsWith('<?', next)) this.#skipThrough('?>', 'unexpected end of stream');
      else if (this.#text.startsWith('<![CDATA[', next)) {
        this.#skipThrough(']]>', 'unexpected end of stream');
        addText(element, this.#text.slice(next + '<![CDATA['.length, this.#position - ']]>'.length));
      } else {
        const child = this.#openingTag();
        element.children.push(child.element);
        if (!child.empty) open.push(child.element);
        if (open.length > MAX_NESTING) throw this.#error('nesting limit reached');
      }
    }
    return first.element;
  }

  #openingTag(): { readonly element: XmlElement; readonly empty: boolean } {
    const start = this.#position;
    this.#position++;
    const name = this.#name();
    const attributes: (readonly [string, string])[] = [];
    const seen = new Set<string>();
    for (;;) {
      const before = this.#position;
      while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
      const char = this.#text[this.#position];
      if (char === '>') {
        this.#position++;
        return { element: { name: localName(name), attributes, children: [] }, empty: false };
      }
      if (char === '/') {
        this.#position++;
        this.#expect('>');
        return { element: { name: localName(name), attributes, children: [] }, empty: true };
      }
      if (char === undefined) throw this.#error('unexpected end of stream', start);
      if (before === this.#position) throw this.#error(`expected a whitespace not '${char}'`);
      const attributeStart = this.#position;
      const attribute = this.#name();
      const value = this.#attributeValue();
      if (seen.has(attribute)) throw this.#error(`attribute '${attribute}' at`, attributeStart, ' is already defined');
      seen.add(attribute);
      if (attribute !== 'xmlns' && !attribute.startsWith('xmlns:')) attributes.push([localName(attribute), value]);
    }
  }

  #attributeValue(): string {
    while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
    this.#expect('=');
    while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
    const quote = this.#text[this.#position];
    if (quote !== '"' && quote !== "'") throw this.#error(`expected a quote, not '${quote ?? ''}'`);
    const end = this.#text.indexOf(quote, this.#position + 1);
    if (end === -1) throw this.#error('unexpected end of stream');
    const raw = this.#text.slice(this.#position + 1, end);
    if (raw.includes('<')) throw this.#error("'<' is not allowed in attributes");
    const value = this.#decode(this.#position + 1, end);
    this.#position = end + 1;
    // Line breaks and tabs of the source count as blanks (section 3.3.3).
    return /[\t\r\n]/.test(raw) ? value.replace(/[\t\r\n]/g, ' ') : value;
  }

  #closingTag(element: XmlElement): void {
    const start = this.#position;
    this.#position += 2;
    const name = this.#name();
    while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
    this.#expect('>');
    if (localName(name) !== element.name) {
      throw this.#error(`expected '${element.name}' tag, not '${name}'`, start);
    }
  }

  #name(): string {
    NAME.lastIndex = this.#position;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) {
      throw this.#error(this.#position >= this.#text.length ? 'unexpected end of stream' : 'invalid name token');
    }
    this.#position += name.length;
    return name;
  }

  #expect(char: string): void {
    const found = this.#text[this.#position];
    if (found === undefined) throw this.#error('unexpected end of stream');
    if (found !== char) throw this.#error(`expected '${char}' not '${found}'`);
    this.#position++;
  }

  #skipThrough(end: string, problem: string): void {
    const at = this.#text.indexOf(end, this.#position);
    if (at === -1) throw this.#error(problem);
    this.#position = at + end.length;
  }

  /** The text from start to end with references replaced and line breaks as LF. */
  #decode(start: number, end: number): string {
    let text = this.#text.slice(start, end);
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
    if (!text.includes('&')) return text;
    return text.replace(/&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,10})|([^\s;&<>]{1,64}));|&/g, (reference, ...parts) => {
      const [hex, decimal, name] = parts as (string | undefined)[];
      if (name !== undefined) {
        const char = PREDEFINED_ENTITIES.get(name);
        if (char === undefined) throw this.#error(`unknown entity reference '${name}'`, start);
        return char;
      }
      const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? NaN);
      if (!isXmlChar(code)) throw this.#error('malformed entity reference', start);
      return reference === '&' ? reference : String.fromCodePoint(code);
    });
  }

  #error(message: string, at = this.#position, behind = ''): XmlSyntaxError {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
    const place = behind === '' ? ` at ${line}:${column}` : ` ${line}:${column}${behind}`;
    return new XmlSyntaxError(message + place);
  }
}

const NAME = /[\p{L}_:][\p{L}\p{M}\p{N}_:.·-]*/uy;

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Characters that XML allows (section 2.2). */
function isXmlChar(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

function addText(element: XmlElement, text: string): void {
  const last = element.children.length - 1;
  const before = element.children[last];
  if (typeof before === 'string') element.children[last] = before + text;
  else element.children.push(text);
}
