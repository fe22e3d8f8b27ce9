import { isIP } from 'node:net';
import { BIND_FORMAT, parseBind } from './bind';
import { InvalidValue, type ConfigChildren, type ConfigKey, type ConfigSection, type ConfigValue } from './config-key';
import { errorText } from './error-text';
import { parseQuantity, quantityHint, type Unit } from './quantity';

/** Prefix lengths of IPv4 and IPv6 networks, in bits. */
const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** Groups keys under a name. */
export function section<const Children extends ConfigChildren>(
  description: string,
  children: Children,
): ConfigSection<Children> {
  return { kind: 'section', description, children };
}

/** The address of a listener; see `parseBind`. */
export function bindKey(defaultValue: string, description: string): ConfigKey<string> {
  return {
    kind: 'key',
    type: 'address',
    default: defaultValue,
    description,
    secret: false,
    path: false,
    read(input) {
      if (typeof input !== 'string') throw new InvalidValue(`expected ${BIND_FORMAT}`);
      try {
        parseBind(input);
      } catch (error) {
        throw new InvalidValue(errorText(error));
      }
      return input;
    },
  };
}

/** Free text; text with a default cannot be empty. */
export function textKey(defaultValue: string, description: string): ConfigKey<string> {
  return { ...base(defaultValue, description), type: 'text', read: textReader(defaultValue !== '') };
}

/** Free text that is never printed; empty or of at least `minBytes`. */
export function secretKey(description: string, minBytes = 1): ConfigKey<string> {
  const readText = textReader(false);
  return {
    ...base('', description),
    type: minBytes > 1 ? `text of ${minBytes} bytes or more, secret` : 'text, secret',
    secret: true,
    read(input) {
      const text = readText(input);
      if (text !== '' && Buffer.byteLength(text) < minBytes) {
        throw new InvalidValue(`expected text of at least ${minBytes} bytes`);
      }
      return text;
    },
  };
}

/** A file or folder; empty text means none, which a path with a default cannot be. */
export function pathKey(defaultValue: string, description: string): ConfigKey<string> {
  return { ...base(defaultValue, description), type: 'path', path: true, read: textReader(defaultValue !== '') };
}

/** A whole number from `min` to `max`. */
export function numberKey(
  unit: Unit,
  range: { readonly min: number; readonly max: number },
  defaultValue: number,
  description: string,
): ConfigKey<number> {
  const type = `${quantityHint(unit)}, ${range.min} to ${range.max}`;
  return {
    ...base(defaultValue, description),
    type,
    read(input) {
      const value = parseQuantity(input, unit);
      if (value === undefined || value < range.min || value > range.max) throw new InvalidValue(`expected a ${type}`);
      return value;
    },
  };
}

/** One of a few words. */
export function choiceKey<const Choice extends string>(
  choices: readonly Choice[],
  defaultValue: NoInfer<Choice>,
  description: string,
): ConfigKey<Choice> {
  const type = `one of ${choices.join(', ')}`;
  return {
    ...base<Choice>(defaultValue, description),
    type,
    read(input) {
      const choice = choices.find((candidate) => candidate === input);
      if (choice === undefined) throw new InvalidValue(`expected ${type}`);
      return choice;
    },
  };
}

/** A name from the IANA time zone database that this Node.js knows. */
export function timeZoneKey(defaultValue: string, description: string): ConfigKey<string> {
  return {
    ...base(defaultValue, description),
    type: 'IANA time zone',
    read(input) {
      if (typeof input !== 'string' || !isTimeZone(input)) {
        throw new InvalidValue('expected an IANA time zone such as UTC or Europe/Berlin');
      }
      return input;
    },
  };
}

/** IP addresses and networks; text is split at commas. */
export function networksKey(description: string, defaultValue: readonly string[] = []): ConfigKey<readonly string[]> {
  return {
    ...base<readonly string[]>(defaultValue, description),
    type: 'list of IP addresses and networks (CIDR)',
    read(input) {
      const items = typeof input === 'string' ? splitList(input) : input;
      if (!Array.isArray(items)) throw new InvalidValue('expected a list of IP addresses and networks');
      return items.map((item: unknown, index) => {
        if (typeof item === 'string' && isNetwork(item)) return item;
        throw new InvalidValue('expected an IP address or a network such as 10.0.0.0/8 or fd00::/8', [index]);
      });
    },
  };
}

/** Names, each once; text is split at commas. A list with a default cannot be empty. */
export function namesKey(description: string, defaultValue: readonly string[] = []): ConfigKey<readonly string[]> {
  return {
    ...base(defaultValue, description),
    type: 'list of names',
    read(input) {
      const items = typeof input === 'string' ? splitList(input) : input;
      if (!Array.isArray(items)) throw new InvalidValue('expected a list of names');
      if (items.length === 0 && defaultValue.length > 0) throw new InvalidValue('expected one name or more');
      return items.map((item: unknown, index) => {
        if (typeof item !== 'string' || item === '') {
          throw new InvalidValue('expected a name (put a number or a word such as true in quotes)', [index]);
        }
        if (items.indexOf(item) !== index) throw new InvalidValue('expected each name once', [index]);
        return item;
      });
    },
  };
}

/** One IP address or network. */
export function networkKey(description: string): ConfigKey<string> {
  return {
    ...base('', description),
    type: 'IP address or network (CIDR)',
    read(input) {
      if (typeof input === 'string' && isNetwork(input)) return input;
      throw new InvalidValue('expected an IP address or a network such as 10.0.0.0/8 or fd00::/8');
    },
  };
}

/** What the keys of all types have alike. */
export function base<Value extends ConfigValue>(defaultValue: Value, description: string) {
  return { kind: 'key', default: defaultValue, description, secret: false, path: false } as const;
}

function textReader(required: boolean): (input: unknown) => string {
  return (input) => {
    if (typeof input !== 'string') {
      throw new InvalidValue('expected text (put a number or a word such as true in quotes)');
    }
    if (required && input === '') throw new InvalidValue('expected text that is not empty');
    return input;
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  // A zone index (fe80::1%eth0) names an interface of this host, which no sender address carries.
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? IPV4_BITS : IPV6_BITS);
}
