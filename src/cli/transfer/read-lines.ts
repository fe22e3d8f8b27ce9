import { CliError } from '../cli-error';

const LINE_FEED = 0x0a;
/** Longest line, in bytes: the largest body that a server takes by default. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Lines of a stream of bytes, without their ends, empty ones included; memory holds one line.
 * @throws CliError when a line is too long to be a record
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let pieces: Buffer[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      pieces.push(chunk.subarray(start, end));
      yield textOf(pieces);
      pieces = [];
      length = 0;
      number++;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAX_LINE_BYTES) throw new CliError(`line ${number} is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (length > 0) yield textOf(pieces);
}

function textOf(pieces: readonly Buffer[]): string {
  const text = Buffer.concat(pieces).toString();
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
