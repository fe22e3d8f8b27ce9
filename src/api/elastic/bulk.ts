import { RecordBatch } from '../../record';
import { ApiError, bodyTooLarge, validationError } from '../errors/api-error';
import { parsedObject, readDocument } from './read-document';

const LINE_END = 0x0a;
/** The answer has an item for each: some 10 MB. Senders have some thousands in a request. */
const MAX_BULK_ITEMS = 100_000;

/** One action of a bulk request, in the order of the request. */
export interface BulkItem {
  readonly action: string;
  readonly index: string;
  readonly id: string | undefined;
  /** Why the document cannot be taken, whatever happens to the others. */
  readonly problem: string | undefined;
}

export interface BulkRequest {
  readonly items: readonly BulkItem[];
  /** The documents by index, with the numbers of their items. */
  readonly batches: ReadonlyMap<string, { readonly batch: RecordBatch; readonly items: readonly number[] }>;
}

interface ActionTarget {
  readonly _index?: unknown;
  readonly _id?: unknown;
}

/**
 * Reads the body of a bulk request: in turn a line with an action and, for `index` and `create`, a line with a document.
 * A document that is none makes only its own item fail.
 *
 * @param defaultIndex for actions that name none
 * @param arrival timestamp of all records, milliseconds since the Unix epoch
 * @throws ApiError 400 when the actions cannot be told from the documents, 413
 */
export function readBulk(body: Buffer, defaultIndex: string | undefined, arrival: number): BulkRequest {
  const items: BulkItem[] = [];
  const batches = new Map<string, { batch: RecordBatch; items: number[] }>();
  const lines = nonBlankLines(body);
  for (let line = lines.next(); line.done !== true; line = lines.next()) {
    if (items.length >= MAX_BULK_ITEMS) throw tooMany();
    const { action, target } = readAction(line.value, items.length);
    const index = typeof target._index === 'string' ? target._index : defaultIndex;
    if (index === undefined) throw validationError({ body: [`action ${items.length} names no index`] });
    const id = typeof target._id === 'string' ? target._id : undefined;
    let problem: string | undefined;
    if (action === 'delete') {
      problem = 'records cannot be deleted';
    } else {
      const next = lines.next();
      if (next.done === true) throw validationError({ body: [`action ${items.length} has no document`] });
      const document = action === 'update' ? { problem: 'records cannot be changed' } : readDocument(next.value);
      problem = document.problem;
      if (document.problem === undefined) {
        const group = batches.get(index) ?? { batch: new RecordBatch(), items: [] };
        batches.set(index, group);
        group.batch.addRecord(arrival, document.fields);
        group.items.push(items.length);
      }
    }
    items.push({ action, index, id, problem });
  }
  if (items.length === 0) throw validationError({ body: ['is required'] });
  return { items, batches };
}

function readAction(line: Buffer, number: number): { action: string; target: ActionTarget } {
  const [entry, ...others] = Object.entries(parsedObject(line) ?? {});
  const [action = '', target] = entry ?? [];
  const isKnown = action === 'index' || action === 'create' || action === 'update' || action === 'delete';
  if (!isKnown || others.length > 0 || typeof target !== 'object' || target === null) {
    throw validationError({ body: [`action ${number} must be index or create`] });
  }
  return { action, target };
}

function* nonBlankLines(body: Buffer): Generator<Buffer, undefined> {
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(LINE_END, start);
    const end = found < 0 ? body.length : found;
    const line = body.subarray(start, end);
    start = end + 1;
    if (line.some((byte) => byte > 0x20)) yield line;
  }
  return undefined;
}

function tooMany(): ApiError {
  const { httpStatus } = bodyTooLarge(0);
  return new ApiError('INVALID_ARGUMENT', `a bulk request has at most ${MAX_BULK_ITEMS} actions`, { httpStatus });
}
