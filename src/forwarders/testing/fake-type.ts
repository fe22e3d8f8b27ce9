import type { RecordBatch, RecordFields } from '../../record';
import { ALL_TAKEN, type DeliveryOutcome, type Destination } from '../destination';
import type { DestinationContext, ForwarderType } from '../forwarder-type';

export interface FakeConfig {
  readonly type: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly text?: string;
}

/** A forwarder type that keeps what it is sent, and answers as the test says. */
export interface FakeType extends ForwarderType<FakeConfig> {
  /** All batches that were taken or partly taken, as the `id` of each record; in the order of the answers. */
  readonly sent: string[][];
  /** Delivery ids of the records of every offer, in the order of the offers. */
  readonly offered: string[][];
  /** Configurations of the destinations that were opened. */
  readonly opened: FakeConfig[];
  readonly contexts: DestinationContext[];
  closed: number;
  /** Answers the next batches; throws what it likes. */
  answer: (ids: string[], signal: AbortSignal, batch: RecordBatch) => DeliveryOutcome | Promise<DeliveryOutcome>;
  /** Ids of all records that were taken, in order. */
  readonly taken: string[];
}

export function fakeType(type = 'fake'): FakeType {
  const fake: FakeType = {
    type,
    sent: [],
    offered: [],
    opened: [],
    contexts: [],
    closed: 0,
    answer: () => ALL_TAKEN,
    get taken() {
      return this.sent.flat();
    },
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['type'],
      properties: {
        type: { const: type },
        url: { type: 'string', minLength: 1 },
        headers: { type: 'object', additionalProperties: { type: 'string' } },
        secret: { type: 'string' },
        text: { type: 'string', default: '@expr:log.message' },
      },
    },
    secrets: [['secret'], ['headers', '*']],
    secretsGoTo: [['url']],
    templates: [['text']],
    check: ({ url }) => (url === 'nowhere' ? [{ path: 'url', message: 'must be somewhere' }] : []),
    open(config, context): Destination {
      fake.opened.push(config);
      fake.contexts.push(context);
      return {
        async send(batch, signal, deliveryIds) {
          const ids = idsOf(batch);
          fake.offered.push(ids.map((_, row) => deliveryIds?.of(row) ?? ''));
          const outcome = await fake.answer(ids, signal, batch);
          const left = new Set([...outcome.refused, ...outcome.retry].map(({ row }) => row));
          fake.sent.push(ids.filter((_, row) => !left.has(row)));
          return outcome;
        },
        preview: (batch) => Promise.resolve([...batch.records()].map(({ fields }): RecordFields => ({ ...fields }))),
        close: async () => void fake.closed++,
      };
    },
  };
  return fake;
}

function idsOf(batch: RecordBatch): string[] {
  return Array.from({ length: batch.length }, (_, row) => batch.field(row, 'id') ?? '');
}
