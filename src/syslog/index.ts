export { SyslogError, type SyslogErrorCode } from './errors';
export type { FormattedFields } from './format-fields';
export { formatRfc3164, type FormatRfc3164Options } from './format-rfc3164';
export {
  formatElement,
  formatRfc5424,
  isParameterName,
  isStructuredData,
  type FormatRfc5424Options,
  type Rfc5424Field,
} from './format-rfc5424';
export { frameSeverity } from './frame-severity';
export { frameOf, type SyslogFrame } from './frame';
export { frameLineFeed, frameOctetCounted } from './frame-output';
export { parse, type ParseOptions } from './parse';
export { SyslogSender, formatClient, senderAddress } from './sender';
export { splitDatagram } from './split-datagram';
export { SyslogBatchBuilder } from './syslog-batch-builder';
export {
  DEFAULT_MAX_MESSAGE_BYTES,
  MIN_MAX_MESSAGE_BYTES,
  SyslogFramer,
  type FramerOptions,
  type OversizePolicy,
} from './syslog-framer';
