import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'protobufjs';
import { FileDescriptorSet } from 'protobufjs/ext/descriptor';
import { callFunction, error, expectResult, f, t } from '../testing/run';
import { stringFromBytes } from '../value/bytes';
import { VrlBytes } from '../value/value';
import { functions } from './proto';

const SOURCE = `
  syntax = "proto3";
  package test.v1;
  message Timestamped { int64 micros = 1; }
  enum Level { LEVEL_UNKNOWN = 0; INFO = 1; }
  message Inner { int32 x = 1; }
  message Event {
    string text_field = 1;
    int64 big = 2;
    repeated int32 numbers = 3;
    map<string, Inner> by_name = 4;
    bytes raw = 5;
    Level level = 6;
    double real = 7;
    optional int32 maybe = 8;
    Inner inner = 9;
    uint64 unsigned = 10;
    map<int64, string> by_id = 11;
    oneof choice { string a = 12; int32 b = 13; }
    bool flag = 14;
    sint32 signed = 15;
    Timestamped at = 16;
  }
`;

const [parseProto, encodeProto] = functions as unknown as [(typeof functions)[0], (typeof functions)[0]];
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proto-'));
  file = join(folder, 'test.desc');
  const { root } = parse(SOURCE, { keepCase: true });
  root.resolveAll();
  writeFileSync(file, FileDescriptorSet.encode(root.toDescriptor('proto3') as never).finish());
});
afterAll(() => rmSync(folder, { recursive: true }));

const encode = (value: unknown, ...options: unknown[]) =>
  callFunction(encodeProto, [value, file, 'test.v1.Event', ...options]);
const decode = (value: unknown) => callFunction(parseProto, [value, file, 'test.v1.Event']);

test.each<[object, object?]>([
  [{ text_field: 'é', big: -(2n ** 60n), numbers: [1, -2], flag: true, real: f(1.5), signed: -7 }],
  [{ by_name: { k: { x: 1 }, __proto: { x: 2 } }, by_id: { '-5': 'five' }, inner: {} }],
  [{ raw: new VrlBytes(Uint8Array.of(0xff, 0)), level: 'INFO', maybe: 0, b: 0 }],
  [{ text_field: '', big: 0, real: f(0), flag: false, level: 'LEVEL_UNKNOWN', raw: '', numbers: [] }, {}],
  [{ level: 'info', unknown_field: 1, text_field: null }, { level: 'INFO' }],
  [{ level: 7 }, { level: 7 }],
  [{ unsigned: -1 }],
  [
    { text_field: 12, at: { micros: t('2020-01-01T00:00:00.000001Z') } },
    { text_field: '12', at: { micros: 1577836800000001 } },
  ],
  [{ real: 2 }, { real: f(2) }],
])('encodes and parses %j', (value, expected = value) => {
  const encoded = encode(value);
  expect(encoded).toHaveProperty('value');
  expectResult(decode((encoded as { value: unknown }).value), expected);
});

test.each<[unknown, unknown[], string | RegExp]>([
  [{ text_field: 12 }, [false], 'Error converting text_field field: Cannot encode `integer` into protobuf `string`'],
  [{ flag: 'x' }, [], 'Error converting flag field: Cannot encode `string` into protobuf `bool`'],
  [{ level: 'NOPE' }, [], /Enum `test.v1.Level` has no value that matches string 'NOPE'/],
  [{ inner: { x: 'y' } }, [], /^Error converting inner field: Error converting x field/],
  ['text', [], 'Cannot encode `string` into protobuf message'],
])('refuses %j', (value, options, reason) => expectResult(encode(value, ...options), error(reason)));

test('fails on bytes that are no message', () => {
  expectResult(decode(stringFromBytes(Uint8Array.of(0x0a, 0xff))), error(/^Error parsing protobuf: /));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decode(stringFromBytes(bytes))));
});

test('refuses files and types that do not exist', () => {
  expectResult(callFunction(parseProto, ['', '/no/such.desc', 'x']), error(/^Failed to open protobuf desc file/));
  expectResult(callFunction(parseProto, ['', file, 'test.v1.Nope']), error(/could not be found/));
});
