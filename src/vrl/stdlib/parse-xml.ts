import { fail } from '../failure';
import { OBJECT } from '../types/kind';
import { parseDecimalInteger } from '../value/integer';
import { emptyObject, VrlFloat, type VrlObject, type VrlValue } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { boolean, text, withDefault } from './parameters';
import { readXml, type XmlElement } from './xml/read-xml';
import { XmlSyntaxError } from './xml/xml-syntax-error';

/** How a document becomes a value. */
interface Options {
  readonly includeAttributes: boolean;
  readonly attributePrefix: string;
  readonly textKey: string;
  readonly alwaysTextKey: boolean;
  readonly readBooleans: boolean;
  readonly readNulls: boolean;
  readonly readNumbers: boolean;
}

const parseXml = define({
  name: 'parse_xml',
  params: [
    text('value'),
    withDefault(boolean('trim'), true),
    withDefault(boolean('include_attr'), true),
    withDefault(text('attr_prefix'), '@'),
    withDefault(text('text_key'), 'text'),
    withDefault(boolean('always_use_text_key'), false),
    withDefault(boolean('parse_bool'), true),
    withDefault(boolean('parse_null'), true),
    withDefault(boolean('parse_number'), true),
  ],
  returns: OBJECT,
  fallible: true,
  fresh: true,
  run: (
    value,
    trim,
    includeAttributes,
    attributePrefix,
    textKey,
    alwaysTextKey,
    readBooleans,
    readNulls,
    readNumbers,
  ) => {
    const root = parse(trim ? withoutSpaceBetweenTags(value) : value);
    const options = {
      includeAttributes,
      attributePrefix,
      textKey,
      alwaysTextKey,
      readBooleans,
      readNulls,
      readNumbers,
    };
    const object = emptyObject();
    object[root.name] = elementValue(root, options);
    return object;
  },
});

function parse(document: string): XmlElement {
  try {
    return readXml(document);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw fail(`unable to parse xml: ${error.message}`);
  }
}

function withoutSpaceBetweenTags(document: string): string {
  return document.replace(/>\s+</g, '><');
}

/** An element's value: its only child's where it says nothing else, or an object of what it holds. */
function elementValue(element: XmlElement, options: Options): VrlValue {
  const hasAttributes = options.includeAttributes && element.attributes.length > 0;
  if (!hasAttributes && !options.alwaysTextKey && element.parts === 1 && element.children.length === 1) {
    const child = element.children[0] as XmlElement | string;
    if (typeof child === 'string') return textValue(child, options);
  }
  return members(element, options);
}

function members(element: XmlElement, options: Options): VrlObject {
  const object = emptyObject();
  if (options.includeAttributes) {
    for (const [name, value] of element.attributes) object[options.attributePrefix + name] = value;
  }
  const repeated = new Set<string>();
  for (const child of element.children) {
    const isText = typeof child === 'string';
    const key = isText ? options.textKey : child.name;
    const value = isText ? textValue(child, options) : elementValue(child, options);
    const existing = object[key];
    if (existing === undefined) object[key] = value;
    else if (repeated.has(key)) (existing as VrlValue[]).push(value);
    else {
      object[key] = [existing, value];
      repeated.add(key);
    }
  }
  return object;
}

const FLOAT = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const NAMED_FLOATS = /^([+-]?)(?:inf|infinity|nan)$/i;

function textValue(content: string, options: Options): VrlValue {
  if (options.readNulls && (content === '' || content === 'null')) return null;
  if (options.readBooleans && (content === 'true' || content === 'false')) return content === 'true';
  if (!options.readNumbers) return content;
  const integer = parseDecimalInteger(content);
  if (integer !== undefined) return integer;
  if (FLOAT.test(content)) return new VrlFloat(Number(content));
  const named = NAMED_FLOATS.exec(content);
  if (named === null) return content;
  if (/nan$/i.test(content)) return new VrlFloat(0);
  return new VrlFloat(named[1] === '-' ? -Infinity : Infinity);
}

export const functions: readonly FunctionDefinition[] = [parseXml];
