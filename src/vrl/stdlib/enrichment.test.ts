import { codesOf, run } from '../testing/run';
import { fromJs } from '../value/from-js';
import type { VrlObject } from '../value/value';
import { enrichmentFunctions } from './enrichment';

const ROWS = [
  { id: '1', name: 'Ada', since: new Date('2020-01-01') },
  { id: '2', name: 'Bob', since: new Date('2021-01-01') },
  { id: '2', name: '*', since: new Date('2022-01-01') },
].map((row) => fromJs(row) as VrlObject);
const options = { functions: enrichmentFunctions((table) => (table === 'people' ? ROWS : undefined)) };

function value(source: string): unknown {
  const outcome = run(source, {}, options);
  return 'value' in outcome ? JSON.parse(JSON.stringify(outcome.value)) : outcome;
}

test.each([
  ['get_enrichment_table_record!("people", {"id": "1"}, ["name"])', { name: 'Ada' }],
  ['get_enrichment_table_record!("people", {"name": "bob"}, ["id"], false)', { id: '2' }],
  ['find_enrichment_table_records!("people", {"id": "2"}, ["name"])', [{ name: 'Bob' }, { name: '*' }]],
  ['find_enrichment_table_records!("people", {"name": "Eve"}, ["id"], wildcard: "*")', [{ id: '2' }]],
  ['find_enrichment_table_records!("people", {"name": "Eve"})', []],
  [
    `find_enrichment_table_records!("people", {"since": {"from": t'2021-01-01T00:00:00Z', "to": t'2021-06-01T00:00:00Z'}}, ["name"])`,
    [{ name: 'Bob' }],
  ],
  [`find_enrichment_table_records!("people", {"since": {"to": t'2020-06-01T00:00:00Z'}}, ["name"])`, [{ name: 'Ada' }]],
])('%s', (source, expected) => {
  expect(value(source)).toEqual(expected);
});

test('exactly one row is wanted', () => {
  expect(value('get_enrichment_table_record!("people", {"id": "9"})')).toMatchObject({
    error: expect.stringMatching(/no rows found$/),
  });
  expect(value('get_enrichment_table_record!("people", {"id": "2"})')).toMatchObject({
    error: expect.stringMatching(/more than one row found$/),
  });
});

test('the table must be a constant that exists', () => {
  expect(codesOf('get_enrichment_table_record!("people", {})', options)).toEqual([]);
  expect(codesOf('get_enrichment_table_record!("animals", {})', options)).toEqual([610]);
  expect(codesOf('get_enrichment_table_record!(to_string(now()), {})', options)).toEqual([610]);
  expect(codesOf('find_enrichment_table_records!("people", {})')).toEqual([610]);
});
