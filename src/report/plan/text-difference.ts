import { structuredPatch } from 'diff';

import type { Json } from '#core/json.ts';
import type { Difference } from '#core/resource.ts';
import type { Paint } from '#report/text/paint.ts';
import { counted, printable } from '#report/text/text-layout.ts';

/** Lines of a difference that are shown before the rest is folded. */
const NEW_LINES = 16;
const DIFF_LINES = 60;

/** A difference that is shown as a block of lines under its name. */
export interface TextBlock {
  readonly what: string;
  readonly lines: readonly string[];
}

/** True where a value is better read as lines than as a word. */
export function isText({ from, to }: Difference): boolean {
  return [from, to].some((value) => typeof value === 'string' && value.includes('\n'));
}

/** `live value: 0 -> 1`; what is new stands alone, what is gone is said so. */
export function formatScalar({ what, from, to }: Difference, isCreated: boolean): string {
  if (isCreated) return `${what}: ${formatValue(to)}`;
  return `${what}: ${formatValue(from)} -> ${formatValue(to)}`;
}

/** A value in as few marks as it can be told apart with. */
export function formatValue(value: Json): string {
  if (value === null) return '(none)';
  if (typeof value !== 'string') return printable(spaced(value));
  return /^[^\s"'[\]{}][^\n"]*(?<!\s)$/.test(value) && !isLiteral(value)
    ? printable(value)
    : JSON.stringify(value);
}

/** The lines of a unified difference; long ones are folded unless all are asked for. */
export function textBlock(difference: Difference, isWhole: boolean, paint: Paint): TextBlock {
  const from = asText(difference.from);
  const to = asText(difference.to);
  const { hunks } = structuredPatch('', '', from, to, undefined, undefined, { context: 3 });
  const isOneSided = from === '' || to === '';
  const lines = hunks.flatMap((hunk) => [
    ...(isOneSided ? [] : [`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`]),
    ...hunk.lines,
  ]);
  const limit = isOneSided ? NEW_LINES : DIFF_LINES;
  // One line more is no more to read than the line that would say so.
  const isFolded = !isWhole && lines.length > limit + 1;
  const shown = (isFolded ? lines.slice(0, limit) : lines).map((line) => paintLine(line, paint));
  const more = isFolded
    ? [paint('dim', `... ${counted(lines.length - limit, 'more line')} (-v shows all)`)]
    : [];
  return { what: difference.what, lines: [...shown, ...more] };
}

function paintLine(line: string, paint: Paint): string {
  const text = printable(line);
  if (text.startsWith('+')) return paint('green', text);
  if (text.startsWith('-')) return paint('red', text);
  if (text.startsWith('@@')) return paint('cyan', text);
  return paint('dim', text);
}

function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`;
}

/** A string that would be taken for another value if it stood without quotes. */
const isLiteral = (text: string): boolean => text === 'null' || text === '(none)';

/** JSON on one line, with the spaces people put in. */
function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return `{${members.join(', ')}}`;
}
