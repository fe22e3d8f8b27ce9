import { fail } from '../failure';
import { JSON_KIND } from '../types/kind';
import { CborError, readCbor } from './cbor/read-cbor';
import { define, type FunctionDefinition } from './definition';
import { bytes } from './parameters';

const parseCbor = define({
  name: 'parse_cbor',
  params: [bytes('value')],
  returns: JSON_KIND,
  fallible: true,
  fresh: true,
  run: (value) => {
    try {
      return readCbor(value);
    } catch (error) {
      throw error instanceof CborError ? fail(`unable to parse cbor: ${error.message}`) : error;
    }
  },
});

export const functions: readonly FunctionDefinition[] = [parseCbor];
