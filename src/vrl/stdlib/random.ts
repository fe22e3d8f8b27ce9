import { fail } from '../failure';
import { BOOLEAN, FLOAT, INTEGER, STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { normalizeInteger } from '../value/integer';
import { VrlFloat, type VrlInteger } from '../value/value';
import { now } from './clock/now';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { count, float, integer, optional, text, timestamp } from './parameters';
import { randomBelow, randomBytes as bytesOfLength, randomFraction } from './random/entropy';
import { uuidFromBase62, uuidV4, uuidV7 } from './random/uuid';

const randomBool = define({
  name: 'random_bool',
  params: [],
  returns: BOOLEAN,
  fallible: false,
  run: () => randomFraction() < 0.5,
});

/** Most bytes of one call: 64 KiB. */
const MAX_RANDOM_BYTES = 65_536;

function lengthProblem(length: number): string | undefined {
  if (length < 0) return 'Length cannot be negative';
  return length > MAX_RANDOM_BYTES ? 'Length is too large. Maximum is 64k' : undefined;
}

const randomBytes = define({
  name: 'random_bytes',
  params: [count('length')],
  returns: STRING,
  fallible: (call) => call.constant('length') === undefined,
  prepare: (call) => {
    const constant = call.constant('length') as VrlInteger | undefined;
    const refused = constant === undefined ? undefined : lengthProblem(Number(constant));
    if (refused !== undefined) throw call.invalid('length', refused);
    return (length) => {
      const problem = lengthProblem(length);
      if (problem !== undefined) throw fail(problem);
      return stringFromBytes(bytesOfLength(length));
    };
  },
});

const EMPTY_RANGE = 'max must be greater than min';

function floatRangeProblem(min: number, max: number): string | undefined {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return 'min and max must be finite';
  if (max <= min) return EMPTY_RANGE;
  return Number.isFinite(max - min) ? undefined : 'range max - min overflows';
}

/** Are both bounds constants? Then they are checked when the program is compiled, and the call cannot fail. */
function boundsAreConstant(call: CallSite): boolean {
  return call.constant('min') !== undefined && call.constant('max') !== undefined;
}

const randomFloat = define({
  name: 'random_float',
  params: [float('min'), float('max')],
  returns: FLOAT,
  fallible: (call) => !boundsAreConstant(call),
  prepare: (call) => {
    const [min, max] = [call.constant('min'), call.constant('max')];
    if (min instanceof VrlFloat && max instanceof VrlFloat) {
      const problem = floatRangeProblem(min.value, max.value);
      if (problem !== undefined) throw call.invalid('max', problem);
    }
    return (low, high) => {
      const problem = floatRangeProblem(low, high);
      if (problem !== undefined) throw fail(problem);
      const number = low + randomFraction() * (high - low);
      // Rounding may reach the upper bound, which is not included.
      return new VrlFloat(number < high ? number : low);
    };
  },
});

const randomInt = define({
  name: 'random_int',
  params: [integer('min'), integer('max')],
  returns: INTEGER,
  fallible: (call) => !boundsAreConstant(call),
  prepare: (call) => {
    const [min, max] = [call.constant('min'), call.constant('max')] as (VrlInteger | undefined)[];
    if (min !== undefined && max !== undefined && max <= min) throw call.invalid('max', EMPTY_RANGE);
    return (low, high) => {
      if (high <= low) throw fail(EMPTY_RANGE);
      return normalizeInteger(BigInt(low) + randomBelow(BigInt(high) - BigInt(low)));
    };
  },
});

const uuidV4Text = define({
  name: 'uuid_v4',
  params: [],
  returns: STRING,
  fallible: false,
  run: uuidV4,
});

const uuidV7Text = define({
  name: 'uuid_v7',
  params: [optional(timestamp('timestamp'))],
  returns: STRING,
  fallible: false,
  run: (time) => uuidV7((time ?? now()).epochMs),
});

const uuidFromFriendlyId = define({
  name: 'uuid_from_friendly_id',
  params: [text('value')],
  returns: STRING,
  fallible: true,
  run: (value) => {
    const uuid = uuidFromBase62(value);
    if (typeof uuid !== 'string') return fail(`failed to decode friendly id: ${uuid.problem}`);
    return uuid;
  },
});

export const functions: readonly FunctionDefinition[] = [
  randomBool,
  randomBytes,
  randomFloat,
  randomInt,
  uuidV4Text,
  uuidV7Text,
  uuidFromFriendlyId,
];
