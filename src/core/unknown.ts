import { isJsonObject, type Json } from './json.ts';

const START = 'known-after@';

/**
 * Stands in a forecast for what is not known yet: alone for a whole value, or as a part of a text. It is one plain word
 * for a shell and in YAML, so that functions that make files and programs take it as they take the value itself.
 *
 * @param after what brings it, in plain words: `containerd is installed`.
 */
export function unknown(after: string): string {
  if (!/^[A-Za-z0-9 .,/+-]+$/.test(after)) throw new TypeError(`not in plain words: ${after}`);
  return `${START}${after.replaceAll(' ', '_')}@`;
}

/** Whether a part of a value is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(START);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnknown);
}

/** The text for people: `1.34.9 (known after the index update)`. */
export const withUnknown = (text: string): string =>
  text.includes(START)
    ? text.replaceAll(
        /(\w?)known-after@([^@]*)@/g,
        (_, before: string, after: string) =>
          `${before}${before === '' ? '' : ' '}(known after ${after.replaceAll('_', ' ')})`,
      )
    : text;

/** Whether a value is what was foreseen, with every unknown part filled in. */
export function isInstance(foreseen: Json | undefined, value: Json | undefined): boolean {
  if (foreseen === value) return true;
  if (foreseen === undefined || value === undefined) return false;
  if (typeof foreseen === 'string') {
    const [before = '', ...after] = literals(foreseen);
    if (after.length === 0) return false;
    if (before === '' && after.length === 1 && after[0] === '') return true;
    return typeof value === 'string' && isFilledIn(before, after, value);
  }
  if (Array.isArray(foreseen)) {
    return (
      Array.isArray(value) &&
      foreseen.length === value.length &&
      foreseen.every((member: Json, index) => isInstance(member, value[index] as Json))
    );
  }
  if (!isJsonObject(foreseen) || !isJsonObject(value)) return false;
  const keys = new Set([...Object.keys(foreseen), ...Object.keys(value)]);
  return [...keys].every((key) => isInstance(foreseen[key], value[key]));
}

/** The text around unknown parts. One of a list may come to nothing, and then the blank before it goes too. */
const literals = (text: string): readonly string[] => text.split(/ ?known-after@[^@]*@/);

/** Whether the known parts stand in the text, in their order, the first at its start and the last at its end. */
function isFilledIn(first: string, others: readonly string[], text: string): boolean {
  if (!text.startsWith(first)) return false;
  const last = others.at(-1) ?? '';
  let at = first.length;
  for (const part of others.slice(0, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length >= at;
}
