import type { Writable } from 'node:stream';
import type { CliIo } from '../cli-io';

/** SGR parameters (ECMA-48, section 8.3.117): on and off. */
const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39] } as const;

export type Style = keyof typeof STYLES;

/** Writes text in a style, or as it is. */
export type Painter = (style: Style, text: string) => string;

/** A terminal may say how wide it is. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * Colours for a stream: only on a terminal that knows them, and not where `NO_COLOR` is set (https://no-color.org).
 *
 * @example
 * const paint = painterFor(io.stderr, io);
 * io.stderr.write(paint('red', 'failed'));
 */
export function painterFor(stream: OutputStream, io: Pick<CliIo, 'env'>): Painter {
  const plain = stream.isTTY !== true || (io.env['NO_COLOR'] ?? '') !== '' || io.env['TERM'] === 'dumb';
  if (plain) return (_style, text) => text;
  return (style, text) => `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m`;
}
