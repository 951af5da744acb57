import { parse } from 'smol-toml';

import { isEqualJson, isJsonObject, type JsonObject } from '#core/json.ts';

/** The values of a TOML file; undefined where it is none. */
export function readToml(text: string | null): JsonObject | undefined {
  try {
    return text === null ? undefined : (parse(text) as JsonObject);
  } catch {
    return undefined;
  }
}

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
