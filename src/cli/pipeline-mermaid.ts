import { printable } from './printable';

/** Keys of a node's data whose value says best what the node does. */
const LABEL_KEYS = ['transformer', 'condition', 'stream', 'forwarder', 'pipeline', 'name', 'metric', 'type'];

/**
 * A flow as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html).
 *
 * @param flow - as the API has it; what is no node or edge is left out
 * @example
 * flowToMermaid({ nodes: [{ id: 'a', type: 'source', data: { type: 'direct' } }], edges: [] });
 */
export function flowToMermaid(flow: object): string {
  const { nodes, edges } = flow as { readonly nodes?: unknown; readonly edges?: unknown };
  const lines = ['flowchart LR'];
  // Ids of ours: those of the flow may hold anything, Mermaid's own words among it.
  const ids = new Map<string, string>();
  for (const node of objects(nodes)) {
    const id = `n${ids.size + 1}`;
    ids.set(String(node['id']), id);
    lines.push(`  ${id}${shapeOf(String(node['type']), labelOf(node))}`);
  }
  for (const edge of objects(edges)) {
    const source = ids.get(String(edge['source']));
    const target = ids.get(String(edge['target']));
    if (source === undefined || target === undefined) continue;
    const handle = typeof edge['sourceHandle'] === 'string' ? edge['sourceHandle'] : '';
    lines.push(`  ${source} -->${handle === '' ? '' : `|"${escape(handle)}"|`} ${target}`);
  }
  return `${lines.join('\n')}\n`;
}

function objects(value: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Readonly<Record<string, unknown>> => typeof item === 'object' && item !== null);
}

function labelOf(node: Readonly<Record<string, unknown>>): string {
  const type = String(node['type']);
  const data = (node['data'] ?? {}) as Readonly<Record<string, unknown>>;
  const key = LABEL_KEYS.find(
    (name) => Object.hasOwn(data, name) && typeof data[name] === 'string' && data[name] !== '',
  );
  return escape(key === undefined ? type : `${type}: ${String(data[key])}`);
}

function shapeOf(type: string, label: string): string {
  if (type === 'source') return `(["${label}"])`;
  if (type === 'switch') return `{"${label}"}`;
  if (type === 'router') return `[("${label}")]`;
  if (type === 'pipeline') return `[["${label}"]]`;
  return `["${label}"]`;
}

/** Entity codes: what would end a label or is markup. */
function escape(text: string): string {
  return printable(text).replace(/[#"<>&]/g, (character) => `#${character.charCodeAt(0)};`);
}
