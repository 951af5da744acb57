import { structuredPatch } from 'diff';

import type { Json } from '#core/json.ts';
import type { Difference } from '#core/resource.ts';

/** Lines of a difference that are shown before the rest is folded. */
const NEW_LINES = 16;
const DIFF_LINES = 60;

/** A difference that is read line by line. */
export interface DifferenceBlock {
  /** What differs: `content`. */
  readonly what: string;
  readonly lines: readonly DifferenceLine[];
  /** How many lines more there are. */
  readonly folded: number;
}

export interface DifferenceLine {
  readonly kind: 'added' | 'removed' | 'same' | 'place';
  /** As it stands in a unified difference, with its sign. */
  readonly text: string;
}

const KINDS: Readonly<Record<string, DifferenceLine['kind']>> = { '+': 'added', '-': 'removed' };

/** Whether a value has several lines. */
export const hasLines = ({ from, to }: Difference): boolean =>
  [from, to].some((value) => typeof value === 'string' && value.includes('\n'));

/** The lines of a unified difference. */
export function differenceBlock({ what, from, to }: Difference): DifferenceBlock {
  const [before, after] = [asText(from), asText(to)];
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  const isOneSided = before === '' || after === '';
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: texts }) => [
    ...(isOneSided
      ? []
      : [{ kind: 'place' as const, text: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@` }]),
    ...texts.map((text) => ({ kind: KINDS[text.charAt(0)] ?? 'same', text })),
  ]);
  return { what, lines, folded: 0 };
}

/** Its first lines, where it is long. */
export function folded(block: DifferenceBlock): DifferenceBlock {
  const { lines } = block;
  const isOneSided = lines[0]?.kind !== 'place';
  const limit = isOneSided ? NEW_LINES : DIFF_LINES;
  // A single line is not folded: the line that says so would be as long.
  if (lines.length <= limit + 1) return block;
  return { ...block, lines: lines.slice(0, limit), folded: lines.length - limit };
}

function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`;
}
