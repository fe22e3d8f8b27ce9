export { INPUT_DROP_REASONS, InputCounters, type InputDropReason, type RunningInput, type Warn } from './input';
export { OriginFilter } from './syslog/origin-filter';
export { UdpListener, type UdpListenerOptions } from './syslog/udp-listener';
export { TcpListener, type TcpListenerOptions } from './syslog/tcp-listener';
export { OtlpHttpListener, type OtlpHttpListenerOptions } from './otlp/otlp-http-listener';
