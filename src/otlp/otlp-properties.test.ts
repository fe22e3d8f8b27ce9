import fc from 'fast-check';
import { RecordBatch, type LogRecord } from '../record';
import { decodeLogsJson, decodeLogsProtobuf, encodeLogsJson, encodeLogsProtobuf, OtlpDecodeError } from './index';
import { anyRequest, anyText, toJson, toProtobuf, type ModelRequest } from './testing/log-model';
import { referenceDecode } from './testing/reference-messages';

const ARRIVAL = 1_760_000_000_123;

function fromProtobuf(bytes: Uint8Array): LogRecord[] {
  const batch = new RecordBatch();
  decodeLogsProtobuf(bytes, ARRIVAL, batch);
  return [...batch.records()];
}

function fromJson(input: string | Uint8Array): LogRecord[] {
  const batch = new RecordBatch();
  decodeLogsJson(input, ARRIVAL, batch);
  return [...batch.records()];
}

/** Decodes what may be anything: records and a consistent batch, or an OtlpDecodeError and an untouched batch. */
function decodeHostile(decode: typeof decodeLogsProtobuf, bytes: Uint8Array): void {
  const batch = new RecordBatch();
  batch.addRecord(1, { before: 'x' });
  let added = 0;
  try {
    added = decode(bytes, ARRIVAL, batch).records;
  } catch (error) {
    expect(error).toBeInstanceOf(OtlpDecodeError);
    expect((error as OtlpDecodeError).message).not.toBe('');
  }
  expect(batch.length).toBe(1 + added);
  expect(batch.fields(0)).toEqual({ before: 'x' });
  if (added === 0) expect(batch.names).toEqual(['before']);
  for (const record of batch.select(Array.from({ length: added }, (_, i) => i + 1)).records()) {
    expect(record.timestamp).toBe(ARRIVAL);
    expect(record.fields.body).toEqual(expect.any(String));
    expect(record.fields.flags).toMatch(/^\d+$/);
  }
}

describe('the same logs in protobuf and in JSON', () => {
  it('decode to the same records', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        expect(fromJson(toJson(request))).toEqual(fromProtobuf(toProtobuf(request)));
      }),
      { numRuns: 120 },
    );
  });

  it('give one record for each log record', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const logs = request.resourceLogs.flatMap((r) => r.scopeLogs.flatMap((s) => s.logRecords));
        const records = fromProtobuf(toProtobuf(request));
        expect(records.map((r) => r.fields.time_unix_nano).sort()).toEqual(logs.map((l) => l.timeUnixNano).sort());
      }),
    );
  });
});

describe('records from OTLP', () => {
  const encodings: [string, (request: ModelRequest) => LogRecord[], (records: LogRecord[]) => LogRecord[]][] = [
    [
      'protobuf',
      (request) => fromProtobuf(toProtobuf(request)),
      (records) => fromProtobuf(encodeLogsProtobuf(records)),
    ],
    ['JSON', (request) => fromJson(toJson(request)), (records) => fromJson(encodeLogsJson(records))],
  ];

  it.each(encodings)('keep every field when encoded as %s and decoded again', (_, decode, recode) => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const records = decode(request);
        // Grouping may reorder: records of equal resource and scope come together.
        expect(sorted(recode(records))).toEqual(sorted(records));
      }),
      { numRuns: 120 },
    );
  });

  it('are the same message in both encodings', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const records = fromProtobuf(toProtobuf(request));
        expect(fromJson(encodeLogsJson(records))).toEqual(fromProtobuf(encodeLogsProtobuf(records)));
      }),
    );
  });
});

