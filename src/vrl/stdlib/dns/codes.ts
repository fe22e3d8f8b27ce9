import { className, recordTypeName } from './names';

/** `TYPE257` and `CLASS3` (RFC 3597 section 5): any code by its number. */
const BY_NUMBER = /^(?:TYPE|CLASS)([0-9]{1,5})$/;
const MAX_CODE = 65_535;

/** Codes of a table that names them, by name. */
function codesByName(nameOf: (code: number) => string | undefined): Map<string, number> {
  const codes = new Map<string, number>();
  for (let code = 0; code <= MAX_CODE; code++) {
    const name = nameOf(code);
    if (name !== undefined && !BY_NUMBER.test(name)) codes.set(name, code);
  }
  return codes;
}

let types: Map<string, number> | undefined;
let classes: Map<string, number> | undefined;

/**
 * Number of a DNS record type, by its name in any case; undefined when there is none.
 *
 * @example recordTypeCode('mx') // 15
 */
export function recordTypeCode(name: string): number | undefined {
  return codeOf((types ??= codesByName(recordTypeName)), name);
}

/** Number of a DNS class, by its name in any case; undefined when there is none. */
export function classCode(name: string): number | undefined {
  return codeOf((classes ??= codesByName(className)), name);
}

function codeOf(codes: ReadonlyMap<string, number>, name: string): number | undefined {
  const upper = name.toUpperCase();
  const number = Number(BY_NUMBER.exec(upper)?.[1] ?? NaN);
  return codes.get(upper) ?? (number <= MAX_CODE ? number : undefined);
}
