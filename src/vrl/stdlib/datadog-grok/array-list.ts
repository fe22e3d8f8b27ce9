/**
 * Splits a list such as `[a, "b, c"]` into its elements.
 *
 * @param brackets what must stand around it; undefined when nothing does
 * @param delimiter between elements; not inside quotes
 * @returns undefined for a text that is no such list
 */
export function splitList(
  text: string,
  brackets: readonly [string, string] | undefined,
  delimiter: string,
): string[] | undefined {
  let body = text;
  if (brackets !== undefined) {
    const [open, close] = brackets;
    if (!text.startsWith(open) || !text.endsWith(close) || text.length < open.length + close.length) return undefined;
    body = text.slice(open.length, text.length - close.length);
  }
  if (body === '') return [];
  const elements: string[] = [];
  let start = 0;
  let position = 0;
  while (position <= body.length) {
    const quote = body[position];
    const quoted = (quote === '"' || quote === "'") && position === start ? body.indexOf(quote, position + 1) : -1;
    if (quoted !== -1) {
      position = quoted + 1;
      continue;
    }
    if (position === body.length || body.startsWith(delimiter, position)) {
      elements.push(withoutQuotes(body.slice(start, position)));
      position += delimiter.length;
      start = position;
      if (position > body.length) break;
      continue;
    }
    position++;
  }
  return elements;
}

function withoutQuotes(element: string): string {
  const quote = element[0];
  const isQuoted = element.length > 1 && (quote === '"' || quote === "'") && element.endsWith(quote);
  return isQuoted ? element.slice(1, -1) : element;
}
