import { fail } from '../failure';
import { objectOfKind, STRING } from '../types/kind';
import { emptyObject, type VrlObject } from '../value/value';
import { readExtensions, readHeader } from './cef/read-cef';
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
  returns: objectOfKind(STRING),
  fallible: true,
  fresh: true,
  run: (value, translate, strict) => {
    const header = readHeader(value, HEADER_FIELDS.length);
    if (header === undefined) throw fail('could not parse the CEF header');
    const extensions = readExtensions(value, header.end, strict);
    if (trimWhiteSpace(value.slice(extensions.end)) !== '') throw fail('Could not parse whole line successfully');
    const object = emptyObject();
    const custom = new Map<string, { label?: string; value?: string }>();
    for (const [key, text] of extensions.pairs) {
      const base = key.endsWith(LABEL) ? key.slice(0, -LABEL.length) : key;
      if (!translate || !CUSTOM_FIELDS.has(base)) object[key] = text;
      else custom.set(base, { ...custom.get(base), [base === key ? 'value' : 'label']: text });
    }
    addCustomFields(object, custom);
    HEADER_FIELDS.forEach((field, i) => {
      object[field] = header.values[i] as string;
    });
    return object;
  },
});

function addCustomFields(object: VrlObject, custom: ReadonlyMap<string, { label?: string; value?: string }>): void {
  for (const [, { label, value }] of custom) {
    if (label === undefined || value === undefined) throw fail('Custom field with missing label or value');
    object[label] = value;
  }
}

export const functions: readonly FunctionDefinition[] = [parseCef];
