import { ExprMap } from '../value/expr-map';
import type { Compiled, Run } from './compiled';
import { notOfType } from './logic';

/** `{key: value}`; a computed key must be text. */
export function compileMap(pairs: readonly { readonly key: Compiled; readonly value: Compiled }[], at: number): Run {
  return (frame) => {
    frame.chargeElements(pairs.length, at);
    const map = new ExprMap();
    for (const { key, value } of pairs) {
      const name = key.run(frame);
      if (typeof name !== 'string') {
        throw notOfType('map_key', name, 'string', at);
      }
      map.set(name, value.run(frame));
    }
    return map;
  };
}
