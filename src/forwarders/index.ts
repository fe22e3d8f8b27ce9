export { DestinationPolicy } from './destination-policy';
export { ForwarderError } from './forwarder-error';
export { ForwarderReader, toCurrentVersion, type ForwarderDocument, type ValidForwarder } from './forwarder-document';
export { ForwarderService, type StoredForwarder } from './forwarder-service';
export type { ForwarderStatus } from './forwarder-status';
export { textsAt, valueAt } from './config-paths';
export { steadyClock } from './steady-clock';
export type { ConfigPath } from './forwarder-type';
export { FORWARDER_TYPES } from './types';
