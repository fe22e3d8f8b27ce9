import type { ForwarderType } from '../forwarder-type';

/** Every type of forwarder, by the value of `config.type`. */
export const FORWARDER_TYPES: ReadonlyMap<string, ForwarderType<{ readonly type: string }>> = new Map();
