import { RecordBatch, type RecordFields } from '../record';
import type { DecodeLimits } from './decode-limits';
import { decodeLogsProtobuf, OtlpDecodeError } from './index';
import { referenceEncode } from './testing/reference-messages';

const ARRIVAL = 1_760_000_000_123;

function request(...resourceLogs: object[]): Buffer {
  return referenceEncode('ExportLogsServiceRequest', { resourceLogs });
}

function requestOf(...logRecords: object[]): Buffer {
  return request({ scopeLogs: [{ logRecords }] });
}

function decode(bytes: Uint8Array, limits?: Partial<DecodeLimits>): RecordFields[] {
  const batch = new RecordBatch();
  decodeLogsProtobuf(bytes, ARRIVAL, batch, limits);
  return Array.from({ length: batch.length }, (_, row) => batch.fields(row));
}

/** One delimited field by hand: its tag, its length, its content. */
function delimited(number: number, ...content: (number | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(content.map((c) => (typeof c === 'number' ? Buffer.of(c) : c)));
  if (bytes.length < 128) return Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
  return Buffer.concat([Buffer.of((number << 3) | 2, (bytes.length & 127) | 128, bytes.length >> 7), bytes]);
}

const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });

describe('decodeLogsProtobuf', () => {
  it('maps every part of a record to its field', () => {
    const bytes = request({
      resource: { attributes: [string('service.name', 'checkout'), { key: 'host.cpus', value: { intValue: '8' } }] },
      scopeLogs: [
        {
          scope: { name: 'http', version: '1.2', attributes: [string('team', 'web')] },
          logRecords: [
            {
              timeUnixNano: '1760000000123456789',
              observedTimeUnixNano: '1760000000999999999',
              severityNumber: 17,
              severityText: 'error',
              eventName: 'request.failed',
              body: { stringValue: 'Straße gesperrt' },
              attributes: [string('http.route', '/a'), { key: 'retry', value: { boolValue: true } }],
              droppedAttributesCount: 3,
              flags: 0x80000001,
              traceId: Buffer.from('5b8efff798038103d269b633813fc60c', 'hex'),
              spanId: Buffer.from('eee19b7ec3c1b174', 'hex'),
            },
          ],
        },
      ],
    });
    const batch = new RecordBatch();
    expect(decodeLogsProtobuf(bytes, ARRIVAL, batch)).toEqual({ records: 1, rejected: 0, firstError: undefined });
    expect(batch.record(0)).toEqual({
      timestamp: ARRIVAL,
      fields: {
        body: 'Straße gesperrt',
        severity_number: '17',
        severity_text: 'error',
        event_name: 'request.failed',
        time_unix_nano: '1760000000123456789',
        observed_time_unix_nano: '1760000000999999999',
        trace_id: '5b8efff798038103d269b633813fc60c',
        span_id: 'eee19b7ec3c1b174',
        flags: '2147483649',
        dropped_attributes_count: '3',
        'attr.http.route': '/a',
        'attr.retry': 'true',
        'resource.service.name': 'checkout',
        'resource.host.cpus': '8',
        'scope.name': 'http',
        'scope.version': '1.2',
        'scope.team': 'web',
      },
    });
  });

  it('gives a record without anything all base fields', () => {
    expect(decode(requestOf({}))).toEqual([
      {
        body: '',
        severity_number: '0',
        severity_text: '',
        event_name: '',
        time_unix_nano: '0',
        observed_time_unix_nano: '0',
        trace_id: '',
        span_id: '',
        flags: '0',
        dropped_attributes_count: '0',
      },
    ]);
  });

  it.each([
    [0, ''],
    [1, 'TRACE'],
    [8, 'DEBUG4'],
    [9, 'INFO'],
    [10, 'INFO2'],
    [13, 'WARN'],
    [24, 'FATAL4'],
    [25, ''],
    [-1, ''],
  ])('fills the severity text of number %i with "%s"', (severityNumber, text) => {
    expect(decode(requestOf({ severityNumber }))[0]).toMatchObject({
      severity_number: String(severityNumber),
      severity_text: text,
    });
  });

  it.each([
    ['string', { stringValue: 'x' }, 'x'],
    ['empty string', { stringValue: '' }, ''],
    ['string of 16 bytes', { stringValue: 'abcdefghijklmnop' }, 'abcdefghijklmnop'],
    ['string of 127 bytes', { stringValue: 'é'.repeat(63) + 'e' }, 'é'.repeat(63) + 'e'],
    ['string of 128 bytes', { stringValue: 'x'.repeat(128) }, 'x'.repeat(128)],
    ['string of 70000 bytes', { stringValue: 'x'.repeat(70_000) }, 'x'.repeat(70_000)],
    ['emoji', { stringValue: '🚀' }, '🚀'],
    ['true', { boolValue: true }, 'true'],
    ['false', { boolValue: false }, 'false'],
    ['zero', { intValue: '0' }, '0'],
    ['int', { intValue: '60000' }, '60000'],
    ['negative int', { intValue: '-1' }, '-1'],
    ['2^53 + 1', { intValue: '9007199254740993' }, '9007199254740993'],
    ['greatest int', { intValue: '9223372036854775807' }, '9223372036854775807'],
    ['least int', { intValue: '-9223372036854775808' }, '-9223372036854775808'],
    ['double', { doubleValue: 0.1 }, '0.1'],
    ['whole double', { doubleValue: 5 }, '5'],
    ['large double', { doubleValue: 1e21 }, '1e+21'],
    ['least double', { doubleValue: 5e-324 }, '5e-324'],
    ['minus zero', { doubleValue: -0 }, '-0'],
    ['NaN', { doubleValue: NaN }, 'NaN'],
    ['infinity', { doubleValue: -Infinity }, '-Infinity'],
    ['bytes', { bytesValue: Buffer.of(0, 255, 16) }, 'AP8Q'],
    ['no value', {}, ''],
  ])('writes a %s as text, in an attribute and in the body', (_, value, text) => {
    const [fields] = decode(requestOf({ body: value, attributes: [{ key: 'a', value }] }));
    expect(fields!['attr.a']).toBe(text);
    expect(fields!.body).toBe(text);
  });

  it('flattens nested values with dots and indexes', () => {
    const value = {
      kvlistValue: {
        values: [
          { key: 'headers', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }, {}] } } },
          { key: 'empty', value: { kvlistValue: {} } },
          { key: 'ok', value: { boolValue: false } },
          { key: 'none' },
        ],
      },
    };
    expect(decode(requestOf({ attributes: [{ key: 'http', value }] }))[0]).toMatchObject({
      'attr.http.headers.0': 'a',
      'attr.http.headers.1': '2',
      'attr.http.headers.2': '',
      'attr.http.ok': 'false',
      'attr.http.none': '',
    });
  });

  it('keeps a structured body as JSON text beside its members', () => {
    const body = {
      kvlistValue: {
        values: [
          string('user "x"', 'a\nb'),
          { key: 'ids', value: { arrayValue: { values: [{ intValue: '9007199254740993' }, { doubleValue: 0.5 }] } } },
          { key: 'b', value: { bytesValue: Buffer.of(1) } },
          { key: 'n', value: { doubleValue: NaN } },
          { key: 'e', value: {} },
          { key: 't', value: { boolValue: true } },
          { key: 'm', value: { kvlistValue: {} } },
        ],
      },
    };
    expect(decode(requestOf({ body }))[0]).toMatchObject({
      body: '{"user \\"x\\"":"a\\nb","ids":[9007199254740993,0.5],"b":"AQ==","n":"NaN","e":null,"t":true,"m":{}}',
      'body.user "x"': 'a\nb',
      'body.ids.0': '9007199254740993',
      'body.ids.1': '0.5',
      'body.b': 'AQ==',
      'body.n': 'NaN',
      'body.e': '',
      'body.t': 'true',
    });
  });

  it('gives records the attributes of their own resource and scope only', () => {
    const fields = decode(
      request(
        {
          resource: { attributes: [string('r', '1')] },
          scopeLogs: [
            { scope: { name: 's1' }, logRecords: [{ body: { stringValue: 'a' } }, { body: { stringValue: 'b' } }] },
            { scope: { name: 's2', attributes: [string('x', 'y')] }, logRecords: [{ body: { stringValue: 'c' } }] },
          ],
        },
        { scopeLogs: [{ logRecords: [{ body: { stringValue: 'd' } }] }] },
        { resource: { attributes: [string('r', '2')] }, scopeLogs: [{ logRecords: [{ body: { stringValue: 'e' } }] }] },
      ),
    );
    expect(fields.map((f) => [f.body, f['resource.r'], f['scope.name'], f['scope.x']])).toEqual([
      ['a', '1', 's1', undefined],
      ['b', '1', 's1', undefined],
      ['c', '1', 's2', 'y'],
      ['d', undefined, undefined, undefined],
      ['e', '2', undefined, undefined],
    ]);
  });

  it('prefers the name and version of the scope to attributes called so', () => {
    const attributes = [string('name', 'attribute'), string('version', 'kept')];
    const [fields] = decode(request({ scopeLogs: [{ scope: { name: 'own', attributes }, logRecords: [{}] }] }));
    expect(fields).toMatchObject({ 'scope.name': 'own', 'scope.version': 'kept' });
  });

  it('takes the later of two values for one key', () => {
    const [fields] = decode(requestOf({ attributes: [string('a', '1'), string('b', '2'), string('a', '3')] }));
    expect(fields).toMatchObject({ 'attr.a': '3', 'attr.b': '2' });
  });

  it('appends to a batch that has records', () => {
    const batch = new RecordBatch();
    batch.addRecord(1, { body: 'first', other: 'x' });
    decodeLogsProtobuf(requestOf({ body: { stringValue: 'second' }, attributes: [string('a', '1')] }), ARRIVAL, batch);
    expect(batch.fields(0)).toEqual({ body: 'first', other: 'x' });
    expect(batch.fields(1)).toMatchObject({ body: 'second', 'attr.a': '1' });
    expect(batch.field(1, 'other')).toBeUndefined();
    expect(batch.timestamps).toEqual([1, ARRIVAL]);
  });

  it('adds nothing for an empty request', () => {
    const batch = new RecordBatch();
    expect(decodeLogsProtobuf(new Uint8Array(), ARRIVAL, batch)).toMatchObject({ records: 0, rejected: 0 });
    expect(batch.names).toEqual([]);
  });

  it('reads a view into a larger buffer', () => {
    const bytes = requestOf({ timeUnixNano: '7', attributes: [{ key: 'd', value: { doubleValue: 1.5 } }] });
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    const [fields] = decode(larger.subarray(3, 3 + bytes.length));
    expect(fields).toMatchObject({ time_unix_nano: '7', 'attr.d': '1.5' });
  });

  it.each(
    ['0', '1', '4294967295', '4294967296', '999999999999999999', '1000000000000000000', '9999999999999999999'].concat([
      '10000000000000000000',
      '18446744073709551615',
      '1700000000000000000',
      '1699999999999999999',
      '1760000000000000001',
    ]),
  )('keeps all digits of time %s', (timeUnixNano) => {
    expect(decode(requestOf({ timeUnixNano, observedTimeUnixNano: timeUnixNano }))[0]).toMatchObject({
      time_unix_nano: timeUnixNano,
      observed_time_unix_nano: timeUnixNano,
    });
  });

  it.each([
    ['', ''],
    ['00', '00'],
    ['00000000000000000000000000000000', '00000000000000000000000000000000'],
    ['0123456789abcdef', '0123456789abcdef'],
    ['0123456789abcdef0123', '0123456789abcdef0123'],
  ])('writes the id %s in hex', (hex, text) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(decode(requestOf({ traceId: bytes, spanId: bytes }))[0]).toMatchObject({ trace_id: text, span_id: text });
  });

  describe('on the wire', () => {
    const body = (text: string) => delimited(5, delimited(1, Buffer.from(text)));

    it('takes fields in any order', () => {
      const resource = delimited(
        1,
        delimited(1, delimited(1, Buffer.from('k')), delimited(2, delimited(1, Buffer.from('v')))),
      );
      const scope = delimited(1, delimited(2, Buffer.from('1.0')), delimited(1, Buffer.from('lib')));
      const attribute = delimited(
        6,
        delimited(2, delimited(1, Buffer.from('value'))),
        delimited(1, Buffer.from('key')),
      );
      const scopeLogs = delimited(2, delimited(2, attribute, body('x')), scope);
      expect(decode(delimited(1, scopeLogs, resource))[0]).toMatchObject({
        body: 'x',
        'attr.key': 'value',
        'resource.k': 'v',
        'scope.name': 'lib',
        'scope.version': '1.0',
      });
    });

    it('merges a message that comes in parts', () => {
      const attribute = (key: string) => delimited(1, delimited(1, Buffer.from(key)), delimited(2, delimited(1, 0x76)));
      const resourceLogs = delimited(
        1,
        delimited(1, attribute('a')),
        delimited(2, delimited(2, body('first'), body('second'), delimited(5))),
        delimited(1, attribute('b')),
      );
      expect(decode(resourceLogs)[0]).toMatchObject({ body: 'second', 'resource.a': 'v', 'resource.b': 'v' });
    });

    it('skips unknown fields of every wire type, groups included', () => {
      const unknown = Buffer.from([
        ...[0xa0, 0x06, 0x96, 0x01], // field 100, varint
        ...[0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8], // fixed64
        ...[0xa2, 0x06, 2, 0xff, 0xff], // delimited
        ...[0xa3, 0x06, 0x08, 0x01, 0xab, 0x06, 0xac, 0x06, 0xa4, 0x06], // group with another group inside
        ...[0xa5, 0x06, 1, 2, 3, 4], // fixed32
      ]);
      const value = delimited(2, unknown, delimited(1, Buffer.from('v')), unknown);
      const attribute = delimited(6, unknown, delimited(1, Buffer.from('k')), unknown, value);
      const scopeLogs = delimited(
        2,
        unknown,
        delimited(1, unknown, delimited(1, 0x6e)),
        delimited(2, unknown, attribute, body('x')),
      );
      const fields = decode(Buffer.concat([unknown, delimited(1, delimited(1, unknown), scopeLogs, unknown)]));
      expect(fields).toHaveLength(1);
      expect(fields[0]).toMatchObject({ body: 'x', 'attr.k': 'v', 'scope.name': 'n' });
    });

    it('knows schema URLs and the deprecated record name, and has no field for them', () => {
      const log = delimited(2, delimited(4, Buffer.from('name')), body('x'));
      const url = delimited(3, Buffer.from('https://opentelemetry.io/schemas/1.38.0'));
      const [fields] = decode(delimited(1, url, delimited(2, log, url)));
      expect(Object.keys(fields!)).toHaveLength(10);
    });

    it('tells a length of two bytes from the lengths it looks like', () => {
      // Read with lengths of one byte, this attribute would have a key one byte off and a string for a value.
      const key = Buffer.from(`${'k'.repeat(128)}\u0012`);
      const value = Buffer.from([0x10, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x01]);
      const attribute = delimited(6, delimited(1, key), delimited(2, value), delimited(4, Buffer.alloc(5)));
      const [fields] = decode(delimited(1, delimited(2, delimited(2, attribute))));
      expect(fields![`attr.${key.toString()}`]).toBe('true');
      expect(Object.keys(fields!)).toHaveLength(11);
    });

    it.each([
      ['longer', [0x12, 0x7f, 0x0a, 0x01, 0x76]],
      ['shorter', [0x12, 0x02, 0x0a, 0x01, 0x76]],
    ])('refuses an attribute whose value is %s than its content', (_, value) => {
      const attribute = delimited(6, delimited(1, 0x6b), Buffer.from(value));
      expect(() => decode(delimited(1, delimited(2, delimited(2, attribute))))).toThrow(
        expect.objectContaining({ code: 'TRUNCATED' }),
      );
    });

    it('replaces bytes that are not UTF-8', () => {
      expect(
        decode(delimited(1, delimited(2, delimited(2, delimited(5, delimited(1, 0x61, 0xff, 0x62))))))[0]!.body,
      ).toBe('a\ufffdb');
    });

    it('takes padded varints and a bool in many bytes', () => {
      const value = delimited(2, Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]));
      const log = Buffer.concat([Buffer.from([0x10, 0x89, 0x80, 0x00]), delimited(6, delimited(1, 0x6b), value)]);
      expect(decode(delimited(1, delimited(2, delimited(2, log))))[0]).toMatchObject({
        severity_number: '9',
        'attr.k': 'true',
      });
    });

    it.each<[string, string, number, number[]]>([
      ['a length beyond the input', 'TRUNCATED', 1, [0x0a, 0x05, 0x00]],
      ['a length beyond 32 bits', 'TRUNCATED', 1, [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
      ['a tag without a field', 'TRUNCATED', 1, [0x0a]],
      ['an unfinished tag', 'TRUNCATED', 0, [0x8a]],
      ['field number zero', 'INVALID_TAG', 0, [0x02, 0x00]],
      ['wire type 6', 'INVALID_TAG', 2, [0xa6, 0x06]],
      ['wire type 7', 'INVALID_TAG', 1, [0x7f]],
      ['a tag of more than 32 bits', 'INVALID_TAG', 0, [0x8a, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]],
      ['a varint of eleven bytes', 'INVALID_VARINT', 2, [0xa0, 0x06, ...Array<number>(10).fill(0x80), 0x01]],
      ['resource logs that are no message', 'WRONG_WIRE_TYPE', 1, [0x08, 0x01]],
      ['a schema URL that is no text', 'WRONG_WIRE_TYPE', 3, [0x0a, 0x02, 0x18, 0x01]],
      ['time as varint', 'WRONG_WIRE_TYPE', 7, [0x0a, 0x06, 0x12, 0x04, 0x12, 0x02, 0x08, 0x01]],
      ['flags cut off by their record', 'TRUNCATED', 7, [0x0a, 0x06, 0x12, 0x04, 0x12, 0x02, 0x45, 0x01, 1, 1, 1, 1]],
      ['time cut off by its record', 'TRUNCATED', 7, [0x0a, 0x06, 0x12, 0x04, 0x12, 0x02, 0x09, 0x01, 1, 1, 1, 1]],
      ['an inner message longer than the outer', 'TRUNCATED', 3, [0x0a, 0x02, 0x12, 0x02, 0x0a, 0x00]],
      ['a group that is not closed', 'INVALID_GROUP', 2, [0xa3, 0x06, 0x08, 0x01]],
      ['a group closed as another', 'INVALID_GROUP', 4, [0xa3, 0x06, 0xac, 0x06]],
      ['the end of no group', 'INVALID_GROUP', 2, [0xa4, 0x06]],
      ['groups without end', 'INVALID_GROUP', 1, Array<number>(100).fill(0x7b)],
    ])('refuses %s', (_, code, offset, bytes) => {
      const batch = new RecordBatch();
      let error: unknown;
      try {
        // A good record first: it must not stay.
        decodeLogsProtobuf(Buffer.from(bytes), ARRIVAL, batch);
      } catch (e) {
        error = e;
      }
      expect(error).toBeInstanceOf(OtlpDecodeError);
      expect(error).toMatchObject({ code, offset, name: 'OtlpDecodeError' });
      expect((error as Error).message).toContain(`byte ${offset}`);
    });

    it('adds nothing when the message turns out malformed behind good records', () => {
      const good = requestOf({ body: { stringValue: 'good' }, attributes: [string('a', 'b')] });
      const batch = new RecordBatch();
      batch.addRecord(1, { body: 'before' });
      expect(() => decodeLogsProtobuf(Buffer.concat([good, Buffer.of(0x0a, 0x7f)]), ARRIVAL, batch)).toThrow(
        OtlpDecodeError,
      );
      expect(batch.length).toBe(1);
      expect(batch.names).toEqual(['body']);
    });
  });

  describe('beyond a limit', () => {
    function nested(levels: number): object {
      let value: object = { stringValue: 'deep' };
      for (let i = 0; i < levels; i++) {
        value = i % 2 === 0 ? { arrayValue: { values: [value] } } : { kvlistValue: { values: [{ key: 'k', value }] } };
      }
      return value;
    }
    const bodies = (bytes: Uint8Array, limits?: Partial<DecodeLimits>) => decode(bytes, limits).map((f) => f.body);
    const log = (body: string, ...attributes: object[]) => ({ body: { stringValue: body }, attributes });

    it('rejects only the record whose value nests too deep', () => {
      const bytes = requestOf(
        log('a', { key: 'ok', value: nested(64) }),
        log('b', string('x', '1'), { key: 'deep', value: nested(65) }, string('y', '2')),
        { body: nested(65) },
        log('c'),
      );
      const batch = new RecordBatch();
      expect(decodeLogsProtobuf(bytes, ARRIVAL, batch)).toEqual({
        records: 2,
        rejected: 2,
        firstError: 'resourceLogs[0].scopeLogs[0].logRecords[1]: value nested deeper than 64 levels',
      });
      expect([...batch.records()].map((r) => r.fields.body)).toEqual(['a', 'c']);
      expect(batch.findColumn('attr.x')).toBeUndefined();
      expect(Object.keys(batch.fields(1))).toHaveLength(10);
    });

    it('rejects the records of a resource or scope that is too deep', () => {
      const deep = { attributes: [{ key: 'deep', value: nested(65) }] };
      const bytes = request(
        { resource: deep, scopeLogs: [{ logRecords: [log('a')] }, { logRecords: [log('b'), log('c')] }] },
        { scopeLogs: [{ scope: deep, logRecords: [log('d')] }, { logRecords: [log('e')] }] },
      );
      const batch = new RecordBatch();
      expect(decodeLogsProtobuf(bytes, ARRIVAL, batch)).toMatchObject({ records: 1, rejected: 4 });
      expect(batch.field(0, 'body')).toBe('e');
    });

    it('rejects the records after as many as a request may have', () => {
      const bytes = request(
        { scopeLogs: [{ logRecords: [log('a'), log('b')] }] },
        { scopeLogs: [{ logRecords: [log('c')] }] },
      );
      expect(bodies(bytes, { maxRecords: 2 })).toEqual(['a', 'b']);
    });

    it('rejects a record with too many fields', () => {
      const many = Array.from({ length: 5 }, (_, i) => string(`k${i}`, 'v'));
      const bytes = requestOf(log('a', ...many.slice(0, 4)), log('b', ...many), log('c', ...many.slice(0, 4)));
      expect(bodies(bytes, { maxFieldsPerRecord: 4 })).toEqual(['a', 'c']);
    });

    it('rejects a record with too long a field name, each time', () => {
      const long = string('x'.repeat(20), 'v');
      const inner = { key: 'm', value: { kvlistValue: { values: [long] } } };
      const bytes = requestOf(log('a'), log('b', long), log('c', long), log('d', inner), log('e'));
      expect(bodies(bytes, { maxFieldNameLength: 24 })).toEqual(['a', 'e']);
    });

    it('rejects a record that needs too many different fields', () => {
      const bytes = requestOf(
        log('a', string('k1', '')),
        log('b', string('k2', '')),
        log('c', string('k2', '')),
        log('d', string('k1', '')),
      );
      expect(bodies(bytes, { maxColumns: 11 })).toEqual(['a', 'd']);
    });

    it('rejects a record with too many arrays and maps that lead to no field', () => {
      const empty = (count: number) => ({
        key: 'm',
        value: {
          kvlistValue: {
            values: Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: { arrayValue: {} } })),
          },
        },
      });
      // Four for each column, and one is the attribute itself.
      const bytes = requestOf(log('a', empty(43)), log('b', empty(44)), log('c', empty(43)));
      expect(bodies(bytes, { maxColumns: 11 })).toEqual(['a', 'c']);
    });

    it('rejects records that share too few fields with the others', () => {
      const logs = Array.from({ length: 20 }, (_, i) => log(String(i), string(`only.${i}`, 'v')));
      // Record i costs i empty cells: 0 + 1 + … + 9 = 45.
      expect(bodies(requestOf(...logs), { maxEmptyCells: 45 })).toEqual([...'0123456789']);
    });

    it('counts the rows that the batch already has', () => {
      const batch = new RecordBatch();
      for (let i = 0; i < 10; i++) batch.addRecord(1, { 'attr.known': 'x' });
      const bytes = requestOf(log('a', string('known', 'v')), log('b', string('new', 'v')));
      // Ten rows before the request and one of it.
      expect(decodeLogsProtobuf(bytes, ARRIVAL, batch, { maxEmptyCells: 10 })).toMatchObject({
        records: 1,
        rejected: 1,
      });
      expect(decodeLogsProtobuf(bytes, ARRIVAL, batch, { maxEmptyCells: 12 })).toMatchObject({
        records: 2,
        rejected: 0,
      });
    });
  });

  it('takes time in proportion to the input when names are long and members many', () => {
    const members = Array.from({ length: 50_000 }, () => ({}));
    const value = {
      kvlistValue: { values: [{ key: 'x'.repeat(100_000), value: { arrayValue: { values: members } } }] },
    };
    const batch = new RecordBatch();
    expect(decodeLogsProtobuf(requestOf({ attributes: [{ key: 'a', value }] }), ARRIVAL, batch)).toMatchObject({
      records: 0,
      rejected: 1,
    });
  });
});
