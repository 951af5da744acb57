import { parse, stringify } from 'yaml';

import { isJsonObject, type Json, type JsonObject, stableJson } from '#core/json.ts';

/** A component's configuration as YAML holds it. @throws {Error} when it is no map. */
export function readConfiguration(text: string): JsonObject {
  const parsed = (parse(text) ?? {}) as Json;
  if (!isJsonObject(parsed)) throw new Error('the configuration is not a map');
  return parsed;
}

/** As Kubernetes reads it, whose YAML takes `on` for true. */
export const writeConfiguration = (configuration: JsonObject): string =>
  stringify(configuration, { lineWidth: 0, version: '1.1' });

/** Settings as an annotation holds them; nothing is said of none. */
export const writeRecord = (settings: JsonObject): string | null =>
  Object.keys(settings).length === 0 ? null : stableJson(settings);

export const readRecord = (annotation: string | undefined): JsonObject =>
  annotation === undefined ? {} : (JSON.parse(annotation) as JsonObject);
