import { emptyObject, type VrlValue } from '../../value/value';
import { readJson } from './json-reader';

/**
 * Reads the outer layers of a JSON text; containers below stay as their text.
 *
 * @param text valid JSON (only strings' surrogates may still be wrong)
 * @param depth layers to read, at least 1
 * @throws JsonSyntaxError
 * @example readLayers('{"a": {"b": [1]}}', 1) // { a: '{"b": [1]}' }
 */
export function readLayers(text: string, depth: number): VrlValue {
  const value = text.trim();
  const isObject = value.startsWith('{');
  if (!isObject && !value.startsWith('[')) return readJson(value);
  if (depth === 0) return value;
  const members = splitMembers(value);
  if (!isObject) return members.map((member) => readLayers(member, depth - 1));
  const object = emptyObject();
  for (const member of members) {
    const keyEnd = endOfString(member, member.indexOf('"') + 1);
    const key = readJson(member.slice(0, keyEnd)) as string;
    object[key] = readLayers(member.slice(member.indexOf(':', keyEnd) + 1), depth - 1);
  }
  return object;
}

/** The texts between the commas of a container. */
function splitMembers(container: string): string[] {
  const members: string[] = [];
  let nesting = 0;
  let start = 1;
  let position = 1;
  const last = container.length - 1;
  while (position < last) {
    const char = container[position];
    if (char === '"') {
      position = endOfString(container, position + 1);
      continue;
    }
    if (char === '{' || char === '[') nesting++;
    else if (char === '}' || char === ']') nesting--;
    else if (char === ',' && nesting === 0) {
      members.push(container.slice(start, position));
      start = position + 1;
    }
    position++;
  }
  const rest = container.slice(start, last);
  if (rest.trim() !== '') members.push(rest);
  return members;
}

/** Position behind the closing quote of a string that starts at `position`. */
function endOfString(text: string, position: number): number {
  let i = position;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}
