import { InvalidValue, type ConfigKey } from './config-key';
import { base, splitList } from './key-types';

/** Path segments of unreserved characters (RFC 3986, section 2.3). */
const MOUNT_PATH = /^(\/[A-Za-z0-9._~-]+)+\/?$/;

/** Origins of web pages (RFC 6454), or `*`; text is split at commas. */
export function originsKey(description: string): ConfigKey<readonly string[]> {
  return {
    ...base<readonly string[]>([], description),
    type: 'list of origins such as https://logs.example.org, or *',
    read(input) {
      const items = typeof input === 'string' ? splitList(input) : input;
      if (!Array.isArray(items)) throw new InvalidValue('expected a list of origins');
      return items.map((item: unknown, index) => {
        if (typeof item === 'string' && isOrigin(item)) return item;
        throw new InvalidValue('expected an origin such as https://logs.example.org (without a path), or *', [index]);
      });
    },
  };
}

/** The path of a URL that others lie below: empty, or with a slash at its beginning and none at its end. */
export function mountPathKey(description: string): ConfigKey<string> {
  return {
    ...base('', description),
    type: 'path of a URL',
    read(input) {
      if (input === '' || input === '/') return '';
      if (typeof input === 'string' && MOUNT_PATH.test(input)) return input.replace(/\/$/, '');
      throw new InvalidValue('expected a path such as /logs, of letters, digits, ".", "_", "~", "-" and "/"');
    },
  };
}

function isOrigin(text: string): boolean {
  if (text === '*') return true;
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}
