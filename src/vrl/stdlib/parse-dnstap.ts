import { fail } from '../failure';
import { OBJECT } from '../types/kind';
import { decodeBase64 } from './codec/base64';
import { define, type FunctionDefinition } from './definition';
import type * as DescribeFrame from './dnstap/describe-frame';
import { boolean, text, withDefault } from './parameters';

const encoder = new TextEncoder();

const parseDnstap = define({
  name: 'parse_dnstap',
  params: [text('value'), withDefault(boolean('lowercase_hostnames'), false)],
  returns: OBJECT,
  fallible: true,
  fresh: true,
  prepare: () => {
    // Few programs need the protobuf library, which takes its time to load.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { describeFrame } = require('./dnstap/describe-frame') as typeof DescribeFrame;
    return (value, lowercase) => {
      const frame = decodeBase64(encoder.encode(value));
      if (frame === undefined) throw fail(`${value} is not a valid base64 encoded string`);
      try {
        return describeFrame(frame, lowercase);
      } catch (error) {
        throw fail(`dnstap parsing failed for ${value}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
  },
});

export const functions: readonly FunctionDefinition[] = [parseDnstap];
