import fc from 'fast-check';
import { RecordBatch } from '../record';
import { readRow, writeRow } from './row-fields';
import { RowLookup } from './row-lookup';
import { selectRows } from './select-rows';
import { batchOf } from './testing/flows';

const rows = fc.array(
  fc.dictionary(fc.constantFrom('a', 'b', '1', '__proto__', 'constructor', 'toString'), fc.string({ maxLength: 2 })),
  { minLength: 1, maxLength: 8 },
);
const plain = (fields: Readonly<Record<string, string>>) => Object.entries(fields).sort();

describe('rows of a batch', () => {
  test('read and written one by one are those of the batch', () => {
    fc.assert(
      fc.property(rows, (records) => {
        const batch = batchOf(...records);
        const copy = new RecordBatch();
        for (let row = 0; row < batch.length; row++) {
          const fields = readRow(batch, row);
          expect(plain(fields)).toEqual(plain(batch.fields(row)));
          writeRow(copy, batch.timestamps[row]!, fields);
        }
        expect(Array.from(copy.records(), ({ fields }) => plain(fields))).toEqual(
          Array.from(batch.records(), ({ fields }) => plain(fields)),
        );
        expect(copy.timestamps).toEqual(batch.timestamps);
      }),
    );
  });

  test('are looked up without mixing them up, whatever is asked and in whatever order', () => {
    const names = Array.from({ length: 12 }, (_, i) => `f${i}`);
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom(...names), fc.constantFrom('x', 'y', '')), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...names, 'absent', '__proto__')), { maxLength: 60 }),
        (records, questions) => {
          const lookup = new RowLookup();
          for (const batch of [batchOf(...records), batchOf(...records.slice().reverse())]) {
            lookup.use(batch);
            for (const [at, name] of questions) {
              lookup.row = at % batch.length;
              expect(lookup.get(name)).toBe(batch.field(lookup.row, name));
              expect(lookup.names().sort()).toEqual(Object.keys(batch.fields(lookup.row)).sort());
            }
          }
          lookup.use(undefined);
          expect(lookup.get('f0')).toBeUndefined();
          expect(lookup.names()).toEqual([]);
        },
      ),
    );
  });

  test('are selected as they are, with the fields that they have', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(7)), (records, wanted) => {
        const batch = batchOf(...records);
        const chosen = [...new Set(wanted)].filter((row) => row < batch.length).sort();
        const selected = selectRows(batch, chosen);
        expect(Array.from(selected.records(), ({ fields }) => plain(fields))).toEqual(
          chosen.map((row) => plain(batch.fields(row))),
        );
        expect(selected.timestamps).toEqual(chosen);
        expect([...selected.names].sort()).toEqual(
          [...new Set(chosen.flatMap((row) => Object.keys(batch.fields(row))))].sort(),
        );
      }),
    );
  });
});
