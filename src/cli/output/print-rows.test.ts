import { memoryIo } from '../testing/memory-io';
import { printObject, printRows } from './print-rows';
import { painterFor } from './style';

const ROWS = [
  { name: 'default', ttl: 0, indexed_fields: ['level', 'host name'], more: true },
  { name: 'b\u001b[2J\u009b', ttl: 86400, indexed_fields: [], more: null },
];
const COLUMNS = ['name', 'ttl', 'indexed_fields', 'more'];

test('a table has columns, numbers to the right', async () => {
  const io = memoryIo();
  await printRows(ROWS, COLUMNS, 'table', io);
  expect(io.out()).toBe(
    [
      'NAME            TTL  INDEXED_FIELDS    MORE',
      'default           0  level, host name  true',
      'b\\x1b[2J\\x9b  86400',
      '',
    ].join('\n'),
  );
});

test('nothing is a table with its head alone, and an empty array', async () => {
  const io = memoryIo();
  await printRows([], ['name'], 'table', io);
  await printRows([], ['name'], 'logfmt', io);
  await printRows([], ['name'], 'json', io);
  expect(io.out()).toBe('NAME\n[]\n');
});

test('json keeps types and cannot steer the terminal', async () => {
  const io = memoryIo();
  await printRows(ROWS, COLUMNS, 'json', io);
  expect(JSON.parse(io.out())).toEqual(ROWS);
  expect(io.out()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

test('logfmt has a line for each', async () => {
  const io = memoryIo();
  await printRows(ROWS, COLUMNS, 'logfmt', io);
  expect(io.out()).toBe(
    'name=default ttl=0 indexed_fields="level,host name" more=true\n' +
      'name="b\\u001b[2J\\u009b" ttl=86400 indexed_fields=""\n',
  );
});

test('one thing in each form', async () => {
  const io = memoryIo();
  for (const format of ['table', 'json', 'logfmt'] as const) await printObject({ a: ['x', 'y'] }, format, io);
  expect(io.out()).toBe('KEY  VALUE\na    x, y\n{\n  "a": [\n    "x",\n    "y"\n  ]\n}\na=x,y\n');
});

test.each<[string, Parameters<typeof memoryIo>[0], boolean]>([
  ['a terminal', { terminal: true }, true],
  ['a file', {}, false],
  ['a terminal of somebody who wants none', { terminal: true, env: { NO_COLOR: '1' } }, false],
  ['a terminal that has none', { terminal: true, env: { TERM: 'dumb' } }, false],
])('colours on %s: %#', (_where, given, expected) => {
  const io = memoryIo(given);
  expect(painterFor(io.stdout, io)('bold', 'x') === '\u001b[1mx\u001b[22m').toBe(expected);
});
