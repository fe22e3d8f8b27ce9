import { fail } from '../failure';
import { OBJECT, STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { define, type FunctionDefinition } from './definition';
import { any, boolean, bytes, text, withDefault } from './parameters';
import { decodeMessage } from './proto/decode-message';
import { encodeMessage } from './proto/encode-message';
import { messageTypeOf } from './proto/message-type';

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
    const type = messageTypeOf(call);
    return (value, _file, _type, lossyStrings) => stringFromBytes(encodeMessage(type, value, { lossyStrings }));
  },
});

export const functions: readonly FunctionDefinition[] = [parseProto, encodeProto];
