import type { SenderConnection } from '../connections/sender-connection';

/** Newest version of the protocol that is spoken; 0 is its only other name. */
const RELP_VERSION = '1';
/** Acknowledgements that a sender does not read are not piled up: above this, in bytes, no more is read from it. */
const MAX_UNREAD_BYTES = 65_536;

/** One RELP connection: its state, and what is to be answered once it is durable. */
export class RelpSession {
  /** The sender has opened the session and may send messages. */
  opened = false;
  /** The sender has asked to close it, by this transaction. */
  #closing: string | undefined;
  /** Batches that hold messages of this session and are not durable yet. */
  #unsettled = 0;
  /** Acknowledgements of the messages in the batch that is being gathered. */
  #gathered = '';
  #waitsForReader = false;

  constructor(readonly connection: SenderConnection) {}

  /** Answers an `open`; see the RELP specification, "Command open". */
  open(transaction: string, offers: string): void {
    this.opened = true;
    const wantsZero = /^relp_version=0$/m.test(offers);
    const answer = [
      '200 OK',
      `relp_version=${wantsZero ? '0' : RELP_VERSION}`,
      'relp_software=logweir',
      'commands=syslog',
    ];
    this.respond(transaction, answer.join('\n'));
  }

  /** The message of this transaction is in the batch that is being gathered. @returns true when it is the first of them */
  gather(transaction: string): boolean {
    const isFirst = this.#gathered === '';
    this.#gathered += `${transaction} rsp 6 200 OK\n`;
    return isFirst;
  }

  /** The batch goes on to the store. @returns the acknowledgements for {@link settle} */
  take(): string {
    const acknowledgements = this.#gathered;
    this.#gathered = '';
    this.#unsettled++;
    return acknowledgements;
  }

  /** The batch is durable, or will never be: then the sender keeps its messages and sends them over a new connection. */
  settle(acknowledgements: string, stored: boolean): void {
    this.#unsettled--;
    if (!stored) {
      this.connection.socket.destroy();
      return;
    }
    this.#write(acknowledgements);
    this.#closeWhenDone();
  }

  respond(transaction: string, data: string): void {
    const length = Buffer.byteLength(data);
    this.#write(length === 0 ? `${transaction} rsp 0\n` : `${transaction} rsp ${length} ${data}\n`);
  }

  /** Answers a `close` after all acknowledgements. */
  close(transaction: string): void {
    this.#closing = transaction;
    this.#closeWhenDone();
  }

  /** Tells the sender to connect again later. */
  closeFromHere(): void {
    this.#write('0 serverclose 0\n');
    this.connection.end();
  }

  #closeWhenDone(): void {
    if (this.#closing === undefined || this.#unsettled > 0 || this.#gathered !== '') return;
    this.respond(this.#closing, '');
    this.#closing = undefined;
    this.closeFromHere();
  }

  #write(text: string): void {
    const { socket } = this.connection;
    if (!socket.writable) return;
    socket.write(text, 'latin1');
    if (socket.writableLength <= MAX_UNREAD_BYTES || this.#waitsForReader) return;
    this.#waitsForReader = true;
    this.connection.pause();
    socket.once('drain', () => {
      this.#waitsForReader = false;
      this.connection.resume();
    });
  }
}
