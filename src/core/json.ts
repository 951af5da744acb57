/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON with object keys in code-unit order, so that equal values have equal text. */
export function stableJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((member: Json) => stableJson(member ?? null)).join(',')}]`;
  return `{${membersOf(value as JsonObject)}}`;
}

export const isEqualJson = (left: Json, right: Json): boolean =>
  left === right || stableJson(left) === stableJson(right);

function membersOf(value: JsonObject): string {
  return Object.keys(value)
    .toSorted()
    .flatMap((key) => (value[key] === undefined ? [] : [`${JSON.stringify(key)}:${stableJson(value[key])}`]))
    .join(',');
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
