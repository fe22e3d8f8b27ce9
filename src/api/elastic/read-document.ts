import { flatten } from '../../record';
import { numbersAsText } from './numbers-as-text';

/** What a document becomes: the fields of a record, or the reason why it cannot be one. */
export type ReadDocument =
  { readonly fields: ReturnType<typeof flatten>; readonly problem?: undefined } | { readonly problem: string };

/**
 * Reads a document: names of nested fields are joined by dots, numbers keep the digits that were sent.
 *
 * @example readDocument(Buffer.from('{"a":{"b":1.50}}')) // { fields: { 'a.b': '1.50' } }
 */
export function readDocument(text: Buffer): ReadDocument {
  const document = parsedObject(text);
  if (document === undefined) return { problem: 'the document is not a JSON object' };
  try {
    return { fields: flatten(document) };
  } catch (error) {
    // Values of thousands of levels exhaust the stack. Not the sender's others shall suffer, nor shall it send this one for ever.
    if (error instanceof RangeError) return { problem: 'the document is nested too deeply' };
    throw error;
  }
}

/** @returns undefined when the text is no JSON object */
export function parsedObject(text: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(numbersAsText(text.toString('utf8')));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
