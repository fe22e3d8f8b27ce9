export { EVENTS_STREAM, eventsStream, type EventStore } from './events-stream';
export {
  inheritedSockets,
  InheritedSocketError,
  type InheritedListener,
  type InheritedSockets,
} from './inherited-sockets';
export { asErrorLines, isJournal } from './journal';
export { Notifier, notifierFor, type NotifierOptions, type Send } from './notifier';
export { Watchdog, watchdogInterval, type WatchdogOptions } from './watchdog';
