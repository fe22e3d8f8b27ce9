import { RecordBatch, type RecordFields } from '../../record';
import { errorText } from '../errors';
import type { NodeKind } from '../node-kind';
import { readRow, writeRow } from '../row-fields';
import { checkReference } from './check-reference';

/** Runs the transformer `data.transformer` on each record, which becomes none, one or many; all keep its time of arrival. */
export const transformNode: NodeKind = {
  type: 'transform',
  terminal: false,
  check(data, scope, report) {
    const name = data.transformer;
    checkReference('transformer', name, () => true, report);
    if (!name) return;
    try {
      if (scope.transformer(name) === undefined) report('transformer', `no transformer is called "${name}"`);
    } catch (error) {
      report('transformer', `the transformer "${name}" does not compile: ${errorText(error)}`);
    }
  },
  compile(data, scope) {
    const transformer = scope.transformer(data.transformer ?? '');
    if (transformer === undefined) throw new TypeError(`unchecked transformer ${data.transformer}`);
    return (batch, effects, node) => {
      const output = new RecordBatch();
      let aborted = 0;
      let withoutOutput = 0;
      for (let row = 0; row < batch.length; row++) {
        let records: RecordFields[];
        try {
          records = transformer.run(readRow(batch, row));
        } catch (error) {
          if (isAbort(error)) aborted++;
          else effects.fail(node, batch, row, error);
          continue;
        }
        const count = records.length;
        if (count === 0) withoutOutput++;
        else if (count > 1 && !effects.mayExpand(count - 1)) effects.fail(node, batch, row, TOO_MANY_RECORDS);
        else addRecords(output, batch.timestamps[row] as number, records);
      }
      if (aborted > 0) effects.drop(node, 'aborted', aborted);
      if (withoutOutput > 0) effects.drop(node, 'no_output', withoutOutput);
      return output.length === 0 ? undefined : output;
    };
  },
};

const TOO_MANY_RECORDS = new Error('the transformers make too many records out of one batch');

function addRecords(output: RecordBatch, timestamp: number, records: readonly RecordFields[]): void {
  for (let i = 0; i < records.length; i++) writeRow(output, timestamp, records[i] as RecordFields);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'VrlAbort';
}
