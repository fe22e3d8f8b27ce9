/** Column of a node that no value was set for yet. */
export const UNRESOLVED = -2;

/**
 * A place in nested values: the field name of an attribute, of the body or of something inside them. Records of one
 * request repeat the same structure, so names are put together once a request and found again key by key.
 */
export class FieldNode {
  /** The field's name, the path to this place joined by dots. */
  readonly name: string;
  column = UNRESOLVED;
  #members: Map<string, FieldNode> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  member(key: string): FieldNode | undefined {
    return this.#members?.get(key);
  }

  addMember(key: string, node: FieldNode): void {
    this.#members ??= new Map();
    this.#members.set(key, node);
  }
}
