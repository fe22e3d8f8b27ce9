/** What is known of a user agent; undefined for what is not. */
export interface Agent {
  readonly browser: {
    readonly family?: string;
    readonly version?: string;
    readonly major?: string;
    readonly minor?: string;
    readonly patch?: string;
  };
  readonly os: {
    readonly family?: string;
    readonly version?: string;
    readonly major?: string;
    readonly minor?: string;
    readonly patch?: string;
    readonly patchMinor?: string;
  };
  readonly device: {
    readonly family?: string;
    readonly category?: string;
    readonly brand?: string;
    readonly model?: string;
  };
}

/** What either knows; the first counts more. */
export function mergeAgents(a: Agent, b: Agent): Agent {
  return {
    browser: { ...b.browser, ...known(a.browser) },
    os: { ...b.os, ...known(a.os) },
    device: { ...b.device, ...known(a.device) },
  };
}

function known<T extends object>(part: T): Partial<T> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Partial<T>;
}
