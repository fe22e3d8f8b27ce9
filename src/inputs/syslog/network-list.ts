import { BlockList, isIP } from 'node:net';

/**
 * IP addresses and CIDR blocks as a list that addresses can be checked against.
 *
 * @throws RangeError for what is neither
 */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address);
    if (family === 0) throw new RangeError(`${JSON.stringify(network)} is neither an IP address nor a CIDR block`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(bits), type);
  }
  return list;
}

/** Whether an address (IPv4-mapped ones written as IPv4) is in a list. */
export function isInList(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
