import {
  ANY,
  arrayOf,
  BOOLEAN,
  contains,
  INTEGER,
  JSON_KIND,
  NEVER,
  NULL,
  OBJECT,
  objectOfKind,
  restrict,
  shapeOf,
  STRING,
  UNDEFINED,
  union,
  without,
  type Kind,
} from './kind';
import { kindText } from './kind-text';
import { firstBadSegment, kindAt, kindWith, kindWithout } from './path-kinds';
import { KindBit } from '../value/value';

function same(a: Kind, b: Kind): boolean {
  return contains(a, b) && contains(b, a);
}

describe('union and containment', () => {
  const kinds = [NEVER, STRING, union(STRING, NULL), arrayOf(STRING), shapeOf({ a: INTEGER }), JSON_KIND, ANY];
  test('a union contains its parts', () => {
    for (const a of kinds) {
      for (const b of kinds) {
        expect(contains(union(a, b), a) && contains(union(a, b), b)).toBe(true);
        expect(same(union(a, b), union(b, a))).toBe(true);
      }
    }
  });
  test.each<[Kind, Kind, boolean]>([
    [JSON_KIND, shapeOf({ a: arrayOf(INTEGER) }), true],
    [JSON_KIND, OBJECT, false],
    [OBJECT, JSON_KIND, false],
    [ANY, UNDEFINED, true],
    [shapeOf({ a: INTEGER }), shapeOf({}), false],
    [shapeOf({ a: union(INTEGER, UNDEFINED) }), shapeOf({}), true],
    [objectOfKind(INTEGER), shapeOf({ a: INTEGER }), true],
    [objectOfKind(INTEGER), shapeOf({ a: STRING }), false],
  ])('%#', (outer, inner, expected) => expect(contains(outer, inner)).toBe(expected));
  test('a member that only one of two objects has may be absent', () => {
    const kind = union(shapeOf({ a: INTEGER }), shapeOf({ b: STRING }));
    expect(same(kindAt(kind, ['a']), union(INTEGER, UNDEFINED))).toBe(true);
  });
  test('kinds that double stay small', () => {
    let kind: Kind = INTEGER;
    for (let i = 0; i < 100; i++)
      kind = union(
        arrayOf(
          NEVER,
          new Map([
            [0, kind],
            [1, kind],
          ]),
        ),
        kind,
      );
    expect(kind.weight).toBeLessThan(5000);
  });
  test('parts', () => {
    expect(restrict(union(STRING, OBJECT), KindBit.string)).toEqual(STRING);
    expect(without(union(STRING, NULL), KindBit.null)).toEqual(STRING);
  });
});

describe('paths', () => {
  const event = shapeOf({
    a: shapeOf({ b: INTEGER }),
    list: arrayOf(
      NEVER,
      new Map([
        [0, STRING],
        [1, BOOLEAN],
      ]),
    ),
  });
  test.each<[(string | number)[], Kind]>([
    [['a', 'b'], INTEGER],
    [['a', 'x'], UNDEFINED],
    [['list', 1], BOOLEAN],
    [['list', -1], BOOLEAN],
    [['list', -3], UNDEFINED],
    [['a', 'b', 'c'], UNDEFINED],
    [[], event],
  ])('reading %j', (path, expected) => expect(same(kindAt(event, path), expected)).toBe(true));
  test('reading what may be of another kind may give nothing', () => {
    expect(same(kindAt(union(event, STRING), ['a', 'b']), union(INTEGER, UNDEFINED))).toBe(true);
    expect(same(kindAt(arrayOf(STRING), [-1]), union(STRING, UNDEFINED))).toBe(true);
  });
  test('writing', () => {
    expect(same(kindAt(kindWith(OBJECT, ['x', 'y'], STRING), ['x', 'y']), STRING)).toBe(true);
    expect(same(kindWith(shapeOf({}), ['x'], union(STRING, UNDEFINED)), shapeOf({ x: union(STRING, NULL) }))).toBe(
      true,
    );
    expect(same(kindWith(event, ['x'], NEVER), event)).toBe(true);
    expect(same(kindAt(kindWith(event, ['list', 3], INTEGER), ['list', 2]), NULL)).toBe(true);
    expect(same(kindAt(kindWith(event, ['list', -3], INTEGER), ['list', 1]), STRING)).toBe(true);
  });
  test('the parents that are in the way', () => {
    expect(firstBadSegment(event, ['a', 'b', 'c'])).toBe(2);
    expect(firstBadSegment(event, ['a', 'c'])).toBeUndefined();
    expect(firstBadSegment(event, ['list', 'x'])).toBe(1);
    expect(firstBadSegment(ANY, ['x', 0, 'y'])).toBeUndefined();
  });
  test('taking away', () => {
    const emptied = kindWith(event, ['a'], shapeOf({}));
    expect(same(kindWithout(event, ['a', 'b'], 'no'), emptied)).toBe(true);
    expect(same(kindAt(kindWithout(event, ['a', 'b'], 'yes'), ['a']), UNDEFINED)).toBe(true);
    expect(same(kindAt(kindWithout(event, ['a', 'b'], 'maybe'), ['a']), union(shapeOf({}), UNDEFINED))).toBe(true);
    expect(same(kindWithout(event, ['a', 'x'], 'maybe'), event)).toBe(true);
    expect(same(kindAt(kindWithout(event, ['list', 0], 'no'), ['list', 0]), BOOLEAN)).toBe(true);
    expect(same(kindWithout(OBJECT, ['a'], 'no'), OBJECT)).toBe(true);
    expect(same(kindWithout(union(event, STRING), [], 'no'), union(shapeOf({}), NULL))).toBe(true);
  });
});

test('names of kinds', () => {
  expect(
    [NEVER, ANY, STRING, union(NULL, STRING), union(union(INTEGER, STRING), OBJECT)].map((kind) => kindText(kind)),
  ).toEqual(['never', 'any', 'string', 'string or null', 'string, integer or object']);
});
