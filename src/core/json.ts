/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path of keys; null where nothing does. */
export const valueAt = (object: JsonObject, path: readonly string[]): Json =>
  path.reduce<Json>((value, key) => (isJsonObject(value) ? (value[key] ?? null) : null), object);

/** JSON with object keys in code-unit order, so that equal values have equal text. */
export function stableJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((member: Json) => stableJson(member ?? null)).join(',')}]`;
  return `{${membersOf(value as JsonObject).slice(1)}}`;
}

/** Whether their texts are equal, whatever the order of keys; it is asked for every answer of every host. */
export function isEqualJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isList(left) || isList(right))
    return (
      isList(left) &&
      isList(right) &&
      left.length === right.length &&
      left.every((member, index) => isEqualJson(member, right[index]))
    );
  // A member that is undefined is none.
  for (const key in left) if (!isEqualJson(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Each after a comma. It is asked for every question of every host. */
function membersOf(value: JsonObject): string {
  let text = '';
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member !== undefined) text += `,${JSON.stringify(key)}:${stableJson(member)}`;
  }
  return text;
}

/** The map that a text holds; undefined where it is none. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same value with the keys of its maps in code-unit order, so that their order in a file says nothing. */
export const sorted = <T extends Json>(value: T): T => JSON.parse(stableJson(value)) as T;

/** A number in a JSON text that would become another one by being read and written; undefined where there is none. */
export function inexactNumber(text: string): string | undefined {
  // Strings of some MB are too long for one expression with alternatives.
  const bare = text.replaceAll(/\\./g, '').replaceAll(/"[^"]*"/g, '""');
  const numbers = bare.match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.find((number) => {
    const value = Number(number);
    return /^-?\d+$/.test(number) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
  });
}
