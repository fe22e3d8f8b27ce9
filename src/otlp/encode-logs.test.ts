import type { LogRecord, RecordFields } from '../record';
import { encodeLogsJson, encodeLogsProtobuf } from './index';
import { referenceDecode } from './testing/reference-messages';

const ARRIVAL = 1_760_000_000_123;
const ARRIVAL_NANOS = '1760000000123000000';

interface Message {
  resourceLogs?: {
    resource?: { attributes?: object[] };
    scopeLogs: { scope?: object; logRecords: Record<string, unknown>[] }[];
  }[];
}

function record(fields: RecordFields, timestamp = ARRIVAL): LogRecord {
  return { timestamp, fields };
}

function protobufMessage(records: LogRecord[]): Message {
  return referenceDecode('ExportLogsServiceRequest', encodeLogsProtobuf(records)) as Message;
}

/** The only log record of a message, as protobufjs sees it. */
function encodeOne(fields: RecordFields, timestamp?: number): Record<string, unknown> {
  return protobufMessage([record(fields, timestamp)]).resourceLogs![0]!.scopeLogs[0]!.logRecords[0]!;
}

const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });

describe('encoding records', () => {
  const fromOtlp = {
    body: 'hi',
    severity_number: '9',
    severity_text: 'INFO',
    event_name: 'start',
    time_unix_nano: '1760000000123456789',
    observed_time_unix_nano: '18446744073709551615',
    trace_id: '5b8efff798038103d269b633813fc60c',
    span_id: 'eee19b7ec3c1b174',
    flags: '4294967295',
    dropped_attributes_count: '300',
    'attr.http.route': '/a',
    'resource.service.name': 'checkout',
    'scope.name': 'lib',
    'scope.version': '1.0',
    'scope.team': 'web',
  };

  it('puts the fields of OTLP back where they came from, in protobuf', () => {
    expect(protobufMessage([record(fromOtlp)])).toEqual({
      resourceLogs: [
        {
          resource: { attributes: [string('service.name', 'checkout')] },
          scopeLogs: [
            {
              scope: { name: 'lib', version: '1.0', attributes: [string('team', 'web')] },
              logRecords: [
                {
                  timeUnixNano: '1760000000123456789',
                  observedTimeUnixNano: '18446744073709551615',
                  severityNumber: 9,
                  severityText: 'INFO',
                  eventName: 'start',
                  body: { stringValue: 'hi' },
                  attributes: [string('http.route', '/a')],
                  droppedAttributesCount: 300,
                  flags: 4294967295,
                  traceId: Buffer.from(fromOtlp.trace_id, 'hex').toString('base64'),
                  spanId: Buffer.from(fromOtlp.span_id, 'hex').toString('base64'),
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('and in JSON, as OTLP/JSON spells them', () => {
    expect(JSON.parse(encodeLogsJson([record(fromOtlp)]))).toEqual({
      resourceLogs: [
        {
          resource: { attributes: [string('service.name', 'checkout')] },
          scopeLogs: [
            {
              scope: { name: 'lib', version: '1.0', attributes: [string('team', 'web')] },
              logRecords: [
                {
                  timeUnixNano: '1760000000123456789',
                  observedTimeUnixNano: '18446744073709551615',
                  severityNumber: 9,
                  severityText: 'INFO',
                  eventName: 'start',
                  body: { stringValue: 'hi' },
                  attributes: [string('http.route', '/a')],
                  droppedAttributesCount: 300,
                  flags: 4294967295,
                  traceId: fromOtlp.trace_id,
                  spanId: fromOtlp.span_id,
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('encodes no records as an empty request', () => {
    expect(encodeLogsProtobuf([])).toHaveLength(0);
    expect(encodeLogsJson([])).toBe('{"resourceLogs":[]}');
  });

  it('groups records by resource and scope, whatever the order of their fields', () => {
    const message = protobufMessage([
      record({ body: '1', 'resource.a': 'x', 'resource.b': 'y', 'scope.name': 's' }),
      record({ body: '2', 'resource.a': 'x', 'scope.name': 's' }),
      record({ body: '3', 'resource.b': 'y', 'scope.name': 't', 'resource.a': 'x' }),
      record({ body: '4', 'scope.name': 's', 'resource.b': 'y', 'resource.a': 'x' }),
    ]);
    const bodies = message.resourceLogs!.map((r) =>
      r.scopeLogs.map((s) => s.logRecords.map((l) => (l.body as { stringValue: string }).stringValue)),
    );
    expect(bodies).toEqual([[['1', '4'], ['3']], [['2']]]);
  });

  it('keeps resources apart whose keys and values only look alike when joined', () => {
    const message = protobufMessage([
      record({ 'resource.a': 'b","c', 'resource.d': 'e' }),
      record({ 'resource.a': 'b', 'resource.c': 'd","e' }),
    ]);
    expect(message.resourceLogs).toHaveLength(2);
  });

  it.each<[string, RecordFields, object | undefined, string[]]>([
    ['body', { body: 'b', message: 'm', content: 'c' }, { stringValue: 'b' }, ['message', 'content']],
    ['message', { content: 'c', message: 'm' }, { stringValue: 'm' }, ['content']],
    ['content', { content: 'c', other: 'x' }, { stringValue: 'c' }, ['other']],
    ['nothing', { text: 't' }, undefined, ['text']],
  ])('takes the body of other records from %s', (_, fields, body, keys) => {
    const log = encodeOne(fields);
    expect(log.body).toEqual(body);
    expect(((log.attributes ?? []) as { key: string }[]).map((a) => a.key)).toEqual(keys);
  });

  it('gives other records their time of arrival', () => {
    expect(encodeOne({ message: 'm' })).toMatchObject({
      timeUnixNano: ARRIVAL_NANOS,
      observedTimeUnixNano: ARRIVAL_NANOS,
    });
  });

  it.each([
    [0, undefined],
    [-5, undefined],
    [NaN, undefined],
    [1.5, '1000000'],
    [Infinity, '18446744073709000000'],
  ])('survives the time of arrival %d', (timestamp, nanos) => {
    expect(encodeOne({}, timestamp).timeUnixNano).toBe(nanos);
  });

  it.each<[RecordFields, number | undefined, object[]]>([
    [{ severity: '0' }, 21, [string('severity', '0')]],
    [{ severity: '1' }, 19, [string('severity', '1')]],
    [{ severity: '2' }, 18, [string('severity', '2')]],
    [{ severity: '3' }, 17, [string('severity', '3')]],
    [{ severity: '4' }, 13, [string('severity', '4')]],
    [{ severity: '5' }, 10, [string('severity', '5')]],
    [{ severity: '6' }, 9, [string('severity', '6')]],
    [{ severity: '7' }, 5, [string('severity', '7')]],
    [{ severity: '8' }, undefined, [string('severity', '8')]],
    [{ severity: 'warn' }, undefined, [string('severity', 'warn')]],
    [{ severity_number: '10', severity: '3' }, 10, [string('severity', '3')]],
    [{ severity_number: '0', severity: '3' }, undefined, [string('severity', '3')]],
    [{ severity_number: '-3' }, -3, []],
    [{ severity_number: 'SEVERITY_NUMBER_WARN' }, 13, []],
    [{ severity_number: 'high' }, undefined, [string('severity_number', 'high')]],
  ])('takes the severity of %j', (fields, severityNumber, attributes) => {
    const log = encodeOne(fields);
    expect(log.severityNumber).toBe(severityNumber);
    expect(log.attributes ?? []).toEqual(attributes);
  });

  it.each([
    ['time_unix_nano', 'yesterday'],
    ['time_unix_nano', '18446744073709551616'],
    ['observed_time_unix_nano', '-1'],
    ['observed_time_unix_nano', '01'],
    ['trace_id', 'xyz'],
    ['trace_id', 'abcd'],
    ['span_id', '5b8efff798038103d269b633813fc60c'],
    ['flags', '4294967296'],
    ['dropped_attributes_count', '1.5'],
    ['body.a', 'x'],
  ])('keeps %s as an attribute when "%s" does not fit its place', (name, value) => {
    expect(encodeOne({ body: 'b', [name]: value }).attributes).toEqual([string(name, value)]);
  });

  it('rebuilds a structured body of our own making', () => {
    const body = '{"z":{"1":[1,-0,0.5,1e+21,9007199254740993,null,true,false,"NaN"]},"a":"\\u0000é","e":[],"z":{}}';
    const log = encodeOne({ body, 'body.a': '\u0000é', 'body.z.1.0': '1', 'body.z.1.1': 'changed' });
    expect(log.body).toEqual({
      kvlistValue: {
        values: [
          {
            key: 'z',
            value: {
              kvlistValue: {
                values: [
                  {
                    key: '1',
                    value: {
                      arrayValue: {
                        values: [
                          { intValue: '1' },
                          { doubleValue: -0 },
                          { doubleValue: 0.5 },
                          { doubleValue: 1e21 },
                          { intValue: '9007199254740993' },
                          {},
                          { boolValue: true },
                          { boolValue: false },
                          { stringValue: 'NaN' },
                        ],
                      },
                    },
                  },
                ],
              },
            },
          },
          string('a', '\u0000é'),
          { key: 'e', value: { arrayValue: {} } },
          { key: 'z', value: { kvlistValue: {} } },
        ],
      },
    });
    // A member changed since is not what the body holds.
    expect(log.attributes).toEqual([string('body.z.1.1', 'changed')]);
  });

  it.each([
    ['white space', '{"a": 1}'],
    ['an escape that needs none', '{"a":"\\u0041"}'],
    ['a number in another form', '{"a":1.0}'],
    ['a leading zero', '{"a":01}'],
    ['a number no double holds', '{"a":1e999}'],
    ['a missing value', '{"a":}'],
    ['a missing key', '{"a":1,}'],
    ['a missing end', '[{"a":1}'],
    ['an unfinished string', '["a'],
    ['an unfinished escape', '["a\\'],
    ['something behind the end', '{"a":1}x'],
    ['a word', '[yes]'],
    ['a scalar', '"a"'],
    ['too much depth', '['.repeat(65) + ']'.repeat(65)],
    ['endless depth', '[{"a":'.repeat(100_000)],
  ])('leaves a body with %s as text', (_, body) => {
    expect(encodeOne({ body, 'body.a': 'x' })).toMatchObject({
      body: { stringValue: body },
      attributes: [string('body.a', 'x')],
    });
  });

  it('keeps attributes unique when another field has the name of one', () => {
    expect(encodeOne({ a: '1', 'attr.a': '2', 'attr.record.b': '3', b: '4' }).attributes).toEqual([
      string('a', '2'),
      string('record.b', '3'),
      string('record.a', '1'),
      string('b', '4'),
    ]);
  });

  it('writes UTF-8 even for text that has none', () => {
    expect(encodeOne({ body: 'a\ud800b', x: `${'y'.repeat(100)}\udfff` })).toMatchObject({
      body: { stringValue: 'a\ufffdb' },
      attributes: [string('x', `${'y'.repeat(100)}\ufffd`)],
    });
  });

  it('grows with its content', () => {
    const records = Array.from({ length: 2000 }, (_, i) => record({ body: `${i}`, big: 'x'.repeat(i) }));
    const logs = protobufMessage(records).resourceLogs![0]!.scopeLogs[0]!.logRecords;
    expect(logs.map((l) => (l.body as { stringValue: string }).stringValue)).toEqual(records.map((r) => r.fields.body));
    expect(logs[1999]!.attributes).toEqual([string('big', 'x'.repeat(1999))]);
  });
});
