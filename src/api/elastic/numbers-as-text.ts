/**
 * Finds numbers that JavaScript would write in another way than their sender: of sixteen digits and more, or with fraction or
 * exponent. Texts may hold the like, so this is only a reason to look closely.
 */
const MAYBE_REWRITTEN = /[:,[\s]-?(?:\d{16}|(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)[,}\]\s])/;
/** RFC 8259, section 6. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const SPACE = 0x20;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * JSON whose numbers are strings of their own digits, so that parsing changes none: 64-bit integers and `1.50` stay what
 * their sender wrote. Text that is no JSON stays none. Nothing is done where no number needs it.
 *
 * @example numbersAsText('{"id":12345678901234567890}') // '{"id":"12345678901234567890"}'
 */
export function numbersAsText(json: string): string {
  if (!MAYBE_REWRITTEN.test(json)) return json;
  let quoted = '';
  let copied = 0;
  for (let i = 0; i < json.length;) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(json, i + 1);
      continue;
    }
    NUMBER.lastIndex = i;
    if ((code !== MINUS && (code < ZERO || code > NINE)) || !NUMBER.test(json)) {
      i++;
      continue;
    }
    const end = NUMBER.lastIndex;
    // A number in the place of a key is an error, which quotes would hide.
    if (!isKey(json, end)) {
      quoted += `${json.slice(copied, i)}"${json.slice(i, end)}"`;
      copied = end;
    }
    i = end;
  }
  return quoted + json.slice(copied);
}

/** Offset behind the quote that closes the string whose first character is at `start`. */
function endOfString(json: string, start: number): number {
  for (let i = start; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return json.length;
}

function isKey(json: string, end: number): boolean {
  let i = end;
  while (i < json.length && json.charCodeAt(i) <= SPACE) i++;
  return json.charCodeAt(i) === COLON;
}
