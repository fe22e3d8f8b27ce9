import { parse as parseDomain } from 'tldts';
import { fail } from '../failure';
import { BOOLEAN, shapeOf, STRING } from '../types/kind';
import { emptyObject } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { suffixFinder, type Suffix, type SuffixFinder } from './etld/suffix-list';
import { FileError } from './files/read-file';
import { count, optional, text, withDefault } from './parameters';

/** Characters of the longest domain name (RFC 1035) and as many again, beyond which nothing is looked up. */
const MAX_DOMAIN_LENGTH = 512;

const parseEtld = define({
  name: 'parse_etld',
  params: [text('value'), withDefault(count('plus_parts'), 0), optional(text('psl', { compileTime: 'static' }))],
  returns: shapeOf({ etld: STRING, etld_plus: STRING, known_suffix: BOOLEAN }),
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const find = call.has('psl') ? finderFromFile(call) : findInDefaultList;
    return (value, plusParts) => {
      // The dot behind a full name belongs to its suffix.
      const rooted = value.endsWith('.');
      const domain = rooted ? value.slice(0, -1) : value;
      const found = suffixOf(domain, rooted, find);
      if (found === undefined) throw fail(`unable to determine eTLD for ${value}`);
      const labels = domain.split('.').slice(-(found.suffix.split('.').length + Math.max(plusParts, 0)));
      const end = rooted ? '.' : '';
      const object = emptyObject();
      object['etld'] = found.suffix + end;
      object['etld_plus'] = labels.join('.') + end;
      object['known_suffix'] = found.known;
      return object;
    };
  },
});

function suffixOf(domain: string, rooted: boolean, find: SuffixFinder): Suffix | undefined {
  if (domain.length > MAX_DOMAIN_LENGTH) return undefined;
  return rooted && (domain === '' || domain.endsWith('.')) ? { suffix: '', known: false } : find(domain);
}

/** Finds a suffix in the list of publicsuffix.org that the library brings along, its private part included. */
const findInDefaultList: SuffixFinder = (domain) => {
  const { publicSuffix, isIcann, isPrivate } = parseDomain(domain, {
    allowPrivateDomains: true,
    detectIp: false,
    extractHostname: false,
    validateHostname: false,
  });
  if (publicSuffix === null || publicSuffix === '') return undefined;
  return { suffix: publicSuffix, known: isIcann === true || isPrivate === true };
};

function finderFromFile(call: CallSite): SuffixFinder {
  const path = String(call.constant('psl'));
  try {
    return suffixFinder(new TextDecoder().decode(call.host.readFile(path)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw call.invalid('psl', `Unable to read psl file: ${error.message}`);
  }
}

export const functions: readonly FunctionDefinition[] = [parseEtld];
