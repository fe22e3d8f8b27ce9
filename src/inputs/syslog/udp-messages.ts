import type { DatagramPack } from './datagram-pack';

/** What the receiving thread is started with. */
export interface UdpReceiverSettings {
  readonly host: string | undefined;
  readonly port: number;
  /** A bound socket that was handed to this process, in the place of `host` and `port`. */
  readonly descriptor: number | undefined;
  readonly receiveBufferBytes: number;
}

/** A sender that appears in a pack for the first time; its index is its place in the order of all of them. */
export interface NewSender {
  readonly address: string;
  readonly port: number;
}

/** From the receiving thread. */
export type FromReceiver =
  | { readonly kind: 'listening'; readonly address: string; readonly port: number; readonly receiveBufferBytes: number }
  | {
      readonly kind: 'pack';
      readonly pack: DatagramPack;
      /** All indexes before this pack are void: too many senders were known. */
      readonly resetSenders: boolean;
      readonly newSenders: readonly NewSender[];
    }
  /** Datagrams thrown away since the start because the main thread was too far behind. */
  | { readonly kind: 'dropped'; readonly datagrams: number; readonly bytes: number }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
  /** Everything received was handed over; nothing more comes. */
  | { readonly kind: 'stopped' };

/** To the receiving thread. */
export type ToReceiver = { readonly kind: 'return'; readonly buffer: ArrayBuffer } | { readonly kind: 'stop' };
