import fc from 'fast-check';
import { Writer } from 'protobufjs';
import { callFunction, error, expectResult, t } from '../testing/run';
import { functions } from './parse-dnstap';

const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex');
const NAME = '07 6578616d706c65 03 636f6d 00';

/** A DNS message: id 0x1234, flags, sections. */
function dns(flags: string, counts: string, rest: string): Buffer {
  return bytes(`1234 ${flags} ${counts} ${rest}`);
}

function frame(message: Writer, type = 1): string {
  const writer = Writer.create();
  writer.uint32((1 << 3) | 2).bytes(Buffer.from('server'));
  writer.uint32((2 << 3) | 2).bytes(Buffer.from('BIND 9'));
  writer.uint32((14 << 3) | 2).bytes(message.finish());
  writer.uint32(15 << 3).int32(type);
  return Buffer.from(writer.finish()).toString('base64');
}

function message(type: number, fields: { query?: Buffer; response?: Buffer }): Writer {
  const writer = Writer.create();
  writer.uint32(1 << 3).int32(type);
  writer.uint32(2 << 3).int32(1);
  writer.uint32(3 << 3).int32(1);
  writer.uint32((4 << 3) | 2).bytes(Uint8Array.of(127, 0, 0, 1));
  writer.uint32(6 << 3).uint32(5353);
  writer.uint32((11 << 3) | 2).bytes(bytes('03 636f6d 00'));
  writer.uint32(8 << 3).uint64(1593489007);
  writer.uint32((9 << 3) | 5).fixed32(920014129);
  if (fields.query) writer.uint32((10 << 3) | 2).bytes(fields.query);
  if (fields.response) {
    writer.uint32(12 << 3).uint64(1593489008);
    writer.uint32((14 << 3) | 2).bytes(fields.response);
  }
  return writer;
}

const parse = (text: unknown, lowercase?: boolean) => callFunction(functions[0]!, [text, lowercase]);

const OUTER = {
  serverId: 'server',
  serverVersion: 'BIND 9',
  dataTypeId: 1,
  dataType: 'Message',
  socketFamily: 'INET',
  socketProtocol: 'UDP',
  sourceAddress: '127.0.0.1',
  sourcePort: 5353,
  queryZone: 'com.',
};
const HEADER = {
  id: 0x1234,
  opcode: 0,
  rcode: 0,
  qr: 0,
  aa: false,
  tc: false,
  rd: true,
  ra: false,
  ad: false,
  cd: false,
};

test('describes a query with EDNS', () => {
  const query = dns(
    '0100',
    '0001 0000 0000 0001',
    `${NAME} 0001 0001  00 0029 0200 00 00 8000 000c 000a 0002 abcd 000f 0002 0003`,
  );
  expectResult(parse(frame(message(3, { query }))), {
    ...OUTER,
    messageTypeId: 3,
    messageType: 'ResolverQuery',
    messageSize: query.length,
    time: 1593489007920014129n,
    timePrecision: 'ns',
    timestamp: t('2020-06-30T03:50:07.920014129Z'),
    requestData: {
      fullRcode: 0,
      rcodeName: 'NoError',
      header: { ...HEADER, qdCount: 1, anCount: 0, nsCount: 0, arCount: 1 },
      question: [{ domainName: 'example.com.', questionType: 'A', questionTypeId: 1, class: 'IN' }],
      opt: {
        extendedRcode: 0,
        ednsVersion: 0,
        do: true,
        udpPayloadSize: 512,
        ede: [{ infoCode: 3, purpose: 'Stale Answer' }],
        options: [{ optCode: 10, optName: 'Cookie', optValue: 'q80=' }],
      },
    },
  });
});

