import { arrayOf, NULL, STRING, union } from '../types/kind';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';

/** A step of a Unix path and where it ends in the text. */
interface Component {
  readonly text: string;
  readonly end: number;
}

/**
 * Steps of a Unix path: the root is `/`, repeated slashes count as one, a `.` stays only in front of a relative path,
 * `..` always stays (nothing is looked up on a disk).
 */
function componentsOf(path: string): Component[] {
  const components: Component[] = path.startsWith('/') ? [{ text: '/', end: 1 }] : [];
  let start = 0;
  while (start <= path.length) {
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;
    const step = path.slice(start, end);
    if (step !== '' && (step !== '.' || start === 0)) components.push({ text: step, end });
    start = end + 1;
  }
  return components;
}

const basename = define({
  name: 'basename',
  params: [text('value')],
  returns: union(STRING, NULL),
  fallible: true,
  run: (path) => {
    const last = componentsOf(path).at(-1)?.text ?? '..';
    return last === '/' || last === '.' || last === '..' ? null : last;
  },
});

const dirname = define({
  name: 'dirname',
  params: [text('value')],
  returns: STRING,
  fallible: true,
  run: (path) => {
    const components = componentsOf(path);
    const parent = components.at(-2);
    if (parent !== undefined) return path.slice(0, parent.end);
    return components.at(-1)?.text === '/' ? '/' : '.';
  },
});

const splitPath = define({
  name: 'split_path',
  params: [text('value')],
  returns: arrayOf(STRING),
  fallible: false,
  fresh: true,
  run: (path) => componentsOf(path).map((component) => component.text),
});

export const functions: readonly FunctionDefinition[] = [basename, dirname, splitPath];
