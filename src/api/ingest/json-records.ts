import { RecordBatch } from '../../record';
import { validationError } from '../errors/api-error';
import { formatPath, partMessage } from '../errors/validation-context';
import { parseJson } from '../http/parse-json';
import type { DecodedBody, IngestFormat } from './ingest-format';

// These routes are too hot for the validator that checks all others against openapi.yaml: the same rules and the same
// messages by hand. A test sends the same bad bodies to both.

const JSON_TYPES = ['application/json'];

/** `{"record": {…}}`; null is a record without fields, as clients write it that have none. */
export const RECORD_FORMAT: IngestFormat = {
  mediaTypes: JSON_TYPES,
  typeRequired: false,
  decode(body, _mediaType, _contentType, arrival): DecodedBody {
    const { record } = asObject(parseJson(body), []);
    if (record === undefined) throw invalid(['record'], 'is required');
    const batch = new RecordBatch();
    addRecord(batch, arrival, record ?? {}, () => ['record']);
    return { batch };
  },
};

/** `{"records": [{…}, …]}`. */
export const STRUCT_FORMAT: IngestFormat = {
  mediaTypes: JSON_TYPES,
  typeRequired: false,
  decode(body, _mediaType, _contentType, arrival): DecodedBody {
    const { records } = asObject(parseJson(body), []);
    if (records === undefined) throw invalid(['records'], 'is required');
    if (!Array.isArray(records)) throw invalid(['records'], 'must be array');
    const batch = new RecordBatch();
    let i = 0;
    const path = (): string[] => ['records', String(i)];
    for (; i < records.length; i++) addRecord(batch, arrival, records[i], path);
    return { batch };
  },
};

function addRecord(batch: RecordBatch, arrival: number, value: unknown, path: () => string[]): void {
  const record = asObject(value, path);
  const row = batch.addRow(arrival);
  const names = Object.keys(record);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const field = record[name];
    if (typeof field !== 'string') throw invalid([...path(), name], 'must be string');
    batch.setValue(row, batch.columnIndex(name), field);
  }
}

function asObject(value: unknown, path: string[] | (() => string[])): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw invalid(typeof path === 'function' ? path() : path, 'must be object');
}

function invalid(path: readonly string[], message: string): Error {
  return validationError({ body: [partMessage(formatPath(path), message)] });
}
