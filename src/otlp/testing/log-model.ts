import fc from 'fast-check';
import { referenceEncode } from './reference-messages';

/** Logs in the terms of OTLP, from which both encodings of a request are made. */
export type ModelValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { bytesValue: Buffer }
  | { arrayValue: { values: ModelValue[] } }
  | { kvlistValue: { values: ModelKeyValue[] } }
  | Record<string, never>;

export interface ModelKeyValue {
  key: string;
  value: ModelValue;
}

export interface ModelLog {
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  severityText: string;
  eventName: string;
  body: ModelValue;
  attributes: ModelKeyValue[];
  droppedAttributesCount: number;
  flags: number;
  traceId: Buffer;
  spanId: Buffer;
}

export interface ModelRequest {
  resourceLogs: {
    resource: { attributes: ModelKeyValue[] };
    scopeLogs: { scope: { name: string; version: string; attributes: ModelKeyValue[] }; logRecords: ModelLog[] }[];
  }[];
}

/** Text that UTF-8 can carry, now and then long, now and then what breaks careless maps. */
function textWithLong(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength, maxLength }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '0', '1', 'a.b', '', 'body', 'attr.x'),
    },
  );
}

export const anyText = textWithLong(100, 300);

/** Five of them, as deep as values nest, stay within the longest field name that is taken. */
const anyKey = textWithLong(60, 90);

const uint64 = fc.oneof(
  fc.bigInt({ min: 1_600_000_000_000_000_000n, max: 1_900_000_000_000_000_000n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 53n + 1n),
);
const uint32 = fc.oneof(fc.nat(300), fc.nat(0xffffffff));
const int64 = fc.oneof(
  fc.bigInt({ min: -1000n, max: 100_000n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));

function id(size: number): fc.Arbitrary<Buffer> {
  return fc.oneof(
    fc.constant(Buffer.alloc(0)),
    fc.uint8Array({ minLength: size, maxLength: size }).map((array) => Buffer.from(array)),
  );
}

const { value } = fc.letrec<{ value: ModelValue; keyValue: ModelKeyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ stringValue: anyText }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64.map(String) }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ bytesValue: bytes }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 4 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('keyValue'), { maxLength: 4 }) }) }),
  ) as fc.Arbitrary<ModelValue>,
  keyValue: fc.record({ key: anyKey, value: tie('value') }),
}));

const attributes = fc.array(fc.record({ key: anyKey, value }), { maxLength: 6 });

const log: fc.Arbitrary<ModelLog> = fc.record({
  timeUnixNano: uint64.map(String),
  observedTimeUnixNano: uint64.map(String),
  severityNumber: fc.oneof(fc.nat(24), fc.integer()),
  severityText: anyText,
  eventName: anyText,
  body: value,
  attributes,
  droppedAttributesCount: uint32,
  flags: uint32,
  traceId: id(16),
  spanId: id(8),
});

export const anyRequest: fc.Arbitrary<ModelRequest> = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeLogs: fc.array(
        fc.record({
          scope: fc.record({ name: anyText, version: anyText, attributes }),
          logRecords: fc.array(log, { maxLength: 4 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

/** The request as protobufjs encodes it. */
export function toProtobuf(request: ModelRequest): Buffer {
  return referenceEncode('ExportLogsServiceRequest', request);
}

/** The request in OTLP/JSON. */
export function toJson(request: ModelRequest): string {
  return JSON.stringify(request, function (this: Record<string, unknown>, key: string, plain: unknown): unknown {
    // JSON.stringify has already called toJSON on Buffers, so look at what the holder has.
    const original = this[key];
    if (Buffer.isBuffer(original)) return original.toString(key === 'bytesValue' ? 'base64' : 'hex');
    if (key === 'doubleValue' && typeof plain === 'number') {
      return Number.isFinite(plain) && !Object.is(plain, -0) ? plain : Object.is(plain, -0) ? '-0' : String(plain);
    }
    return plain;
  });
}
