import { EQUALS } from './ascii';
import type { MessageSource } from './message-source';

/** Names kept before the cache starts afresh: far more than real senders use, small enough for hostile ones. */
const MAX_NAMES = 4096;

/** The name of one parameter and the field it becomes. */
export interface ParameterName {
  readonly bytes: Uint8Array;
  /** `sd.<id>.<name>` */
  readonly field: string;
}

/** An SD-ID with the parameter names seen in it. */
export interface ElementNames {
  readonly idBytes: Uint8Array;
  readonly id: string;
  readonly names: Map<string, ParameterName>;
  /** The names in the order in which the last element with this id had them. */
  readonly order: ParameterName[];
}

/**
 * The field names of structured data. A sender repeats the same elements with the same parameters in the same order, so
 * the name at hand is compared with the one that stood there last time before it is looked up.
 */
export class ParameterNames {
  #elements = new Map<string, ElementNames>();
  #order: ElementNames[] = [];
  #count = 0;

  /** The element whose id is the bytes from `from` to `to`. @param index its position in the structured data */
  element(source: MessageSource, index: number, from: number, to: number): ElementNames {
    const expected = this.#order[index];
    if (expected !== undefined && expected.idBytes.length === to - from && startsWith(source, from, expected.idBytes)) {
      return expected;
    }
    // Decoded afresh: a substring would keep the whole chunk in memory for as long as the name is known.
    const id = source.bytes.toString('utf8', from, to);
    let element = this.#elements.get(id);
    if (element === undefined) {
      this.#makeRoom();
      element = { idBytes: Uint8Array.from(source.bytes.subarray(from, to)), id, names: new Map(), order: [] };
      this.#elements.set(id, element);
    }
    if (index <= this.#order.length) this.#order[index] = element;
    return element;
  }

  /** The name that stood at `index` last time, when it stands at `position` again and `=` follows; else undefined. */
  expected(source: MessageSource, element: ElementNames, index: number, position: number): ParameterName | undefined {
    const name = element.order[index];
    if (name === undefined || position + name.bytes.length >= source.end) return undefined;
    if (!startsWith(source, position, name.bytes)) return undefined;
    return source.bytes[position + name.bytes.length] === EQUALS ? name : undefined;
  }

  /** The name that is the bytes from `from` to `to`. @param index its position in the element */
  name(source: MessageSource, element: ElementNames, index: number, from: number, to: number): ParameterName {
    const text = source.bytes.toString('utf8', from, to);
    let name = element.names.get(text);
    if (name === undefined) {
      this.#makeRoom();
      name = {
        bytes: Uint8Array.from(source.bytes.subarray(from, to)),
        field: asPropertyName(`sd.${element.id}.${text}`),
      };
      element.names.set(text, name);
    }
    if (index <= element.order.length) element.order[index] = name;
    return name;
  }

  #makeRoom(): void {
    if (++this.#count <= MAX_NAMES) return;
    this.#elements = new Map();
    this.#order = [];
    this.#count = 1;
  }
}

function startsWith(source: MessageSource, position: number, expected: Uint8Array): boolean {
  const bytes = source.bytes;
  for (let i = 0; i < expected.length; i++) {
    if (bytes[position + i] !== expected[i]) return false;
  }
  return true;
}

/** The string as V8 keeps names of properties: setting a property or looking up a map with it needs no search for it first. */
function asPropertyName(name: string): string {
  const holder = Object.create(null) as Record<string, undefined>;
  holder[name] = undefined;
  return Object.keys(holder)[0] as string;
}
