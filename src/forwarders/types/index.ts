import type { ForwarderType } from '../forwarder-type';
import { HTTP_TYPE } from './http';
import { SYSLOG_TYPE } from './syslog';

const TYPES: readonly ForwarderType<{ readonly type: string }>[] = [HTTP_TYPE, SYSLOG_TYPE];

/** Every type of forwarder, by the value of `config.type`. */
export const FORWARDER_TYPES: ReadonlyMap<string, ForwarderType<{ readonly type: string }>> = new Map(
  TYPES.map((type) => [type.type, type]),
);
