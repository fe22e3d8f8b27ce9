import type { BlockList } from 'node:net';
import { isInList, networkList } from './network-list';

/** Who may send. */
export interface Origins {
  /** Rises with each change, so that listeners know when what they remember of senders is out of date. */
  readonly version: number;
  /** @param address without port; IPv4-mapped IPv6 addresses count as IPv4 */
  allows(address: string): boolean;
  /** Calls back after each change. @returns what ends that */
  onChange(changed: () => void): () => void;
}

/** Which senders may send: IP addresses and CIDR blocks, IPv4 and IPv6. An empty list lets everybody. */
export class OriginFilter implements Origins {
  #lists: readonly BlockList[] = [];
  #version = 0;
  readonly #onChange = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  /**
   * Takes effect at once. A sender must be in each list that is not empty.
   * @throws RangeError for what is neither an address nor a block
   */
  update(...lists: readonly (readonly string[])[]): void {
    this.#lists = lists.filter((list) => list.length > 0).map(networkList);
    this.#version++;
    for (const changed of this.#onChange) changed();
  }

  onChange(changed: () => void): () => void {
    this.#onChange.add(changed);
    return () => this.#onChange.delete(changed);
  }

  allows(address: string): boolean {
    return this.#lists.every((list) => isInList(list, address));
  }

  /** Those of this filter's senders that are in the list of one listener too; follows this filter's changes. */
  narrowedTo(networks: readonly string[]): Origins {
    if (networks.length === 0) return this;
    const list = networkList(networks);
    const allows = (address: string): boolean => isInList(list, address) && this.allows(address);
    const version = (): number => this.#version;
    return {
      get version() {
        return version();
      },
      allows,
      onChange: (changed) => this.onChange(changed),
    };
  }
}
