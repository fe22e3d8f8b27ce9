import { Reader } from 'protobufjs';

/** A dnstap frame (dnstap.info, dnstap.proto); undefined for fields that are not in it. */
export interface Frame {
  identity?: Uint8Array;
  version?: Uint8Array;
  extra?: Uint8Array;
  type: number;
  message?: FrameMessage;
}

export interface FrameMessage {
  type: number;
  socketFamily?: number;
  socketProtocol?: number;
  queryAddress?: Uint8Array;
  responseAddress?: Uint8Array;
  queryPort?: number;
  responsePort?: number;
  querySeconds?: bigint;
  queryNanos?: number;
  queryMessage?: Uint8Array;
  queryZone?: Uint8Array;
  responseSeconds?: bigint;
  responseNanos?: number;
  responseMessage?: Uint8Array;
}

/** Reads a frame. @throws Error of the protobuf library */
export function readFrame(bytes: Uint8Array): Frame {
  const reader = Reader.create(bytes);
  const frame: Frame = { type: 0 };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 1:
        frame.identity = reader.bytes();
        break;
      case 2:
        frame.version = reader.bytes();
        break;
      case 3:
        frame.extra = reader.bytes();
        break;
      case 14:
        frame.message = readFrameMessage(reader.bytes());
        break;
      case 15:
        frame.type = reader.int32();
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return frame;
}

function readFrameMessage(bytes: Uint8Array): FrameMessage {
  const reader = Reader.create(bytes);
  const message: FrameMessage = { type: 0 };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 1:
        message.type = reader.int32();
        break;
      case 2:
        message.socketFamily = reader.int32();
        break;
      case 3:
        message.socketProtocol = reader.int32();
        break;
      case 4:
        message.queryAddress = reader.bytes();
        break;
      case 5:
        message.responseAddress = reader.bytes();
        break;
      case 6:
        message.queryPort = reader.uint32();
        break;
      case 7:
        message.responsePort = reader.uint32();
        break;
      case 8:
        message.querySeconds = BigInt(String(reader.uint64()));
        break;
      case 9:
        message.queryNanos = reader.fixed32();
        break;
      case 10:
        message.queryMessage = reader.bytes();
        break;
      case 11:
        message.queryZone = reader.bytes();
        break;
      case 12:
        message.responseSeconds = BigInt(String(reader.uint64()));
        break;
      case 13:
        message.responseNanos = reader.fixed32();
        break;
      case 14:
        message.responseMessage = reader.bytes();
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return message;
}
