import { emptyObject, KindBit, type VrlObject } from '../value/value';
import { fieldText } from './kind-text';
import { ANY, JSON_KIND, mayBe, UNDEFINED, union, without, type Kind, type Shape } from './kind';

const FLAGS: readonly (readonly [number, string])[] = [
  [KindBit.string, 'bytes'],
  [KindBit.integer, 'integer'],
  [KindBit.float, 'float'],
  [KindBit.boolean, 'boolean'],
  [KindBit.timestamp, 'timestamp'],
  [KindBit.regex, 'regex'],
  [KindBit.null, 'null'],
  [KindBit.undefined, 'undefined'],
];

/**
 * The kind as an object, as `type_def` shows it.
 *
 * @example describeKind(union(INTEGER, NULL)) // { integer: true, null: true }
 */
export function describeKind(kind: Kind): VrlObject {
  const shown = emptyObject();
  const alone = kind.bits === 0 ? 'never' : isWholly(kind, ANY) ? 'any' : isJsonMember(kind) ? 'json' : undefined;
  if (alone !== undefined) {
    shown[alone] = true;
    return shown;
  }
  for (const [bit, name] of FLAGS) if ((kind.bits & bit) !== 0) shown[name] = true;
  if (kind.object !== null) describeShape(shown, 'object', kind.object);
  if (kind.array !== null) describeShape(shown, 'array', kind.array);
  return shown;
}

/** What JSON text can hold, or nothing where the member is absent. */
function isJsonMember(kind: Kind): boolean {
  return (
    isWholly(kind, JSON_KIND) ||
    (mayBe(kind, KindBit.undefined) && isWholly(without(kind, KindBit.undefined), JSON_KIND))
  );
}

function isWholly(kind: Kind, whole: Kind): boolean {
  return kind === whole || (kind.bits === whole.bits && kind.object === whole.object && kind.array === whole.array);
}

function describeShape(shown: VrlObject, name: string, shape: Shape<string> | Shape<number>): void {
  const known = emptyObject();
  for (const [key, member] of shape.known) {
    known[typeof key === 'string' ? fieldText(key) : String(key)] = describeKind(member);
  }
  shown[name] = known;
  if (shape.unknown.bits === 0) return;
  // Any other member may be missing as well, so this is never one kind exactly.
  shown[`${name}_unknown_infinite`] = describeKind(union(shape.unknown, UNDEFINED));
}
