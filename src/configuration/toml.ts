import { parse } from 'smol-toml';

import { isEqualJson, isJsonObject, type JsonObject } from '#core/json.ts';

/** The values of a TOML file, whole numbers that are too large for JavaScript as near as it has them; undefined where it is none. */
export function readToml(text: string | null): JsonObject | undefined {
  if (text === null) return undefined;
  try {
    return parse(text) as JsonObject;
  } catch {
    return readLarge(text);
  }
}

function readLarge(text: string): JsonObject | undefined {
  try {
    return asJson(parse(text, { integersAsBigInt: 'asNeeded' })) as JsonObject;
  } catch {
    return undefined;
  }
}

function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asJson);
  return isTable(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asJson(member)]))
    : value;
}

const isTable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** Whether two files say the same, however they are written. */
export function isSameToml(left: string | null, right: string): boolean {
  if (left === right) return true;
  const [one, other] = [readToml(left), readToml(right)];
  return one !== undefined && other !== undefined && isEqualJson(one, other);
}

/** The table at a path; undefined where there is none. */
export const tableAt = (table: JsonObject | undefined, ...path: readonly string[]): JsonObject | undefined =>
  path.reduce<JsonObject | undefined>((found, key) => {
    const value = found?.[key];
    return isJsonObject(value) ? value : undefined;
  }, table);
