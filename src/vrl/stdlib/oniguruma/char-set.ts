import { classHas, fullSet } from '../../regex/class-sets';
import { hasCodePoint, type CodePoints } from '../../regex/code-points';
import type { ClassNode } from '../../regex/tree';

/** A set of characters made for asking. */
export class CharSet {
  /** Membership of the ASCII characters, which need no table of Unicode. */
  readonly ascii = new Uint8Array(128);
  readonly #node: ClassNode;
  #all: CodePoints | undefined;

  constructor(node: ClassNode) {
    this.#node = node;
    for (let c = 0; c < 128; c++) this.ascii[c] = classHas(node, c) ? 1 : 0;
  }

  /** Number of UTF-16 units of the member at a position; 0 when there is none. */
  widthAt(text: string, position: number): number {
    const unit = text.charCodeAt(position);
    if (unit < 128) return this.ascii[unit] as number;
    if (unit !== unit) return 0;
    return this.#widthBeyondAscii(text, position, unit);
  }

  /** Number of UTF-16 units of the member that ends at a position; 0 when there is none. */
  widthBefore(text: string, position: number): number {
    const unit = text.charCodeAt(position - 1);
    if (unit < 128) return this.ascii[unit] as number;
    if (unit !== unit) return 0;
    const start = isLowSurrogate(unit) && position > 1 ? position - 2 : position - 1;
    return this.widthAt(text, start) === position - start ? position - start : 0;
  }

  #widthBeyondAscii(text: string, position: number, unit: number): number {
    this.#all ??= fullSet(this.#node);
    if (unit < 0xd800 || unit > 0xdbff) return hasCodePoint(this.#all, unit) ? 1 : 0;
    return hasCodePoint(this.#all, text.codePointAt(position) as number) ? 2 : 0;
  }
}

/** Is the unit the second half of a pair? Subjects are well-formed, so it always is then. */
export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