/** Records with their name compressed: type, data in hex, how the data is shown. */
const RECORDS: readonly (readonly [number, string, string])[] = [
  [1, '01020304', '1.2.3.4'],
  [28, '20010db8000000000000000000000001', '2001:db8::1'],
  [5, 'c00c', 'example.com.'],
  [15, '000a c00c', '10 example.com.'],
  [16, '03 612262 00', '"a\\"b" ""'],
  [6, 'c00c c00c 00000001 00000002 00000003 00000004 00000005', 'example.com. example.com. 1 2 3 4 5'],
  [33, '0001 0002 0035 c00c', '1 2 53 example.com.'],
  [35, '0001 0002 01 75 03 653275 00 c00c', '1 2 "u" "e2u" "" example.com.'],
  [257, '80 05 6973737565 63612e6f7267', '1 issue "ca.org"'],
  [52, '03 01 01 abcd', '3 1 1 ABCD'],
  [44, '01 02 abcd', '1 2 ABCD'],
  [43, '1234 08 02 abcd', '4660 8 2 ABCD'],
  [48, '0101 03 08 abcd', '257 3 8 q80='],
  [46, '0001 08 02 00000e10 00000001 00000002 1234 c00c abcd', 'A 8 2 3600 1 2 4660 example.com. q80='],
  [47, 'c00c 00 02 4001', 'example.com. A MX'],
  [50, '01 01 000a 02 aabb 02 abcd 00 01 40', '1 1 10 AABB LF6G A'],
  [65, '0001 00 0001 0006 02 6832 02 6833 0003 0002 01bb', '1 . alpn="h2,h3" port="443"'],
  [13, '01 61 01 62', '"a" "b"'],
];

test.each(RECORDS)('shows the data of record type %i', (type, data, shown) => {
  const rdata = bytes(data);
  const length = rdata.length.toString(16).padStart(4, '0');
  const record = `c00c ${type.toString(16).padStart(4, '0')} 0001 0000003c ${length} ${data}`;
  const response = dns('8400', '0001 0001 0000 0000', `${NAME} 0001 0001 ${record}`);
  const result = parse(frame(message(4, { response }))) as { value: { responseData: { answers: object[] } } };
  expect(result.value.responseData.answers).toMatchObject([
    { domainName: 'example.com.', recordTypeId: type, ttl: 60, class: 'IN', rData: shown },
  ]);
});

test('gives bytes for a type without a text form', () => {
  const response = dns('8400', '0000 0001 0000 0000', '00 fff0 0001 0000003c 0002 abcd');
  expect(parse(frame(message(4, { response })))).toMatchObject({
    value: { responseData: { answers: [{ domainName: '.', recordTypeId: 0xfff0, rDataBytes: 'q80=' }] } },
  });
});

test('describes an update and lower-cases names', () => {
  const query = dns('2800', '0001 0000 0001 0000', '03 434f4d 00 0006 0001  01 41 c00c 0001 00ff 00000000 0000');
  expect(parse(frame(message(13, { query })), true)).toMatchObject({
    value: {
      messageType: 'UpdateQuery',
      requestData: {
        header: { id: 0x1234, opcode: 5, zoCount: 1, prCount: 0, upCount: 1, adCount: 0 },
        zone: { zName: 'com.', zType: 'SOA', zTypeId: 6, zClass: 'IN' },
        update: [{ domainName: 'a.com.', recordType: 'A', class: 'ANY', ttl: 0, rData: '' }],
      },
    },
  });
});

test('tells what is wrong inside a frame beside the raw bytes', () => {
  const query = dns('0100', '0001 0000 0000 0000', 'c00c 0001 0001');
  const text = frame(message(3, { query }));
  expect(parse(text)).toMatchObject({
    value: {
      error: expect.stringContaining('circle'),
      rawData: text,
      requestData: { rawData: query.toString('base64') },
    },
  });
  expect(parse(frame(message(99, {})))).toMatchObject({ value: { error: 'Unsupported DNSTap message type: 99' } });
  expect(parse(frame(message(3, {}), 7))).toMatchObject({ value: { dataTypeId: 7, rawData: expect.any(String) } });
});

test('refuses what is no frame', () => {
  expectResult(parse('*'), error('* is not a valid base64 encoded string'));
  expectResult(parse('Cv8='), error(/^dnstap parsing failed for Cv8=: /));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (data) => void parse(Buffer.from(data).toString('base64'))));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
      const response = Buffer.from(data);
      expect(parse(frame(message(4, { response })))).toHaveProperty('value');
    }),
  );
});
