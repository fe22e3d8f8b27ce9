import { ALL_CODE_POINTS, complement, hasCodePoint, intersect, unionSets, type CodePoints } from './code-points';
import type { ClassNode } from './tree';
import { caseEquivalents, closeUnderCase, latin1MembersOf, tableOf } from './unicode';

/** Every code point of the class. */
export function fullSet(node: ClassNode): CodePoints {
  switch (node.type) {
    case 'ranges':
      return node.set;
    case 'property':
      return tableOf(node.body);
    case 'union':
      return unionSets(node.members.map(fullSet));
    case 'intersection':
      return node.members.map(fullSet).reduce(intersect, ALL_CODE_POINTS);
    case 'difference':
      return node.members.map(fullSet).reduce((a, b) => intersect(a, complement(b)));
    case 'symmetric':
      return node.members
        .map(fullSet)
        .reduce((a, b) => unionSets([intersect(a, complement(b)), intersect(b, complement(a))]));
    case 'not':
      return complement(fullSet(node.member));
    case 'fold':
      return closeUnderCase(fullSet(node.member));
  }
}

/** Is one code point in the class? Cheap for code points of Latin-1. */
export function classHas(node: ClassNode, codePoint: number): boolean {
  switch (node.type) {
    case 'ranges':
      return hasCodePoint(node.set, codePoint);
    case 'property':
      return latin1MembersOf(node.body)[codePoint] ?? hasCodePoint(tableOf(node.body), codePoint);
    case 'union':
      return node.members.some((member) => classHas(member, codePoint));
    case 'intersection':
      return node.members.every((member) => classHas(member, codePoint));
    case 'difference':
      return node.members.every((member, i) => classHas(member, codePoint) === (i === 0));
    case 'symmetric':
      return node.members.filter((member) => classHas(member, codePoint)).length % 2 === 1;
    case 'not':
      return !classHas(node.member, codePoint);
    case 'fold':
      return caseEquivalents(codePoint).some((other) => classHas(node.member, other));
  }
}

/** The class among the code points 0 to 255. */
export function latin1Set(node: ClassNode): CodePoints {
  if (node.type === 'ranges') return intersect(node.set, [0, 255]);
  const out: number[] = [];
  for (let c = 0; c < 256; c++) {
    if (!classHas(node, c)) continue;
    if (out.length > 0 && out[out.length - 1] === c - 1) out[out.length - 1] = c;
    else out.push(c, c);
  }
  return out;
}

/** True when the class holds ASCII alone and says so itself, so that Latin-1 and full form are the same. */
export function isPlainAscii(node: ClassNode): boolean {
  return node.type === 'ranges' && (node.set.length === 0 || (node.set[node.set.length - 1] as number) < 128);
}
