import { Failure } from '../../failure';
import { FileError, readAnyFile } from '../files/read-file';
import { builtIn } from '../node/builtin';
import type { Agent } from './agent';
import type * as Yaml from 'yaml';

/** One entry of the library's lists: a pattern and templates for what it does not say by its groups. */
interface Rule {
  readonly regex: string;
  readonly regex_flag?: string;
  readonly [replacement: string]: string | undefined;
}

interface Rules {
  readonly user_agent_parsers: readonly Rule[];
  readonly os_parsers: readonly Rule[];
  readonly device_parsers: readonly Rule[];
}

const NO_RULES: Rules = { user_agent_parsers: [], os_parsers: [], device_parsers: [] };

let rules: Rules | undefined;
const compiled = new WeakMap<Rule, RegExp>();

/** The lists of the uap-core package; empty where there are no files. */
function loadRules(): Rules {
  try {
    const file = readAnyFile(builtIn('node:module').createRequire(__filename).resolve('uap-core/regexes.yaml'));
    // Only these lists need the library, which takes its time to load.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { parse } = require('yaml') as typeof Yaml;
    return parse(new TextDecoder().decode(file)) as Rules;
  } catch (error) {
    if (error instanceof FileError || error instanceof Failure) return NO_RULES;
    throw error;
  }
}

/** What the uap-core lists know of a user agent: slow, with many details. */
export function agentByUap(userAgent: string): Agent {
  rules ??= loadRules();
  const [browser, major, minor, patch] = firstMatch(rules.user_agent_parsers, userAgent, [
    'family_replacement',
    'v1_replacement',
    'v2_replacement',
    'v3_replacement',
  ]);
  const [os, osMajor, osMinor, osPatch, osPatchMinor] = firstMatch(rules.os_parsers, userAgent, [
    'os_replacement',
    'os_v1_replacement',
    'os_v2_replacement',
    'os_v3_replacement',
    'os_v4_replacement',
  ]);
  const device = deviceOf(rules.device_parsers, userAgent);
  return {
    browser: { family: browser, major, minor, patch, version: joined(major, minor, patch) },
    os: {
      family: os,
      major: osMajor,
      minor: osMinor,
      patch: osPatch,
      patchMinor: osPatchMinor,
      version: joined(osMajor, osMinor, osPatch, osPatchMinor),
    },
    device,
  };
}

/** Values of the first rule that matches: each by its template, or by the group of its place. */
function firstMatch(list: readonly Rule[], userAgent: string, templates: readonly string[]): (string | undefined)[] {
  for (const rule of list) {
    const match = regexOf(rule).exec(userAgent);
    if (match === null) continue;
    return templates.map((template, i) => present(filled(rule[template], match) ?? match[i + 1]));
  }
  return [];
}

function deviceOf(list: readonly Rule[], userAgent: string): Agent['device'] {
  for (const rule of list) {
    const match = regexOf(rule).exec(userAgent);
    if (match === null) continue;
    return {
      family: present(filled(rule['device_replacement'], match) ?? match[1]),
      brand: present(filled(rule['brand_replacement'], match)),
      model: present(filled(rule['model_replacement'], match) ?? match[1]),
    };
  }
  return {};
}

function regexOf(rule: Rule): RegExp {
  let regex = compiled.get(rule);
  if (regex === undefined) {
    regex = new RegExp(rule.regex, rule.regex_flag);
    compiled.set(rule, regex);
  }
  return regex;
}

/** A template with `$1` to `$9` replaced by the groups. */
function filled(template: string | undefined, match: RegExpExecArray): string | undefined {
  return template?.replace(/\$([1-9])/g, (_, group: string) => match[Number(group)] ?? '').trim();
}

function present(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === 'Other' ? undefined : text;
}

function joined(...parts: (string | undefined)[]): string | undefined {
  const end = parts.indexOf(undefined);
  const known = end === -1 ? parts : parts.slice(0, end);
  return known.length === 0 ? undefined : known.join('.');
}