describe('records of any fields', () => {
  const anyRecord = fc
    .dictionary(
      fc.oneof(
        anyText,
        fc.constantFrom('body', 'body.a', 'message', 'severity', 'trace_id', 'scope.name', 'attr.a', 'a'),
      ),
      anyText,
      { maxKeys: 12 },
    )
    .map((fields): LogRecord => ({ timestamp: ARRIVAL, fields: Object.assign(Object.create(null), fields) }));

  it('encode to messages that another implementation reads', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 5 }), (records) => {
        const message = referenceDecode('ExportLogsServiceRequest', encodeLogsProtobuf(records));
        const logs = ((message.resourceLogs ?? []) as { scopeLogs: { logRecords: object[] }[] }[]).flatMap((r) =>
          r.scopeLogs.flatMap((s) => s.logRecords),
        );
        expect(logs).toHaveLength(records.length);
      }),
    );
  });

  it('lose no value', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const [back] = fromProtobuf(encodeLogsProtobuf([record]));
        const values = Object.values(back!.fields);
        for (const value of Object.values(record.fields)) {
          // Ids are the one thing that is normalized, to lower case.
          if (value !== '') expect(values.some((v) => v === value || v === value.toLowerCase())).toBe(true);
        }
      }),
    );
  });
});

describe('hostile bytes', () => {
  it('random bytes give records or an OtlpDecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => decodeHostile(decodeLogsProtobuf, bytes)),
      { numRuns: 500 },
    );
  });

  it('truncated and bit-flipped messages give records or an OtlpDecodeError', () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(), fc.nat(), fc.nat(7), fc.boolean(), (request, cut, flip, bit, truncate) => {
        const bytes = toProtobuf(request);
        if (bytes.length === 0) return;
        const at = flip % bytes.length;
        bytes[at] = bytes[at]! ^ (1 << bit);
        decodeHostile(decodeLogsProtobuf, truncate ? bytes.subarray(0, cut % bytes.length) : bytes);
      }),
      { numRuns: 250 },
    );
  });

  it('truncated and changed JSON gives records or an OtlpDecodeError', () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(), fc.nat(), fc.nat(255), fc.boolean(), (request, cut, change, byte, truncate) => {
        const bytes = Buffer.from(toJson(request));
        bytes[change % bytes.length] = byte;
        decodeHostile(decodeLogsJson, truncate ? bytes.subarray(0, cut % bytes.length) : bytes);
      }),
      { numRuns: 250 },
    );
  });

  it('JSON of any shape gives records or an OtlpDecodeError', () => {
    const keys = fc.constantFrom(
      'resourceLogs', 'resource', 'scopeLogs', 'scope', 'logRecords', 'attributes', 'key', 'value', 'body', 'values',
      'arrayValue', 'kvlistValue', 'stringValue', 'intValue', 'doubleValue', 'bytesValue', 'boolValue', 'timeUnixNano',
      'traceId', 'flags', 'severityNumber', '__proto__', 'name',
    ); // prettier-ignore
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 8 },
        fc.oneof(anyText, fc.integer(), fc.double(), fc.constant(null), fc.boolean()),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
      ),
    }));
    const holder = fc.dictionary(keys, node, { maxKeys: 3 });
    fc.assert(
      fc.property(holder, node, (record, scope) => {
        const message = { resourceLogs: [{ scopeLogs: [{ scope, logRecords: [record] }] }] };
        decodeHostile(decodeLogsJson as typeof decodeLogsProtobuf, Buffer.from(JSON.stringify(message)));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the prototypes of objects alone', () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom('__proto__', 'constructor', 'prototype'), (request, key) => {
        for (const { resource, scopeLogs } of request.resourceLogs) {
          resource.attributes.push({ key, value: { stringValue: 'r' } });
          for (const { scope, logRecords } of scopeLogs) {
            scope.attributes.push({ key, value: { stringValue: 's' } });
            for (const log of logRecords) {
              log.body = { kvlistValue: { values: [{ key, value: { stringValue: 'polluted' } }] } };
              log.attributes.push({ key, value: { kvlistValue: { values: [{ key, value: { intValue: '1' } }] } } });
            }
          }
        }
        for (const records of [fromProtobuf(toProtobuf(request)), fromJson(toJson(request))]) {
          for (const { fields } of records) {
            expect(fields[`body.${key}`]).toBe('polluted');
            expect(fields[`attr.${key}.${key}`]).toBe('1');
            expect(fields[`resource.${key}`]).toBe('r');
            expect(fields.body).toBe(`{"${key}":"polluted"}`);
          }
          expect(sorted(fromProtobuf(encodeLogsProtobuf(records)))).toEqual(sorted(records));
        }
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });
});

function sorted(records: LogRecord[]): string[] {
  return records.map((record) => JSON.stringify(Object.entries(record.fields).sort())).sort();
}
