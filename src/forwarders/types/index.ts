import type { ForwarderType } from '../forwarder-type';
import { DATADOG_TYPE } from './datadog';
import { ELASTIC_TYPE } from './elastic';
import { EMAIL_TYPE } from './email';
import { HTTP_TYPE } from './http';
import { OTLP_TYPE } from './otlp';
import { SPLUNK_TYPE } from './splunk';
import { SYSLOG_TYPE } from './syslog';

const TYPES: readonly ForwarderType<{ readonly type: string }>[] = [
  HTTP_TYPE,
  SYSLOG_TYPE,
  EMAIL_TYPE,
  OTLP_TYPE,
  DATADOG_TYPE,
  SPLUNK_TYPE,
  ELASTIC_TYPE,
];

/** Every type of forwarder, by the value of `config.type`. */
export const FORWARDER_TYPES: ReadonlyMap<string, ForwarderType<{ readonly type: string }>> = new Map(
  TYPES.map((type) => [type.type, type]),
);
