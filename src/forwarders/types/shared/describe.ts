/** Most characters of a destination's answer that are shown to people. */
const MAX_SHOWN_CHARACTERS = 500;

/** Text from outside for a message: on one line, without control characters, cut when long. */
export function shown(text: string): string {
  // Cut first: the rest may be megabytes.
  const line = text
    .slice(0, MAX_SHOWN_CHARACTERS * 2)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  return line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)}…` : line;
}

/** What an error says; an error of several connection attempts says what each of them met. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(errorText))].join('; ');
  }
  if (!(error instanceof Error)) return shown(String(error));
  const code = (error as NodeJS.ErrnoException).code;
  return shown(error.message || code || error.name);
}
