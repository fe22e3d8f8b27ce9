import type { RegexNode } from './tree';

/** The nodes right inside a node. */
export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.type) {
    case 'group':
    case 'repeat':
      return [node.body];
    case 'sequence':
      return node.parts;
    case 'alternatives':
      return node.options;
    default:
      return [];
  }
}

/** Does the test hold for the node or any below it? */
export function someNode(node: RegexNode, test: (node: RegexNode) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => someNode(child, test));
}

/** Number of nodes when repetitions are written out. */
export function expandedSize(node: RegexNode): number {
  let size = 1;
  for (const child of childrenOf(node)) size += expandedSize(child);
  if (node.type !== 'repeat') return size;
  return size * Math.max(node.max === Infinity ? node.min + 1 : node.max, 1);
}
