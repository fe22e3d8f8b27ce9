import { RecordBatch } from '../../record';
import { JournalBatch } from '../logs/journal-codec';

/**
 * The records of an encoded batch.
 * @throws StorageError `UNSUPPORTED_FORMAT`, `CORRUPT_DATA`
 */
export function decodeEntry(bytes: Uint8Array): RecordBatch {
  const encoded = new JournalBatch(bytes);
  const batch = new RecordBatch();
  for (const timestamp of encoded.timestamps) batch.addRow(timestamp);
  for (const name of encoded.names) {
    const source = encoded.column(name);
    if (source === undefined) continue;
    const target = batch.columnIndex(name);
    for (let row = 0; row < encoded.length; row++) {
      const value = source.value(row);
      if (value !== undefined) batch.setValue(row, target, value);
    }
  }
  return batch;
}
