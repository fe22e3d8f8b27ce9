import { fail } from '../failure';
import { PARSED_JSON } from '../types/kind';
import { CborError, readCbor } from './cbor/read-cbor';
import { define, type FunctionDefinition } from './definition';
import { bytes } from './parameters';

const parseCbor = define({
  name: 'parse_cbor',
  params: [bytes('value')],
  returns: PARSED_JSON,
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
