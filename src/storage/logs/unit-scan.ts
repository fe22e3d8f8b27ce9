import type { Knex } from 'knex';
import type { RecordSelection } from '../log-store';
import type { QueryUnit } from './query-unit';
import { MATCH } from './row-filter';
import type { StreamRow } from './rows';
import { readAhead, type Selection } from './selection';

/** What is done with the parts of a stream that hold chosen records. */
export interface UnitVisitor {
  /**
   * All rows of a unit are chosen, and nothing of it is read yet. True when that is all there is to know; otherwise the unit
   * comes to `rows`.
   */
  whole?(unit: QueryUnit): boolean;
  /** Reads what it needs of the unit, then counts the rows marked with 1 (`MATCH`): all of it, or it throws before. */
  rows(unit: QueryUnit, chosen: Uint8Array): Promise<void>;
}

/** Visits the parts of a stream in any order, one after the other, and frees each. Damaged ones are left out. */
export async function scanUnits(
  database: Knex,
  stream: StreamRow,
  query: RecordSelection,
  selection: Selection,
  visitor: UnitVisitor,
): Promise<void> {
  if (!selection.isPossible(stream)) return;
  const from = stream.ttl > 0 ? Math.max(query.from, Date.now() - stream.ttl * 1000) : query.from;
  const units = await selection.units(stream.id, { from, to: query.to });
  while (units.length > 0) {
    selection.checkCancelled();
    await readAhead(database, units);
    const unit = units.pop() as QueryUnit;
    const inside = unit.minTime >= from && unit.maxTime <= query.to;
    if (inside && selection.takesAll && visitor.whole?.(unit) === true) continue;
    await selection.unlessDamaged(async () => {
      let chosen = new Uint8Array(unit.length).fill(1);
      if (!inside) {
        await unit.loadRows();
        leaveRange(unit.timestamps, from, query.to, chosen);
      }
      chosen = await selection.apply(unit, chosen);
      if (chosen.includes(MATCH)) await visitor.rows(unit, chosen);
    });
  }
}

function leaveRange(timestamps: Float64Array, from: number, to: number, chosen: Uint8Array): void {
  for (let row = 0; row < chosen.length; row++) {
    const timestamp = timestamps[row] as number;
    if (timestamp < from || timestamp > to) chosen[row] = 0;
  }
}
