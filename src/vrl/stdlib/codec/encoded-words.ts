import { bytesOf } from '../../value/bytes';
import { decodeBase64 } from './base64';
import { decodeText, encodingNamed } from './charset';

/** An encoded word (RFC 2047 section 2): charset, encoding, encoded text. The language of RFC 2231 may follow the charset. */
const ENCODED_WORD = /=\?([!-)+-<>@-~]+)(?:\*[A-Za-z0-9-]*)?\?([BbQq])\?([^?]*)\?=/g;
/** White space between two encoded words belongs to neither. */
const BETWEEN_WORDS = /^[ \t\r\n]*$/;
/** The rest of an encoded word whose beginning was lost: an encoding and a text. */
const BARE_WORD = /^\??([BbQq])\?([^?]*)(?:\?=)?$/;

/** Why a text cannot be decoded. */
export interface WordProblem {
  readonly problem: string;
}

/**
 * Decodes the encoded words in a mail header's text. A text that is nothing but `?b?...` or `?q?...` is read as an
 * encoded word in UTF-8.
 *
 * @example decodeWords('=?utf-8?b?w6k=?=') // 'é'
 */
export function decodeWords(text: string): string | WordProblem {
  const bare = BARE_WORD.exec(text);
  if (bare !== null) return decodeWord('utf-8', bare[1] as string, bare[2] as string);
  let decoded = '';
  let end = 0;
  let afterWord = false;
  for (const match of text.matchAll(ENCODED_WORD)) {
    const between = text.slice(end, match.index);
    if (!(afterWord && BETWEEN_WORDS.test(between))) decoded += between;
    const word = decodeWord(match[1] as string, match[2] as string, match[3] as string);
    if (typeof word !== 'string') return word;
    decoded += word;
    end = match.index + match[0].length;
    afterWord = true;
  }
  return decoded + text.slice(end);
}

function decodeWord(charset: string, encoding: string, text: string): string | WordProblem {
  const name = encodingNamed(charset);
  if (name === undefined) return { problem: `unknown charset: ${charset}` };
  const bytes = encoding.toLowerCase() === 'b' ? decodeBase64(bytesOf(text)) : decodeQ(text);
  return bytes === undefined ? { problem: 'unable to decode value' } : decodeText(bytes, name);
}

const ESCAPE = /^=[0-9A-Fa-f]{2}$/;

/** The "Q" encoding (RFC 2047 section 4.2): `_` is a blank, `=XX` a byte; undefined for a bad escape. */
function decodeQ(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '=') {
      const escape = text.slice(i, i + 3);
      if (!ESCAPE.test(escape)) return undefined;
      bytes.push(parseInt(escape.slice(1), 16));
      i += 2;
    } else if (character === '_') {
      bytes.push(0x20);
    } else {
      for (const byte of bytesOf(character)) bytes.push(byte);
    }
  }
  return Uint8Array.from(bytes);
}
