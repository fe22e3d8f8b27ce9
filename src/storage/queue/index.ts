export type {
  AppendResult,
  DeadLetter,
  DeadLetterChoice,
  DeadLetterPage,
  DeliveryQueue,
  NewDeadLetter,
  QueueDrops,
  QueueEntry,
  QueueLimit,
  QueueStats,
  Settlement,
} from './delivery-queue';
export { RowSet } from './row-set';
export { SqliteDeliveryQueue, type QueueCaller, type SqliteDeliveryQueueOptions } from './sqlite-delivery-queue';
