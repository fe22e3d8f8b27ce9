import { fieldText } from '../value/shape-text';
import { emptyObject, KindBit, type VrlObject } from '../value/value';
import { ANY, JSON_KIND, UNDEFINED, union, type Kind, type Shape } from './kind';

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
  const alone =
    kind.bits === 0 ? 'never' : isWholly(kind, ANY) ? 'any' : isWholly(kind, JSON_KIND) ? 'json' : undefined;
  if (alone !== undefined) {
    shown[alone] = true;
    return shown;
  }
  for (const [bit, name] of FLAGS) if ((kind.bits & bit) !== 0) shown[name] = true;
  if (kind.object !== null) describeShape(shown, 'object', kind.object);
  if (kind.array !== null) describeShape(shown, 'array', kind.array);
  return shown;
}

function isWholly(kind: Kind, whole: Kind): boolean {
  return kind === whole || (kind.bits === whole.bits && kind.object === whole.object && kind.array === whole.array);
}

function describeShape(shown: VrlObject, name: string, shape: Shape<string> | Shape<number>): void {
  const known = emptyObject();
  for (const [key, member] of shape.known)
    known[typeof key === 'number' ? String(key) : fieldText(key)] = describeKind(member);
  shown[name] = known;
  if (shape.unknown.bits === 0) return;
  // Any other member may be missing as well, so this is never one kind exactly.
  shown[`${name}_unknown_infinite`] = describeKind(union(shape.unknown, UNDEFINED));
}
