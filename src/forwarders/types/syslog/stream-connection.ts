import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { TemporaryFailure } from '../../destination';
import type { DestinationContext } from '../../forwarder-type';
import type { HostPort } from '../shared/address';
import { errorText } from '../shared/describe';
import { connectionFailure } from '../shared/http-client';
import { tlsOptions, type TlsSettings } from '../shared/tls-settings';

/** Milliseconds of silence after which the kernel asks the peer whether it is still there. */
const KEEP_ALIVE_MS = 60_000;

/** Longest time that a receiver takes to say no to our certificate, in milliseconds: a round trip, far away. */
const VERDICT_MS = 500;

/**
 * A kept connection over TCP or TLS that is made anew when it is gone.
 *
 * Syslog has no acknowledgement: what the kernel took counts as sent. A connection that the peer has ended takes bytes and
 * loses them, so its end is looked for before and behind every write.
 */
export class StreamConnection {
  readonly #address: HostPort;
  readonly #tls: TlsSettings | undefined;
  readonly #context: DestinationContext;
  #socket: Socket | undefined;
  #connecting: Promise<Socket> | undefined;
  /** Why the last connection is gone. */
  #gone: Error | undefined;

  /** @param tls undefined for plain TCP */
  constructor(address: HostPort, tls: TlsSettings | undefined, context: DestinationContext) {
    this.#address = address;
    this.#tls = tls;
    this.#context = context;
  }

  /**
   * Writes chunks in their order, connecting first where needed.
   *
   * @returns number of chunks that the kernel took; fewer than all only when the time was up on a connection that is alive
   * @throws TemporaryFailure when the connection could not be made, or was lost: then any chunk may be lost
   */
  async write(chunks: readonly Buffer[], signal: AbortSignal): Promise<number> {
    // A turn of the event loop, so that an end that has already arrived is seen.
    if (this.#socket !== undefined) await nextTurn();
    const socket = this.#socket ?? (await this.#connected(signal));
    let taken = 0;
    try {
      for (const chunk of chunks) {
        await written(socket, chunk, signal);
        taken++;
      }
      await nextTurn();
    } catch (error) {
      if (signal.aborted && this.#socket === socket) {
        // The kernel goes on sending what it took; the chunk that was cut is sent again as a whole.
        this.#forget(socket, undefined);
        socket.destroy();
        if (taken > 0) return taken;
      }
      throw connectionFailure(this.#gone ?? error, signal);
    }
    if (this.#socket !== socket) throw this.#lost();
    return taken;
  }

  async close(): Promise<void> {
    const socket = this.#socket ?? (await this.#connecting?.catch(() => undefined));
    if (socket === undefined || socket.destroyed) return;
    this.#forget(socket, undefined);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), this.#context.timeoutMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end();
      socket.resume();
    });
  }

  #lost(): TemporaryFailure {
    const reason = this.#gone === undefined ? 'the peer ended the connection' : errorText(this.#gone);
    return new TemporaryFailure(`connection lost: ${reason}`);
  }

  /** One attempt for all that wait. */
  async #connected(signal: AbortSignal): Promise<Socket> {
    this.#connecting ??= this.#connect(signal).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  #connect(signal: AbortSignal): Promise<Socket> {
    const { host, port } = this.#address;
    const { lookup, timeoutMs } = this.#context;
    this.#context.checkHost(host);
    this.#gone = undefined;
    return new Promise((resolve, reject) => {
      const secure = this.#tls !== undefined;
      const socket = secure
        ? connectTls({
            host,
            port,
            lookup,
            ...(isIP(host) === 0 && { servername: host }),
            ...tlsOptions(this.#tls),
          })
        : connectTcp({ host, port, lookup });
      const abort = (): void => void socket.destroy(new Error('no connection in time'));
      const timer = setTimeout(abort, timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      socket.on('error', (error) => this.#forget(socket, error));
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        onceAccepted(socket, Math.min(VERDICT_MS, timeoutMs / 2), () => {
          settle();
          this.#socket = socket;
          resolve(socket);
        });
      });
      socket.once('close', () => {
        settle();
        this.#forget(socket, undefined);
        reject(connectionFailure(this.#gone ?? new Error('the peer ended the connection'), signal));
      });
      // Receivers say nothing; what comes all the same must not fill memory, and only a stream that flows tells its end.
      socket.resume();
      socket.once('end', () => this.#forget(socket, undefined));
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      if (signal.aborted) abort();
    });
  }

  #forget(socket: Socket, error: Error | undefined): void {
    if (this.#socket === socket) this.#socket = undefined;
    this.#gone = error ?? this.#gone;
  }
}

/**
 * Calls back once the peer takes what is sent. With TLS 1.3 the client is done before the server has looked at its certificate, or missed
 * one: what is written until then may be lost. A session ticket comes only when the server is content (RFC 8446, section 4.6.1); one
 * that sends none has some time to say no.
 */
function onceAccepted(socket: Socket | TLSSocket, verdictMs: number, accepted: () => void): void {
  if (!('getProtocol' in socket) || socket.getProtocol() !== 'TLSv1.3') return accepted();
  let isDecided = false;
  const decide = (): void => {
    clearTimeout(timer);
    if (isDecided || socket.destroyed) return;
    isDecided = true;
    accepted();
  };
  const timer = setTimeout(decide, verdictMs);
  // It is told of while OpenSSL reads: what is written in the same turn would stay there.
  socket.once('session', () => setImmediate(decide));
  socket.once('close', () => clearTimeout(timer));
}

/** Resolves when the kernel has taken the bytes. */
function written(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new Error('no time left'));
      return;
    }
    const abort = (): void => reject(new Error('no time left'));
    signal.addEventListener('abort', abort, { once: true });
    socket.write(bytes, (error) => {
      signal.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve();
    });
  });
}
