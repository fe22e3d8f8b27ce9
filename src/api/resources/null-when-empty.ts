/** The API writes a list of roles or scopes without entries as null: clients that were made for the peer expect it. */
export function nullWhenEmpty<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}
