import { createSocket, type BindOptions, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { setThreadPriority } from '../../thread-priority';
import { PACK_BYTES, PackWriter } from './datagram-pack';
import type { FromReceiver, NewSender, ToReceiver, UdpReceiverSettings } from './udp-messages';

/** Before all else, where that is allowed: the kernel's buffer holds datagrams for some hundredths of a second. */
const NICENESS = -10;

/** Packs on their way to the main thread or waiting there: 64 MiB, some seconds at full rate. Above it datagrams are dropped. */
const MAX_PACKS = (64 * 1024 * 1024) / PACK_BYTES;
/** While so many packs are on their way, a pack is sent when it is full; with fewer, at the end of the turn. */
const PACKS_UNDER_WAY = 2;
/** Spare buffers kept for reuse. */
const MAX_SPARE_BUFFERS = 4;
/** Senders that are remembered; above this all are forgotten and met anew. */
const MAX_SENDERS = 10_000;
/** Linux reports twice what was asked for: it counts its own overhead in. */
const LINUX_BUFFER_FACTOR = 2;
/** How often drops are reported while there are new ones, in milliseconds. */
const DROPS_INTERVAL_MS = 500;

/** Turns of the loop without a datagram after which the kernel's buffer was read to its end. */
const QUIET_TURNS = 3;
/** Reading to the end takes no longer than this, in milliseconds, even when senders never stop. */
const MAX_DRAIN_MS = 2_000;
/** A port that no syslog comes from (RFC 863). */
const DISCARD_PORT = 9;

/**
 * The thread that owns a UDP socket. It does nothing but empty the kernel's buffer: however long the main thread is busy,
 * datagrams wait in memory and not where there is little room.
 */
class UdpReceiver {
  readonly #port: MessagePort;
  readonly #socket: Socket;
  /** The service manager holds the socket too, and hands it over again at the next start. */
  readonly #isShared: boolean;
  readonly #senders = new Map<string, number>();
  #newSenders: NewSender[] = [];
  #resetSenders = false;
  #writer: PackWriter | undefined;
  readonly #spare: ArrayBuffer[] = [];
  #underWay = 0;
  #scheduled = false;
  #droppedDatagrams = 0;
  #droppedBytes = 0;
  #reportedDrops = 0;
  #received = 0;

  constructor(port: MessagePort, socket: Socket, isShared: boolean) {
    this.#port = port;
    this.#socket = socket;
    this.#isShared = isShared;
    socket.on('message', (datagram, remote) => this.#receive(datagram, remote));
    socket.on('error', (error) => this.#post({ kind: 'problem', message: error.message }));
    port.on('message', (message: ToReceiver) => {
      if (message.kind === 'stop') void this.#stop();
      else this.#return(message.buffer);
    });
    setInterval(() => this.#reportDrops(), DROPS_INTERVAL_MS).unref();
  }

  #receive(datagram: Buffer, remote: RemoteInfo): void {
    this.#received++;
    // Indexes of one pack must all mean the same list of senders.
    if (this.#senders.size >= MAX_SENDERS && !this.#senders.has(keyOf(remote))) this.#send();
    const writer = this.#writerWithRoom(datagram.length);
    if (writer === undefined) {
      this.#droppedDatagrams++;
      this.#droppedBytes += datagram.length;
      return;
    }
    writer.add(this.#senderOf(remote), Date.now(), datagram);
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        if (this.#underWay < PACKS_UNDER_WAY) this.#send();
      });
    }
  }

  #writerWithRoom(length: number): PackWriter | undefined {
    if (this.#writer !== undefined && !this.#writer.hasRoom(length)) this.#send();
    if (this.#writer === undefined) {
      if (this.#underWay >= MAX_PACKS) return undefined;
      this.#writer = new PackWriter(this.#spare.pop() ?? new ArrayBuffer(PACK_BYTES));
    }
    return this.#writer;
  }

  #senderOf(remote: RemoteInfo): number {
    const { address, port } = remote;
    const key = keyOf(remote);
    const known = this.#senders.get(key);
    if (known !== undefined) return known;
    if (this.#senders.size >= MAX_SENDERS) {
      this.#senders.clear();
      this.#resetSenders = true;
    }
    const index = this.#senders.size;
    this.#senders.set(key, index);
    this.#newSenders.push({ address, port });
    return index;
  }

  #send(): void {
    const writer = this.#writer;
    if (writer === undefined || writer.count === 0) return;
    this.#writer = undefined;
    const pack = writer.finish();
    this.#underWay++;
    this.#post({ kind: 'pack', pack, resetSenders: this.#resetSenders, newSenders: this.#newSenders }, [pack.buffer]);
    this.#resetSenders = false;
    this.#newSenders = [];
  }

  /** A buffer comes back: its datagrams are parsed. */
  #return(buffer: ArrayBuffer): void {
    this.#underWay--;
    if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
    if (this.#underWay < PACKS_UNDER_WAY) this.#send();
  }

  #reportDrops(): void {
    if (this.#droppedDatagrams === this.#reportedDrops) return;
    this.#reportedDrops = this.#droppedDatagrams;
    this.#post({ kind: 'dropped', datagrams: this.#droppedDatagrams, bytes: this.#droppedBytes });
  }

  /** Reads what has arrived to its end, and nothing that comes later; from a shared socket the next process reads on. */
  async #stop(): Promise<void> {
    if (!this.#isShared) await this.#readToTheEnd();
    this.#socket.close();
    this.#send();
    this.#reportDrops();
    this.#post({ kind: 'stopped' });
    this.#port.close();
  }

  async #readToTheEnd(): Promise<void> {
    // A connected socket takes datagrams of its peer alone, and still gives those that it already has. It stays connected for
    // everybody who holds it, so this is for sockets that nobody else has.
    await new Promise<void>((resolve) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', () => resolve());
      const { family } = this.#socket.address();
      this.#socket.connect(DISCARD_PORT, family === 'IPv6' ? '::1' : '127.0.0.1');
    }).catch(() => undefined);
    const deadline = Date.now() + MAX_DRAIN_MS;
    for (let quiet = 0; quiet < QUIET_TURNS && Date.now() < deadline;) {
      const before = this.#received;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#received === before ? quiet + 1 : 0;
    }
  }

  #post(message: FromReceiver, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

function keyOf({ address, port }: RemoteInfo): string {
  return `${address}|${port}`;
}

async function bind({ host, port, descriptor, receiveBufferBytes }: UdpReceiverSettings): Promise<Socket> {
  // The address family of a socket that is bound already is its own; the one asked for has no effect.
  if (descriptor !== undefined) return bindSocket('udp6', { fd: descriptor }, receiveBufferBytes);
  if (host !== undefined) {
    return bindSocket(host.includes(':') ? 'udp6' : 'udp4', { address: host, port }, receiveBufferBytes);
  }
  try {
    return await bindSocket('udp6', { address: '::', port }, receiveBufferBytes);
  } catch (error) {
    // A host without IPv6.
    if ((error as NodeJS.ErrnoException).code !== 'EAFNOSUPPORT') throw error;
    return bindSocket('udp4', { address: '0.0.0.0', port }, receiveBufferBytes);
  }
}

async function bindSocket(type: 'udp4' | 'udp6', where: BindOptions, receiveBufferBytes: number): Promise<Socket> {
  const socket = createSocket({ type });
  try {
    // Asked for first: a socket that was handed over listens before `bind` returns.
    const listening = once(socket, 'listening');
    socket.bind(where);
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  try {
    // A service manager may have given a socket that it handed over more than this process could ask for: asking would make it less.
    const keep = where.fd !== undefined && grantedBuffer(socket) >= receiveBufferBytes;
    if (!keep) socket.setRecvBufferSize(receiveBufferBytes);
  } catch {
    // More than the system allows at all: what it gave is reported and warned about.
  }
  return socket;
}

function grantedBuffer(socket: Socket): number {
  const reported = socket.getRecvBufferSize();
  return process.platform === 'linux' ? reported / LINUX_BUFFER_FACTOR : reported;
}

async function main(port: MessagePort): Promise<void> {
  const post = (message: FromReceiver): void => port.postMessage(message);
  try {
    const settings = workerData as UdpReceiverSettings;
    const socket = await bind(settings);
    new UdpReceiver(port, socket, settings.descriptor !== undefined);
    post({ kind: 'listening', ...socket.address(), receiveBufferBytes: grantedBuffer(socket) });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    post({ kind: 'failed', message, code });
  }
}

if (parentPort !== null) {
  setThreadPriority(NICENESS);
  void main(parentPort);
}
