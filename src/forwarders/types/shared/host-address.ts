import { isIP } from 'node:net';
import type { DestinationContext } from '../../forwarder-type';

/**
 * The address to connect to, for libraries that take but one or would look names up past the destination policy. A host may have
 * several of which some lead nowhere: after a failure it is the next one's turn.
 */
export class HostAddress {
  readonly #host: string;
  readonly #context: DestinationContext;
  #turn = 0;

  /** @param host a name or an IP address without brackets */
  constructor(host: string, context: DestinationContext) {
    this.#host = host;
    this.#context = context;
  }

  /**
   * Looks the host up anew: it may have moved.
   * @throws PermanentFailure when the destination policy forbids it; whatever the lookup fails with
   */
  async resolve(): Promise<string> {
    this.#context.checkHost(this.#host);
    if (isIP(this.#host) !== 0) return this.#host;
    const addresses = await this.#lookup();
    return addresses[this.#turn % addresses.length] ?? '';
  }

  /** Says that the last address was no good. */
  failed(): void {
    this.#turn++;
  }

  #lookup(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#context.lookup(this.#host, { all: true }, (error, found) => {
        if (error) reject(error);
        else resolve(typeof found === 'string' ? [found] : found.map(({ address }) => address));
      });
    });
  }
}
