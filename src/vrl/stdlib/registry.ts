import type { FunctionDefinition } from './definition';
import { functions as closures } from './closures';
import { functions as coerce } from './coerce';
import { functions as debug } from './debug';
import { functions as number } from './number';
import { functions as path } from './path';
import { functions as typeAssertions } from './type-assertions';

/** Every family of the standard library; a new family is one file and one line here. */
const FAMILIES: readonly (readonly FunctionDefinition[])[] = [closures, coerce, debug, number, path, typeAssertions];

/** The standard library by function name. */
export const STANDARD_LIBRARY: ReadonlyMap<string, FunctionDefinition> = new Map(
  FAMILIES.flat().map((definition) => [definition.name, definition]),
);
