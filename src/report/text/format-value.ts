import type { Json } from '#core/json.ts';
import { printable } from './text-layout.ts';

/** A value, written as short as it can be without being taken for another. */
export function formatValue(value: Json): string {
  if (value === null) return '(none)';
  if (typeof value !== 'string') return printable(spaced(value));
  return /^[^\s"'[\]{}][^\n"]*(?<!\s)$/.test(value) && !isLiteral(value)
    ? printable(value)
    : JSON.stringify(value);
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
