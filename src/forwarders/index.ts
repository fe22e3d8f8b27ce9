export { DestinationPolicy } from './destination-policy';
export { ForwarderError } from './forwarder-error';
export { ForwarderReader, toCurrentVersion, type ForwarderDocument, type ValidForwarder } from './forwarder-document';
export { ForwarderService, type StoredForwarder } from './forwarder-service';
export type { ForwarderStatus } from './forwarder-status';
export { textsAt } from './config-paths';
export { steadyClock } from './steady-clock';
export { FORWARDER_TYPES } from './types';
