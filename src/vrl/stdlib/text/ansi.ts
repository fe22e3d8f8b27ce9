/**
 * Removes terminal control from text as a terminal would read it (the DEC parser of VT500 terminals): escape
 * sequences, control strings (OSC, DCS, APC, PM, SOS) and every control character but the newline. An escape sequence
 * that is cut off takes the rest of the text with it, as it would in a terminal.
 *
 * @example stripAnsi('\x1b[31mred\x1b[0m') // 'red'
 */
export function stripAnsi(text: string): string {
  if (!HAS_CONTROL.test(text)) return text;
  let plain = '';
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === ESC) {
      i = endOfEscape(text, i + 1);
    } else {
      if (!isControl(code) || code === NEWLINE) plain += text.charAt(i);
      i++;
    }
  }
  return plain;
}

const HAS_CONTROL = /[\x00-\x1f\x80-\x9f]/;
const NEWLINE = 0x0a;
const BELL = 0x07;
const CANCEL = 0x18;
const SUBSTITUTE = 0x1a;
const ESC = 0x1b;

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x80 && code <= 0x9f);
}

/** Position behind the escape sequence that goes on at `start` (behind the ESC). */
function endOfEscape(text: string, start: number): number {
  switch (text[start]) {
    case '[':
      return endOfSequence(text, start + 1, 0x40);
    case ']':
      return endOfControlString(text, start + 1, true);
    case 'P':
    case 'X':
    case '^':
    case '_':
      return endOfControlString(text, start + 1, false);
    default:
      // Two-character sequences, and those with intermediates such as ESC ( B.
      return endOfSequence(text, start, 0x30);
  }
}

/** Skips parameters and intermediates up to the final character, which is the first from `lowestFinal` to `~`. */
function endOfSequence(text: string, start: number, lowestFinal: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= lowestFinal && code <= 0x7e) return i + 1;
    if (code === CANCEL || code === SUBSTITUTE) return i + 1;
    if (code === ESC) return i;
  }
  return text.length;
}

/** Control strings end with ST (ESC and a backslash), CAN or SUB; those of the operating system also with BEL. */
function endOfControlString(text: string, start: number, bellEnds: boolean): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === CANCEL || code === SUBSTITUTE || (bellEnds && code === BELL)) return i + 1;
    if (code === ESC) return i;
  }
  return text.length;
}
