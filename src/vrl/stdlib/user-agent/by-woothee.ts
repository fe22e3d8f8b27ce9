import { parse } from 'woothee';
import type { Agent } from './agent';

/** What the woothee library knows of a user agent: fast, with few details. */
export function agentByWoothee(userAgent: string): Agent {
  const { name, version, os, os_version: osVersion, category } = parse(userAgent);
  return {
    browser: { family: known(name), version: known(version) },
    os: { family: known(os), version: known(osVersion) },
    device: { category: known(category) },
  };
}

function known(text: string | undefined): string | undefined {
  return text === undefined || text === 'UNKNOWN' || text === '' ? undefined : text;
}
