import { NULL, shapeOf, STRING, union, type Kind } from '../types/kind';
import { emptyObject, type VrlObject } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { oneOf, text, withDefault } from './parameters';
import { mergeAgents, type Agent } from './user-agent/agent';
import { agentByUap } from './user-agent/by-uap';
import { agentByWoothee } from './user-agent/by-woothee';

type Mode = 'fast' | 'reliable' | 'enriched';

/** Characters of a user agent that are looked at; real ones are a tenth of that. */
const MAX_LENGTH = 4096;
/** User agents whose details are kept: looking them up takes milliseconds, and few make up most of a log. */
const MAX_KEPT = 1000;

const FIELDS = {
  browser: { partial: ['family', 'version'], full: ['family', 'version', 'major', 'minor', 'patch'] },
  device: { partial: ['category'], full: ['category', 'family', 'brand', 'model'] },
  os: { partial: ['family', 'version'], full: ['family', 'version', 'major', 'minor', 'patch', 'patch_minor'] },
} as const;

function kindOf(detail: 'partial' | 'full'): Kind {
  const parts = Object.entries(FIELDS).map(([part, fields]): [string, Kind] => [
    part,
    shapeOf(Object.fromEntries(fields[detail].map((field) => [field, union(STRING, NULL)]))),
  ]);
  return shapeOf(Object.fromEntries(parts));
}

const parseUserAgent = define({
  name: 'parse_user_agent',
  params: [text('value'), withDefault(oneOf('mode', ['fast', 'reliable', 'enriched']), 'fast')],
  returns: (call) => kindOf(call.constant('mode') === 'enriched' ? 'full' : 'partial'),
  fallible: false,
  fresh: true,
  run: (value, mode) => {
    const agent = lookUp(value.slice(0, MAX_LENGTH), mode);
    return toObject(agent, mode === 'enriched' ? 'full' : 'partial');
  },
});

const kept = new Map<string, Agent>();

function lookUp(userAgent: string, mode: Mode): Agent {
  const agent = agentByWoothee(userAgent);
  if (mode === 'fast') return agent;
  if (mode === 'reliable' && agent.browser.family !== undefined && agent.os.family !== undefined) return agent;
  let details = kept.get(userAgent);
  if (details === undefined) {
    details = agentByUap(userAgent);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(userAgent, details);
  }
  return mergeAgents(agent, details);
}

function toObject(agent: Agent, detail: 'partial' | 'full'): VrlObject {
  const { patchMinor, ...os } = agent.os;
  const known: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    browser: agent.browser,
    device: agent.device,
    os: { ...os, patch_minor: patchMinor },
  };
  const object = emptyObject();
  for (const [part, fields] of Object.entries(FIELDS)) {
    const members = emptyObject();
    for (const field of fields[detail]) members[field] = known[part]?.[field] ?? null;
    object[part] = members;
  }
  return object;
}

export const functions: readonly FunctionDefinition[] = [parseUserAgent];
