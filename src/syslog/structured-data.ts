import { BACKSLASH, CLOSE_BRACKET, EQUALS, OPEN_BRACKET, QUOTE, SPACE } from './ascii';
import type { MessageSource } from './message-source';
import type { ParameterNames } from './parameter-names';
import type { ParsedMessage } from './parsed-message';

/** The text is not structured data at all: some senders leave it out and their message begins with a bracket. */
export const NOT_STRUCTURED_DATA = -1;
/** The text is structured data that breaks off or breaks the grammar. */
export const BROKEN_STRUCTURED_DATA = -2;

/** RFC 5424 allows 32 bytes; real devices go beyond, only hostile ones beyond this. */
export const MAX_SD_NAME_BYTES = 128;
/** Parameters of one message that become fields; more stay in the raw text alone. Real messages have up to about 60. */
export const MAX_SD_PARAMETERS = 256;

/**
 * Reads the structured data (RFC 5424 section 6.3) that begins at `position` and adds its parameters to the message,
 * with the escapes of `"`, `\` and `]` undone. A backslash before anything else stands for itself, and `]` within quotes
 * needs no backslash: many senders leave it out.
 *
 * @returns the position after the last element, {@link NOT_STRUCTURED_DATA} or {@link BROKEN_STRUCTURED_DATA}
 */
export function scanStructuredData(
  source: MessageSource,
  position: number,
  names: ParameterNames,
  message: ParsedMessage,
): number {
  const { bytes, end } = source;
  let elementIndex = 0;
  while (position < end && bytes[position] === OPEN_BRACKET) {
    const idStart = position + 1;
    position = nameEnd(bytes, idStart, end);
    if (position < 0 || position >= end) return failed(message);
    const idEnd = position;
    if (bytes[position] === CLOSE_BRACKET) {
      position++;
      elementIndex++;
      continue;
    }
    const element = names.element(source, elementIndex++, idStart, idEnd);
    let parameterIndex = 0;
    for (;;) {
      const afterValue = position;
      while (position < end && bytes[position] === SPACE) position++;
      if (position >= end) return failed(message);
      if (bytes[position] === CLOSE_BRACKET) {
        position++;
        break;
      }
      if (position === afterValue) return failed(message);

      let name = names.expected(source, element, parameterIndex, position);
      if (name === undefined) {
        const nameStart = position;
        position = nameEnd(bytes, nameStart, end);
        if (position < 0 || position + 1 >= end || bytes[position] !== EQUALS || bytes[position + 1] !== QUOTE) {
          return failed(message);
        }
        name = names.name(source, element, parameterIndex, nameStart, position);
      } else {
        position += name.bytes.length;
        if (bytes[position + 1] !== QUOTE) return failed(message);
      }
      position += 2;
      parameterIndex++;

      const valueStart = position;
      let escaped = false;
      let byte = bytes[position] as number;
      while (position < end && byte !== QUOTE) {
        if (byte === BACKSLASH) {
          escaped = true;
          position++;
        }
        byte = bytes[++position] as number;
      }
      if (position >= end) return failed(message);
      if (message.parameterCount < MAX_SD_PARAMETERS) {
        const value = source.slice(valueStart, position);
        message.addParameter(name.field, escaped ? unescapeParameter(value) : value);
      } else {
        message.parseError = `more than ${MAX_SD_PARAMETERS} parameters in the structured data`;
      }
      position++;
    }
  }
  return position;
}

function failed(message: ParsedMessage): number {
  const begun = message.parameterCount > 0;
  message.parameterCount = 0;
  return begun ? BROKEN_STRUCTURED_DATA : NOT_STRUCTURED_DATA;
}

/** The end of an SD-NAME, or -1 when there is none at `position`. */
function nameEnd(bytes: Uint8Array, position: number, end: number): number {
  const start = position;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte <= SPACE || byte === EQUALS || byte === CLOSE_BRACKET || byte === QUOTE) break;
    position++;
  }
  return position === start || position - start > MAX_SD_NAME_BYTES ? -1 : position;
}

function unescapeParameter(value: string): string {
  return value.replace(/\\(["\\\]])/g, '$1');
}
