import { fail } from '../failure';
import { OBJECT, STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { define, type FunctionDefinition } from './definition';
import { any, boolean, bytes, text, withDefault } from './parameters';
import type * as Codec from './proto/codec';

/** Few programs need the library, which takes its time to load. */
function codec(): typeof Codec {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./proto/codec') as typeof Codec;
}

const parseProto = define({
  name: 'parse_proto',
  params: [
    bytes('value'),
    text('desc_file', { compileTime: 'constant' }),
    text('message_type', { compileTime: 'constant' }),
  ],
  returns: OBJECT,
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const { decodeMessage, messageTypeOf } = codec();
    const type = messageTypeOf(call);
    return (value) => {
      try {
        return decodeMessage(type, value);
      } catch (error) {
        throw fail(`Error parsing protobuf: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
  },
});

const encodeProto = define({
  name: 'encode_proto',
  params: [
    any('value'),
    text('desc_file', { compileTime: 'constant' }),
    text('message_type', { compileTime: 'constant' }),
    withDefault(boolean('allow_lossy_string_coercion'), true),
  ],
  returns: STRING,
  fallible: true,
  prepare: (call) => {
    const { encodeMessage, messageTypeOf } = codec();
    const type = messageTypeOf(call);
    return (value, _file, _type, lossyStrings) => stringFromBytes(encodeMessage(type, value, { lossyStrings }));
  },
});

export const functions: readonly FunctionDefinition[] = [parseProto, encodeProto];
