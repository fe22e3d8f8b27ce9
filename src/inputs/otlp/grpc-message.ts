import type { ServerHttp2Stream } from 'node:http2';
import { bodyTooLarge, RequestBodyError } from '../http/request-body-error';

/** Compressed flag and length before each message (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;
const LENGTH_OFFSET = 1;

/** The one message of a unary call. */
export interface GrpcMessage {
  /** As sent, without its prefix. */
  readonly bytes: Buffer;
  /** Whether it is in the encoding that the header `grpc-encoding` names. */
  readonly compressed: boolean;
}

/**
 * Reads the request message of a unary call.
 *
 * @param maxBytes longest message as sent; a longer one is refused as soon as its length is known
 * @param onBytes called with the size of each chunk; what it throws ends the reading
 * @throws RequestBodyError `TOO_LARGE`, `MALFORMED` when more than one message is sent, `CANCELLED` when the call ends
 *   before the message does
 */
export function readGrpcMessage(
  stream: ServerHttp2Stream,
  maxBytes: number,
  onBytes: (bytes: number) => void,
): Promise<GrpcMessage> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let expected = -1;
    const giveUp = (error: unknown): void => {
      stream.off('data', onData);
      chunks.length = 0;
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      try {
        onBytes(chunk.length);
      } catch (error) {
        return giveUp(error);
      }
      chunks.push(chunk);
      received += chunk.length;
      if (expected < 0 && received >= PREFIX_BYTES) {
        expected = prefixOf(chunks).readUInt32BE(LENGTH_OFFSET);
        if (expected > maxBytes) return giveUp(bodyTooLarge(maxBytes));
      }
      if (expected >= 0 && received > PREFIX_BYTES + expected) {
        giveUp(new RequestBodyError('MALFORMED', 'Export takes one message, more was sent'));
      }
    };
    stream.on('data', onData);
    stream.on('end', () => {
      // A call that the client resets ends the same way.
      if (expected < 0 || received < PREFIX_BYTES + expected) return giveUp(broken());
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, received);
      resolve({ bytes: all.subarray(PREFIX_BYTES), compressed: all[0] === 1 });
    });
    // Also after 'end', when it settles nothing any more.
    stream.on('close', () => giveUp(broken()));
  });
}

function broken(): RequestBodyError {
  return new RequestBodyError('CANCELLED', 'the call ended before its message did');
}

/** A message with its prefix, not compressed. */
export function frameGrpcMessage(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, LENGTH_OFFSET);
  message.copy(framed, PREFIX_BYTES);
  return framed;
}

/**
 * Text for the header `grpc-message`: everything but printable ASCII, and the percent sign, is percent-encoded (gRPC over
 * HTTP/2, "Percent-Encoded").
 */
export function encodeGrpcText(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** The first bytes; they may have come in pieces. */
function prefixOf(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && first.length >= PREFIX_BYTES ? first : Buffer.concat(chunks);
}
