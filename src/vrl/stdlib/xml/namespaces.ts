import type { XmlSyntaxError } from './xml-syntax-error';

/** A name with its prefix ("" for none), and where it stands. */
export interface NamedPart {
  readonly prefix: string;
  readonly name: string;
  readonly at: number;
}

const XML_URI = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_URI = 'http://www.w3.org/2000/xmlns/';

/** The namespaces that the elements around a place declare. */
export class Namespaces {
  /** By element from the outermost: address by prefix. */
  readonly #declared: Map<string, string>[] = [];
  /** Makes an error; a percent sign in its text stands for the place. */
  readonly #error: (message: string, at: number) => XmlSyntaxError;

  constructor(error: (message: string, at: number) => XmlSyntaxError) {
    this.#error = error;
  }

  enter(): void {
    this.#declared.push(NONE);
  }

  leave(): void {
    this.#declared.pop();
  }

  /** Takes a declaration in; false for any other attribute. */
  declare({ prefix, name, at, value }: NamedPart & { readonly value: string }): boolean {
    const isDefault = prefix === '' && name === 'xmlns';
    if (prefix !== 'xmlns' && !isDefault) return false;
    if (value === XMLNS_URI) throw this.#error("the 'xmlns' URI is used at %, but it must not be declared", at);
    if (!isDefault && name === 'xml') {
      if (value !== XML_URI) throw this.#error("'xml' namespace prefix mapped to wrong URI at %", at);
      return true;
    }
    if (value === XML_URI) throw this.#error("the 'xml' namespace URI is used for not 'xml' prefix at %", at);
    const last = this.#declared.length - 1;
    if (this.#declared[last] === NONE) this.#declared[last] = new Map();
    const declared = this.#declared[last] as Map<string, string>;
    const declaredPrefix = isDefault ? '' : name;
    if (!isDefault && declared.has(name)) throw this.#error(`namespace '${name}' at % is already defined`, at);
    declared.set(declaredPrefix, value);
    return true;
  }

  /** Refuses prefixes that nothing declares, and attributes that stand twice. */
  check(attributes: readonly NamedPart[], tag: NamedPart): void {
    const seen = new Set<string>();
    for (const attribute of attributes) {
      const key = `${this.#addressOfAttribute(attribute)} ${attribute.name}`;
      if (seen.has(key)) throw this.#error(`attribute '${attribute.name}' at % is already defined`, attribute.at);
      seen.add(key);
    }
    if (tag.prefix !== '') this.#addressOf(tag);
  }

  /** For attributes alone the prefix `xml` needs no declaration. */
  #addressOfAttribute(attribute: NamedPart): string {
    if (attribute.prefix === '') return '';
    return attribute.prefix === 'xml' ? XML_URI : this.#addressOf(attribute);
  }

  #addressOf({ prefix, at }: NamedPart): string {
    for (let i = this.#declared.length - 1; i >= 0; i--) {
      const address = this.#declared[i]?.get(prefix);
      if (address !== undefined) return address;
    }
    throw this.#error(`an unknown namespace prefix '${prefix}' at %`, at);
  }
}

/** Of the many elements that declare nothing. */
const NONE: Map<string, string> = new Map();
