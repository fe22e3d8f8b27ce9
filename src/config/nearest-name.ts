/** Longer names are not compared: no known name comes near them, and the comparison is quadratic. */
const MAX_COMPARED_LENGTH = 80;

/**
 * The known name that is most like a mistyped one.
 *
 * @returns undefined when none is like it (more than a third of its letters would have to change)
 *
 * @example
 * nearestName('htpp.bind', ['http.bind', 'log.level']); // 'http.bind'
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_COMPARED_LENGTH) return undefined;
  let nearest: string | undefined;
  let smallest = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Letters to insert, delete, replace or swap with a neighbour to get from one text to the other. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replace = cell(previous, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      let best = Math.min(cell(previous, column) + 1, cell(current, column - 1) + 1, replace);
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        best = Math.min(best, cell(beforePrevious, column - 2) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return cell(previous, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
