import { ExprRuntimeError } from '../errors';
import { ExprMap } from '../value/expr-map';
import { kindOf } from '../value/kind-of';
import type { Compiled, Run } from './compiled';

/** `{key: value}`; a computed key must be text. */
export function compileMap(pairs: readonly { readonly key: Compiled; readonly value: Compiled }[], at: number): Run {
  return (frame) => {
    frame.chargeElements(pairs.length, at);
    const map = new ExprMap();
    for (const { key, value } of pairs) {
      const name = key.run(frame);
      if (typeof name !== 'string') {
        throw new ExprRuntimeError('map_key', `a map key must be a string, got ${kindOf(name)}`, key.at);
      }
      map.set(name, value.run(frame));
    }
    return map;
  };
}
