export {
  INPUT_DROP_REASONS,
  INPUT_REFUSAL_REASONS,
  InputCounters,
  REQUEST_REFUSAL_REASONS,
  type InputDropReason,
  type InputRefusalReason,
  type RequestRefusalReason,
  type RunningInput,
  type Warn,
} from './input';
export { SenderMemory, SilenceCheck } from './ledger';
export { OriginFilter } from './syslog/origin-filter';
export { UdpListener, type UdpListenerOptions } from './syslog/udp-listener';
export {
  startSyslogListener,
  type SyslogDefaults,
  type SyslogHost,
  type SyslogListenerSettings,
} from './syslog/start-listener';
export { OtlpHttpListener, type OtlpHttpListenerOptions } from './otlp/otlp-http-listener';
export { OtlpGrpcListener, type OtlpGrpcListenerOptions } from './otlp/otlp-grpc-listener';
export type { Authorization, Authorize } from './otlp/otlp-intake';
