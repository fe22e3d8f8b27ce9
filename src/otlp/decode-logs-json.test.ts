import { RecordBatch, type RecordFields } from '../record';
import { decodeLogsJson, OtlpDecodeError } from './index';

const ARRIVAL = 1_760_000_000_123;

function decode(input: string | Uint8Array): RecordFields[] {
  const batch = new RecordBatch();
  decodeLogsJson(input, ARRIVAL, batch);
  return Array.from({ length: batch.length }, (_, row) => batch.fields(row));
}

/** A request with one record, given as JSON text so that numbers stand as they are written. */
function requestOf(record: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`;
}

function decodeOne(record: string): RecordFields {
  const [fields] = decode(requestOf(record));
  return fields!;
}

function errorOf(input: string | Uint8Array): OtlpDecodeError {
  const batch = new RecordBatch();
  try {
    decodeLogsJson(input, ARRIVAL, batch);
  } catch (error) {
    expect(batch.length).toBe(0);
    expect(batch.names).toEqual([]);
    expect(error).toBeInstanceOf(OtlpDecodeError);
    return error as OtlpDecodeError;
  }
  throw new Error('decoded without an error');
}

describe('decodeLogsJson', () => {
  const full = {
    body: 'hi',
    severity_number: '9',
    severity_text: 'INFO',
    event_name: 'start',
    time_unix_nano: '1760000000123456789',
    observed_time_unix_nano: '1760000000999999999',
    trace_id: '5b8efff798038103d269b633813fc60c',
    span_id: 'eee19b7ec3c1b174',
    flags: '1',
    dropped_attributes_count: '2',
    'attr.http.route': '/a',
    'resource.service.name': 'checkout',
    'scope.name': 'lib',
    'scope.version': '1.0',
    'scope.team': 'web',
  };

  it('maps every part of a record to its field', () => {
    const text = JSON.stringify({
      resourceLogs: [
        {
          resource: {
            attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }],
            droppedAttributesCount: 0,
          },
          schemaUrl: 'https://opentelemetry.io/schemas/1.38.0',
          scopeLogs: [
            {
              scope: { name: 'lib', version: '1.0', attributes: [{ key: 'team', value: { stringValue: 'web' } }] },
              logRecords: [
                {
                  timeUnixNano: '1760000000123456789',
                  observedTimeUnixNano: '1760000000999999999',
                  severityNumber: 9,
                  eventName: 'start',
                  body: { stringValue: 'hi' },
                  attributes: [{ key: 'http.route', value: { stringValue: '/a' } }],
                  droppedAttributesCount: 2,
                  flags: 1,
                  traceId: '5B8EFFF798038103D269B633813FC60C',
                  spanId: 'EEE19b7ec3c1b174',
                },
              ],
            },
          ],
        },
      ],
    });
    expect(decode(text)).toEqual([full]);
    expect(decode(Buffer.from(text))).toEqual([full]);
    expect(decode('\ufeff' + text)).toEqual([full]);
  });

  it('takes original field names, nulls and unknown fields', () => {
    const text = JSON.stringify({
      unknown: [{}],
      resource_logs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { string_value: 'checkout' } }], entity_refs: 1 },
          scope_logs: [
            {
              scope: { name: 'lib', version: '1.0', attributes: [{ key: 'team', value: { string_value: 'web' } }] },
              log_records: [
                {
                  time_unix_nano: '1760000000123456789',
                  observed_time_unix_nano: '1760000000999999999',
                  severity_number: 9,
                  severity_text: null,
                  event_name: 'start',
                  body: { string_value: 'hi', boolValue: null, unknown: 1 },
                  attributes: [{ key: 'http.route', value: { string_value: '/a' } }],
                  dropped_attributes_count: 2,
                  flags: 1,
                  trace_id: '5b8efff798038103d269b633813fc60c',
                  span_id: 'eee19b7ec3c1b174',
                },
              ],
            },
          ],
        },
      ],
    });
    expect(decode(text)).toEqual([full]);
  });

  it.each(['{}', '{"resourceLogs":null}', '{"resourceLogs":[]}', '{"resourceLogs":[{"scopeLogs":[{}]}]}'])(
    'finds no record in %s',
    (text) => expect(decode(text)).toEqual([]),
  );

  it('gives a record without anything all base fields', () => {
    expect(decodeOne('{}')).toEqual({
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
    });
  });

  it.each([
    ['9', '9', 'INFO'],
    ['"SEVERITY_NUMBER_INFO2"', '10', 'INFO2'],
    ['"SEVERITY_NUMBER_UNSPECIFIED"', '0', ''],
    ['"SEVERITY_NUMBER_FATAL4"', '24', 'FATAL4'],
    ['"17"', '17', 'ERROR'],
    ['1.7e1', '17', 'ERROR'],
    ['99', '99', ''],
    ['null', '0', ''],
  ])('reads severity number %s', (severityNumber, number, text) => {
    expect(decodeOne(`{"severityNumber":${severityNumber}}`)).toMatchObject({
      severity_number: number,
      severity_text: text,
    });
  });

  it.each([
    ['"1760000000123456789"', '1760000000123456789'],
    ['1760000000123456789', '1760000000123456789'],
    ['"18446744073709551615"', '18446744073709551615'],
    ['18446744073709551615', '18446744073709551615'],
    ['"007"', '7'],
    ['0', '0'],
    ['1.76e18', '1760000000000000000'],
  ])('reads time %s', (time, text) => {
    expect(decodeOne(`{"timeUnixNano":${time}}`).time_unix_nano).toBe(text);
  });

  it.each([
    ['{"stringValue":"é🚀"}', 'é🚀'],
    ['{"stringValue":"12345678901234567890, 12345678901234567890"}', '12345678901234567890, 12345678901234567890'],
    ['{"boolValue":false}', 'false'],
    ['{"intValue":"9007199254740993"}', '9007199254740993'],
    ['{"intValue":9007199254740993}', '9007199254740993'],
    ['{"intValue":-9223372036854775808}', '-9223372036854775808'],
    ['{"intValue": 9223372036854775807 }', '9223372036854775807'],
    ['{"intValue":-5}', '-5'],
    ['{"intValue":"-0"}', '0'],
    ['{"intValue":1e3}', '1000'],
    ['{"doubleValue":0.1}', '0.1'],
    ['{"doubleValue":12345678901234567890}', '12345678901234567000'],
    ['{"doubleValue":1234567890123456.5}', '1234567890123456.5'],
    ['{"doubleValue":12345678901234567e3}', '12345678901234567000'],
    ['{"doubleValue":-0}', '-0'],
    ['{"doubleValue":"1.50"}', '1.5'],
    ['{"doubleValue":"NaN"}', 'NaN'],
    ['{"doubleValue":"-Infinity"}', '-Infinity'],
    ['{"bytesValue":"AP8Q"}', 'AP8Q'],
    ['{"bytesValue":"-_8"}', '+/8='],
    ['{"bytesValue":""}', ''],
    ['{}', ''],
    ['null', ''],
  ])('writes the value %s as text', (value, text) => {
    const fields = decodeOne(`{"body":${value},"attributes":[{"key":"a","value":${value}}]}`);
    expect(fields['attr.a']).toBe(text);
    expect(fields.body).toBe(text);
  });

  it('flattens nested values and keeps a structured body as JSON text', () => {
    const value =
      '{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":9007199254740993},{},null,' +
      '{"doubleValue":"Infinity"},{"bytesValue":"AQ"},{"boolValue":true}]}}},{"key":"s \\"","value":{"stringValue":"x"}},{"key":"e"},' +
      '{"key":"m","value":{"kvlistValue":{}}}]}}';
    expect(decodeOne(`{"body":${value},"attributes":[{"key":"n","value":${value}}]}`)).toMatchObject({
      body: '{"a":[9007199254740993,null,null,"Infinity","AQ==",true],"s \\"":"x","e":null,"m":{}}',
      'body.a.0': '9007199254740993',
      'body.a.1': '',
      'body.a.3': 'Infinity',
      'body.s "': 'x',
      'attr.n.a.4': 'AQ==',
      'attr.n.a.5': 'true',
      'attr.n.e': '',
    });
  });

  it('is safe for keys that objects have', () => {
    const fields = decode(
      '{"__proto__":{"resourceLogs":[{}]},"resourceLogs":[{"scopeLogs":[{"logRecords":[{"__proto__":{"body":1},' +
        '"attributes":[{"key":"__proto__","value":{"stringValue":"x"}},{"key":"constructor","value":{"stringValue":"y"}}]}]}]}]}',
    );
    expect(fields).toHaveLength(1);
    expect(fields[0]).toMatchObject({ body: '', 'attr.__proto__': 'x', 'attr.constructor': 'y' });
  });

  describe('refuses', () => {
    const record = 'resourceLogs[0].scopeLogs[0].logRecords[1]';
    it.each([
      ['WRONG_TYPE', '"timeUnixNano":true', 'timeUnixNano'],
      ['WRONG_TYPE', '"timeUnixNano":{}', 'timeUnixNano'],
      ['INVALID_VALUE', '"timeUnixNano":"12a"', 'timeUnixNano'],
      ['INVALID_VALUE', '"timeUnixNano":""', 'timeUnixNano'],
      ['OUT_OF_RANGE', '"timeUnixNano":"-1"', 'timeUnixNano'],
      ['OUT_OF_RANGE', '"timeUnixNano":1.5', 'timeUnixNano'],
      ['OUT_OF_RANGE', '"time_unix_nano":"18446744073709551616"', 'timeUnixNano'],
      ['OUT_OF_RANGE', '"observedTimeUnixNano":100000000000000000000', 'observedTimeUnixNano'],
      ['INVALID_VALUE', '"severityNumber":"INFO"', 'severityNumber'],
      ['OUT_OF_RANGE', '"severityNumber":9.5', 'severityNumber'],
      ['OUT_OF_RANGE', '"severityNumber":2147483648', 'severityNumber'],
      ['WRONG_TYPE', '"severityNumber":[9]', 'severityNumber'],
      ['WRONG_TYPE', '"severityText":9', 'severityText'],
      ['WRONG_TYPE', '"eventName":false', 'eventName'],
      ['OUT_OF_RANGE', '"flags":4294967296', 'flags'],
      ['OUT_OF_RANGE', '"flags":99999999999999999999', 'flags'],
      ['OUT_OF_RANGE', '"droppedAttributesCount":-1', 'droppedAttributesCount'],
      ['INVALID_VALUE', '"traceId":"abc"', 'traceId'],
      ['INVALID_VALUE', '"traceId":"W47/95gDgQPSabYzgT/GDA=="', 'traceId'],
      ['WRONG_TYPE', '"spanId":12', 'spanId'],
      ['WRONG_TYPE', '"body":"text"', 'body'],
      ['WRONG_TYPE', '"body":{"stringValue":5}', 'body.stringValue'],
      ['WRONG_TYPE', '"body":{"kvlistValue":[]}', 'body.kvlistValue'],
      ['WRONG_TYPE', '"body":{"kvlistValue":{"values":[{"key":1}]}}', 'body.kvlistValue.values[0].key'],
      [
        'OUT_OF_RANGE',
        '"body":{"kvlistValue":{"values":[{"key":"a"},{"key":"b","value":{"arrayValue":{"values":[{"intValue":1.5}]}}}]}}',
        'body.kvlistValue.values[1].value.arrayValue.values[0].intValue',
      ],
      ['WRONG_TYPE', '"attributes":{}', 'attributes'],
      ['WRONG_TYPE', '"attributes":[null]', 'attributes[0]'],
      ['WRONG_TYPE', '"attributes":[{"key":"a"},{"key":2}]', 'attributes[1].key'],
      ['WRONG_TYPE', '"attributes":[{"key":"a","value":"x"}]', 'attributes[0].value'],
      ['WRONG_TYPE', '"attributes":[{"key":"a","value":{"boolValue":"true"}}]', 'attributes[0].value.boolValue'],
      ['WRONG_TYPE', '"attributes":[{"key":"a","value":{"intValue":true}}]', 'attributes[0].value.intValue'],
      ['INVALID_VALUE', '"attributes":[{"key":"a","value":{"intValue":"1.0"}}]', 'attributes[0].value.intValue'],
      [
        'OUT_OF_RANGE',
        '"attributes":[{"key":"a","value":{"intValue":9223372036854775808}}]',
        'attributes[0].value.intValue',
      ],
      ['INVALID_VALUE', '"attributes":[{"key":"a","value":{"doubleValue":"1,5"}}]', 'attributes[0].value.doubleValue'],
      ['INVALID_VALUE', '"attributes":[{"key":"a","value":{"bytesValue":"a b"}}]', 'attributes[0].value.bytesValue'],
      [
        'WRONG_TYPE',
        '"attributes":[{"key":"a","value":{"arrayValue":{"values":{}}}}]',
        'attributes[0].value.arrayValue.values',
      ],
    ])('%s {%s} and names the path', (code, member, path) => {
      const error = errorOf(requestOf(`{"body":{"stringValue":"good"}},{${member}}`));
      expect(error).toMatchObject({ code, path: `${record}.${path}` });
      expect(error.message).toContain(`${record}.${path}: expected `);
    });

    it.each([
      ['[]', ''],
      ['"text"', ''],
      ['null', ''],
      ['{"resourceLogs":{}}', 'resourceLogs'],
      ['{"resourceLogs":[{},5]}', 'resourceLogs[1]'],
      ['{"resourceLogs":[{"resource":[]}]}', 'resourceLogs[0].resource'],
      [
        '{"resourceLogs":[{"resource":{"attributes":[{"key":"a","value":7}]}}]}',
        'resourceLogs[0].resource.attributes[0].value',
      ],
      ['{"resourceLogs":[{"scopeLogs":[{},{"scope":1}]}]}', 'resourceLogs[0].scopeLogs[1].scope'],
      ['{"resourceLogs":[{"scopeLogs":[{"scope":{"name":1}}]}]}', 'resourceLogs[0].scopeLogs[0].scope.name'],
      ['{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{},null]}]}]}', 'resourceLogs[0].scopeLogs[0].logRecords[2]'],
    ])('%s and names the path', (text, path) => {
      expect(errorOf(text)).toMatchObject({ code: 'WRONG_TYPE', path });
    });

    it('what is no JSON, with the offset', () => {
      expect(errorOf('{"resourceLogs":[{]}')).toMatchObject({ code: 'INVALID_JSON', offset: 18 });
      expect(errorOf(`{"a":12345678901234567890, "b":}`)).toMatchObject({
        code: 'INVALID_JSON',
        // The parser shows the place instead of its offset; what it shows is the text as it was sent.
        message: expect.stringContaining('7890, "b":}'),
      });
      expect(errorOf('{"a":1,12345678901234567890:2}')).toMatchObject({ code: 'INVALID_JSON' });
      expect(errorOf('')).toMatchObject({ code: 'INVALID_JSON' });
      expect(errorOf(Buffer.from([0x0a, 0x02, 0xff]))).toMatchObject({ code: 'INVALID_JSON' });
    });

    it('long values without repeating them whole', () => {
      expect(errorOf(requestOf(`{"traceId":"${'x'.repeat(100_000)}"}`)).message.length).toBeLessThan(200);
    });
  });

  it('rejects only the record whose value nests too deep', () => {
    const open = '{"arrayValue":{"values":[';
    const nested = (levels: number) => `${open.repeat(levels)}{}${']}}'.repeat(levels)}`;
    const batch = new RecordBatch();
    const text = requestOf(
      `{"body":{"stringValue":"a"},"attributes":[{"key":"k","value":${nested(64)}}]},` +
        `{"body":${nested(65)}},{"attributes":[{"key":"k","value":${nested(1000)}}]},{"body":{"stringValue":"d"}}`,
    );
    expect(decodeLogsJson(text, ARRIVAL, batch)).toEqual({
      records: 2,
      rejected: 2,
      firstError: 'resourceLogs[0].scopeLogs[0].logRecords[1]: value nested deeper than 64 levels',
    });
    expect([...batch.records()].map((r) => r.fields.body)).toEqual(['a', 'd']);
  });

  it('rejects records with too long a field name, each time', () => {
    const batch = new RecordBatch();
    const long = '{"attributes":[{"key":"' + 'x'.repeat(20) + '","value":{"stringValue":"v"}}]}';
    const text = requestOf(`{"body":{"stringValue":"a"}},${long},${long},{"body":{"stringValue":"d"}}`);
    expect(decodeLogsJson(text, ARRIVAL, batch, { maxFieldNameLength: 24 })).toMatchObject({ records: 2, rejected: 2 });
    expect([...batch.records()].map((r) => r.fields.body)).toEqual(['a', 'd']);
  });

  it.each([
    ['arrays without end', '['.repeat(1_000_000)],
    ['nested arrays', requestOf(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
    ['many long numbers', requestOf(`{"x":[${'12345678901234567890,'.repeat(200_000)}0]}`)],
    ['a long number', requestOf(`{"timeUnixNano":${'9'.repeat(1_000_000)}}`)],
    ['a long number text', requestOf(`{"timeUnixNano":"${'9'.repeat(1_000_000)}"}`)],
    ['a string without end', `[1234567890123456789,"${'\\"'.repeat(1_000_000)}`],
    ['base64 that is none', requestOf(`{"body":{"bytesValue":"${'A'.repeat(1_000_000)}!"}}`)],
    ['hex that is none', requestOf(`{"traceId":"${'a'.repeat(1_000_001)}"}`)],
  ])('survives %s', (_, text) => {
    const batch = new RecordBatch();
    try {
      decodeLogsJson(text, ARRIVAL, batch);
    } catch (error) {
      expect(error).toBeInstanceOf(OtlpDecodeError);
    }
    expect(batch.length).toBeLessThanOrEqual(1);
  });
});
