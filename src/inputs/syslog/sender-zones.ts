import type { BlockList } from 'node:net';
import { isInList, networkList } from './network-list';

/** The time zones of senders whose time stamps name none: one for all, others for some networks. */
export class SenderZones {
  readonly #default: string;
  readonly #networks: readonly { readonly list: BlockList; readonly timezone: string }[];

  /** @param networks the first that holds an address decides */
  constructor(
    defaultTimezone: string,
    networks: readonly { readonly network: string; readonly timezone: string }[] = [],
  ) {
    this.#default = defaultTimezone;
    this.#networks = networks.map(({ network, timezone }) => ({ list: networkList([network]), timezone }));
  }

  /** @param address without port */
  zoneOf(address: string): string {
    for (const { list, timezone } of this.#networks) {
      if (isInList(list, address)) return timezone;
    }
    return this.#default;
  }
}
