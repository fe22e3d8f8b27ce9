import type { IncomingMessage } from 'node:http';
import type { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connectionError, type ApiClient } from '../api-client';
import type { CliIo } from '../cli-io';
import { startExchange } from './http-exchange';
import { ProgressBar } from './progress-bar';
import { writeWholeFile } from './whole-file';

export interface DownloadOptions {
  /** What is downloaded, for the progress bar. */
  readonly label: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the bytes go through on their way to the file. */
  readonly through?: () => Transform;
}

export interface Downloaded {
  /** Bytes that were received. */
  readonly bytes: number;
  /** What the server said after the last of them (RFC 9110, section 6.5), by name in lower case. */
  readonly trailers: Readonly<Record<string, string | undefined>>;
}

/**
 * Downloads into a file, which is there as a whole or not at all.
 * @throws ApiError, ConnectionError (also when the answer breaks off), CliError when the file cannot be written
 */
export async function download(
  client: ApiClient,
  path: string,
  file: string,
  options: DownloadOptions,
  io: CliIo,
): Promise<Downloaded> {
  const response = await startExchange(client, path, { method: 'GET', ...options }).response;
  let bytes = 0;
  await writeWholeFile(file, async (target) => {
    bytes = await copy(response, target, client, options, io);
  });
  return { bytes, trailers: { ...response.trailers } };
}

async function copy(
  response: IncomingMessage,
  target: Writable,
  client: ApiClient,
  { label, through }: DownloadOptions,
  io: CliIo,
): Promise<number> {
  const length = response.headers['content-length'];
  const bar = new ProgressBar(label, length === undefined ? undefined : Number(length), io);
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        bar.add(chunk.length);
        yield chunk;
      }
    } catch (error) {
      throw connectionError(client.target('').url.origin, error);
    }
  };
  try {
    if (through === undefined) await pipeline(counted, target);
    else await pipeline(counted, through(), target);
  } finally {
    bar.end();
  }
  return bytes;
}
