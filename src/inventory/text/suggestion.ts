/** Longer ones are no words, and with more candidates it would take too long to say which was meant. */
const MAX_LENGTH = 100;
const MAX_CANDIDATES = 500;

/**
 * The candidate that a word was probably to be: the same but for case and separators, or a few keystrokes away.
 */
export const suggest = (word: string, candidates: readonly string[]): string | undefined =>
  closest(word, candidates, Math.max(1, Math.floor(simplify(word).length / 3)));

/** A candidate that can be nothing else: two keystrokes away at most. */
export const suggestNear = (word: string, candidates: readonly string[]): string | undefined =>
  closest(word, candidates, 2);

function closest(word: string, candidates: readonly string[], limit: number): string | undefined {
  if (word.length > MAX_LENGTH || candidates.length > MAX_CANDIDATES) return undefined;
  const same = candidates.find((candidate) => isSameWord(candidate, word));
  if (same !== undefined) return same;

  const plain = simplify(word);
  return (
    candidates
      .map((candidate) => ({ candidate, simple: simplify(candidate) }))
      // What differs in length is as many keystrokes away at least, and a key may be of any length.
      .filter(({ simple }) => Math.abs(simple.length - plain.length) <= limit)
      .map(({ candidate, simple }) => ({ candidate, distance: editDistance(plain, simple) }))
      .filter(({ distance }) => distance <= limit && distance < plain.length)
      .toSorted((left, right) => left.distance - right.distance)[0]?.candidate
  );
}

/** Whether two words differ in case and separators at most. */
export const isSameWord = (left: string, right: string): boolean => simplify(left) === simplify(right);

const simplify = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '');

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      let best = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + cost);
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && isSwap) best = Math.min(best, beforeLast[column - 2]! + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length]!;
}

/** The first of names that may be many. */
export const listed = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;
