import { formatRecordId, parseRecordId } from './record-id';

test.each(['default', 'a:b:c', '', 'entry:x', 'zeile\nzwei', 'ünïcode'])(
  'the id of a record in %j reads back',
  (stream) => {
    for (const sequence of [1, 4711, 2 ** 40]) {
      const id = { timestamp: 1_700_000_000_123, sequence };
      expect(parseRecordId(formatRecordId(stream, id))).toEqual({ stream, ...id });
    }
  },
);

test('an id has the form that clients of the peer know', () => {
  expect(formatRecordId('default', { timestamp: 1_700_000_000_123, sequence: 255 })).toMatch(
    /^entry:default:00000001700000000123:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('ids of one stream sort as text in the order of arrival', () => {
  const ids = [
    { timestamp: 5, sequence: 9 },
    { timestamp: 5, sequence: 10 },
    { timestamp: 40, sequence: 2 },
  ].map((id) => formatRecordId('s', id));
  expect([...ids].sort()).toEqual(ids);
});

test.each(['', 'entry', 'entry:s:1:2', 'entry:s:00000001700000000123:not-a-uuid', '1700000000123'])(
  '%j is no id',
  (text) => {
    expect(parseRecordId(text)).toBeUndefined();
  },
);
