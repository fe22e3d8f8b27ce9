import { BlockList, isIP } from 'node:net';

/** Which senders may send: IP addresses and CIDR blocks, IPv4 and IPv6. An empty list lets everybody. */
export class OriginFilter {
  #lists: readonly BlockList[] = [];
  /** Rises with each change, so that listeners know when what they remember of senders is out of date. */
  version = 0;

  /**
   * Takes effect at once. A sender must be in each list that is not empty.
   * @throws RangeError for what is neither an address nor a block
   */
  update(...lists: readonly (readonly string[])[]): void {
    this.#lists = lists.filter((list) => list.length > 0).map(readList);
    this.version++;
  }

  /** @param address without port; IPv4-mapped IPv6 addresses count as IPv4 */
  allows(address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return this.#lists.every((list) => list.check(address, family));
  }
}

function readList(origins: readonly string[]): BlockList {
  const list = new BlockList();
  for (const origin of origins) {
    const [address = '', bits] = origin.split('/');
    const family = isIP(address);
    if (family === 0) throw new RangeError(`${JSON.stringify(origin)} is neither an IP address nor a CIDR block`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(bits), type);
  }
  return list;
}
