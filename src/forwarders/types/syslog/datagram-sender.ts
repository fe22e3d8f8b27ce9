import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DestinationContext } from '../../forwarder-type';
import type { HostPort } from '../shared/address';
import { errorText } from '../shared/describe';
import { HostAddress } from '../shared/host-address';
import { connectionFailure } from '../shared/http-client';
import type { OutcomeBuilder } from '../shared/outcome-builder';

/** Largest payload of a UDP datagram over IPv4: 65535 less the headers of IP and UDP. */
export const MAX_DATAGRAM_BYTES = 65_507;
/** Milliseconds that an address counts before its name is looked up again: UDP never tells that a host has moved. */
const ADDRESS_LIFE_MS = 60_000;

interface Peer {
  readonly socket: Socket;
  /** Set once the kernel learnt that nobody takes what is sent. */
  error?: Error;
  readonly until: number;
}

/** Sends messages as UDP datagrams. What is lost on the way nobody learns; what the kernel knows of is a failure. */
export class DatagramSender {
  readonly #port: number;
  readonly #host: HostAddress;
  readonly #context: DestinationContext;
  #peer: Promise<Peer> | undefined;

  constructor({ host, port }: HostPort, context: DestinationContext) {
    this.#port = port;
    this.#host = new HostAddress(host, context);
    this.#context = context;
  }

  /** Sends messages in their order and puts down what was not sent. */
  async send(
    rows: readonly number[],
    messages: ReadonlyMap<number, string>,
    outcome: OutcomeBuilder,
    signal: AbortSignal,
  ): Promise<void> {
    const datagrams: { row: number; bytes: Buffer }[] = [];
    for (const row of rows) {
      const bytes = Buffer.from(messages.get(row) as string);
      if (bytes.length <= MAX_DATAGRAM_BYTES) datagrams.push({ row, bytes });
      else outcome.refuse(row, `${bytes.length} bytes; a UDP datagram holds ${MAX_DATAGRAM_BYTES}`);
    }
    let next = 0;
    try {
      const peer = await this.#connected();
      for (; next < datagrams.length && !signal.aborted; next++) {
        await sent(peer.socket, (datagrams[next] as { bytes: Buffer }).bytes);
        if (peer.error !== undefined) throw peer.error;
      }
      // The refusal of the last datagrams arrives a turn later.
      await nextTurn();
      if (peer.error !== undefined) throw peer.error;
      if (next < datagrams.length) {
        outcome.retryAll(
          datagrams.slice(next).map(({ row }) => row),
          'no time left',
        );
      }
    } catch (error) {
      this.#drop();
      this.#host.failed();
      // Where nobody listens the datagrams before were lost as well.
      outcome.fail(
        datagrams.map(({ row }) => row),
        connectionFailure(error, signal),
      );
    }
  }

  async close(): Promise<void> {
    this.#drop();
  }

  #drop(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.then(
      ({ socket }) => socket.close(),
      () => undefined,
    );
  }

  async #connected(): Promise<Peer> {
    if (this.#peer !== undefined) {
      const peer = await this.#peer;
      if (peer.error === undefined && this.#context.now() < peer.until) return peer;
      this.#drop();
    }
    this.#peer = this.#connect();
    // A failure is met by whoever asks; it must not count as unhandled.
    this.#peer.catch(() => undefined);
    return this.#peer;
  }

  async #connect(): Promise<Peer> {
    const address = await this.#host.resolve();
    const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    const peer: Peer = { socket, until: this.#context.now() + ADDRESS_LIFE_MS };
    try {
      // Connected, so that the kernel reports hosts and ports where nobody is.
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(this.#port, address, () => {
          socket.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('error', (error) => {
      peer.error ??= new Error(errorText(error), { cause: error });
    });
    socket.unref();
    return peer;
  }
}

function sent(socket: Socket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
