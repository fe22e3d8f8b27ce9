import { ExprMap } from '../value/expr-map';
import type { Compiled, Run } from './compiled';
import { notOfType } from './logic';

/** `{key: value}`; a computed key must be text. Of equal keys the first one counts. */
export function compileMap(pairs: readonly { readonly key: Compiled; readonly value: Compiled }[], at: number): Run {
  return (frame) => {
    frame.chargeElements(pairs.length, at);
    const entries = pairs.map(({ key, value }) => ({ name: key.run(frame), value: value.run(frame) }));
    const wrong = entries.findLast(({ name }) => typeof name !== 'string');
    if (wrong !== undefined) throw notOfType('map_key', wrong.name, 'string', at);
    const map = new ExprMap();
    for (const { name, value } of entries) if (!map.has(name)) map.set(name, value);
    return map;
  };
}
