const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text that is segmented at once, in UTF-16 units: the engine takes quadratic time for a long text. */
const WINDOW_UNITS = 512;

/** What a reader sees as characters, so that a letter and its accents stay together. */
export function* graphemesOf(text: string): Generator<string> {
  let start = 0;
  let size = WINDOW_UNITS;
  while (start < text.length) {
    const end = start + size;
    const isLast = end >= text.length;
    const cutsPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    const window = text.slice(start, cutsPair ? end + 1 : end);
    let next = start;
    for (const { segment, index } of segmenter.segment(window)) {
      // The last one may go on behind the window.
      if (!isLast && index + segment.length === window.length) break;
      yield segment;
      next = start + index + segment.length;
    }
    size = next === start ? size * 2 : WINDOW_UNITS;
    start = next;
  }
}
