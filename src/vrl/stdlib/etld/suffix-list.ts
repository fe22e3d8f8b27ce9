/** A domain's public suffix. */
export interface Suffix {
  readonly suffix: string;
  /** False when no rule but the default (the last label) gives it. */
  readonly known: boolean;
}

/** Finds the public suffix of a domain; undefined when it has none. */
export type SuffixFinder = (domain: string) => Suffix | undefined;

/**
 * Makes a finder of a list's text in the format of publicsuffix.org: a rule a line, `*` for any label, `!` for exceptions,
 * comments behind `//`.
 */
export function suffixFinder(list: string): SuffixFinder {
  const rules = new Set<string>();
  for (const line of list.split('\n')) {
    const rule = line.trim().split(/\s/)[0] ?? '';
    if (rule !== '' && !rule.startsWith('//')) rules.add(rule.toLowerCase());
  }
  return (domain) => {
    const labels = domain.toLowerCase().split('.');
    if (labels[labels.length - 1] === '') return undefined;
    let length = 0;
    // The longest rule counts, an exception before all.
    for (let start = 0; start < labels.length; start++) {
      const tail = labels.slice(start).join('.');
      if (rules.has(`!${tail}`)) {
        length = labels.length - start - 1;
        break;
      }
      if (rules.has(tail) || rules.has(`*.${labels.slice(start + 1).join('.')}`)) length ||= labels.length - start;
    }
    const suffix = domain.split('.').slice(-Math.max(length, 1)).join('.');
    return { suffix, known: length > 0 };
  };
}
