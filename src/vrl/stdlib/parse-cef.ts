import { fail, Failure } from '../failure';
import { objectOfKind, STRING } from '../types/kind';
import { emptyObject } from '../value/value';
import { readExtensions, readExtensionsLeniently, readHeader } from './cef/read-cef';
import { define, type FunctionDefinition } from './definition';
import { boolean, text, withDefault } from './parameters';
import { trimWhiteSpace } from './text/white-space';

const HEADER_FIELDS = [
  'cefVersion',
  'deviceVendor',
  'deviceProduct',
  'deviceVersion',
  'deviceEventClassId',
  'name',
  'severity',
];

/** Extension fields whose name another field, of the same name with `Label` behind it, gives. */
const CUSTOM_FIELDS = new Set([
  ...numbered('c6a', 4),
  ...numbered('cfp', 4),
  ...numbered('cn', 3),
  ...numbered('cs', 6),
  ...numbered('deviceCustomDate', 2),
  ...numbered('flexDate', 1),
  ...numbered('flexString', 2),
]);

function numbered(name: string, last: number): string[] {
  return Array.from({ length: last }, (_, i) => `${name}${i + 1}`);
}

const LABEL = 'Label';

const parseCef = define({
  name: 'parse_cef',
  params: [text('value'), withDefault(boolean('translate_custom_fields'), false), withDefault(boolean('strict'), true)],
  returns: objectOfKind(STRING, new Map(HEADER_FIELDS.map((field) => [field, STRING]))),
  fallible: true,
  fresh: true,
  run: (value, translate, strict) => {
    const header = readHeader(value, HEADER_FIELDS.length);
    if (header instanceof Failure) return header;
    const { pairs, end } = (strict ? readExtensions : readExtensionsLeniently)(value, header.end);
    if (trimWhiteSpace(value.slice(end)) !== '') throw fail('Could not parse whole line successfully');
    const object = emptyObject();
    const custom = new Map<string, CustomField>();
    for (const [key, text] of pairs) {
      const base = key.endsWith(LABEL) ? key.slice(0, -LABEL.length) : key;
      if (translate && CUSTOM_FIELDS.has(base)) addCustomPart(custom, base, base === key ? 'value' : 'label', text);
      else object[key] = text;
    }
    HEADER_FIELDS.forEach((field, i) => {
      object[field] = header.values[i] as string;
    });
    for (const { label, value } of custom.values()) {
      if (label === undefined) throw fail('Custom field with missing label or value');
      object[label] = value ?? null;
    }
    return object;
  },
});

interface CustomField {
  readonly label?: string;
  readonly value?: string;
}

function addCustomPart(custom: Map<string, CustomField>, name: string, part: 'label' | 'value', text: string): void {
  const field = custom.get(name);
  if (field?.[part] !== undefined) throw fail(`Custom field with duplicate ${part}`);
  custom.set(name, { ...field, [part]: text });
}

export const functions: readonly FunctionDefinition[] = [parseCef];
