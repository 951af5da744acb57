import { parse, stringify } from 'yaml';

import { isJsonObject, type Json, type JsonObject, stableJson } from '#core/json.ts';

/** A component's configuration as YAML holds it. @throws {Error} when it is no map. */
export function readConfiguration(text: string): JsonObject {
  const parsed = (parse(text) ?? {}) as Json;
  if (!isJsonObject(parsed)) throw new Error('the configuration is not a map');
  return parsed;
}

/** A whole number in a configuration that would become another one by being read and written; undefined where there is none. */
export const inexactIn = (configuration: string): string | undefined =>
  firstInexact(parse(configuration, { intAsBigInt: true }));

function firstInexact(value: unknown): string | undefined {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? undefined : String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const found = firstInexact(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As YAML 1.1, which Kubernetes reads: there `on` means true, and a string of that name has to be quoted. */
export const writeConfiguration = (configuration: JsonObject): string =>
  stringify(configuration, { lineWidth: 0, version: '1.1' });

/** Settings as an annotation holds them; no annotation where there are none. */
export const writeRecord = (settings: JsonObject): string | null =>
  Object.keys(settings).length === 0 ? null : stableJson(settings);

export const readRecord = (annotation: string | undefined): JsonObject =>
  annotation === undefined ? {} : (JSON.parse(annotation) as JsonObject);
