import { RecordBatch } from '../../record';
import type { Column } from './column';
import { JournalBatch } from './journal-codec';

/**
 * The records of an encoded batch.
 * @throws StorageError `UNSUPPORTED_FORMAT`, `CORRUPT_DATA`
 */
export function decodeBatch(bytes: Uint8Array): RecordBatch {
  const encoded = new JournalBatch(bytes);
  const batch = new RecordBatch();
  for (const timestamp of encoded.timestamps) batch.addRow(timestamp);
  for (const name of encoded.names) {
    const source = encoded.column(name);
    if (source === undefined) continue;
    // The column of a new name is empty.
    const target = batch.columns[batch.columnIndex(name)] as (string | undefined)[];
    decodeColumn(source, encoded.length, target);
  }
  return batch;
}

/** A loop for each kind: values of one shape are read several times as fast. */
function decodeColumn(source: Column, rows: number, target: (string | undefined)[]): void {
  switch (source.kind) {
    case 'constant':
      for (let row = 0; row < rows; row++) target.push(source.constant);
      return;
    case 'dictionary': {
      const { codes, dictionary } = source;
      for (let row = 0; row < rows; row++) {
        const code = codes[row] as number;
        target.push(code === 0 ? undefined : dictionary[code - 1]);
      }
      return;
    }
    case 'plain': {
      const { sizes, text } = source;
      let start = 0;
      for (let row = 0; row < rows; row++) {
        const size = sizes[row] as number;
        target.push(size === 0 ? undefined : text.substring(start, start + size - 1));
        if (size > 0) start += size - 1;
      }
    }
  }
}
