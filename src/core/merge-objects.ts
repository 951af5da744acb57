import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Maps are merged key by key, at every depth; of any other two values, that of `over` is taken. */
export function mergeObjects(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const under = merged[key];
    merged[key] = isJsonObject(under) && isJsonObject(value) ? mergeObjects(under, value) : value;
  }
  return merged;
}
