import { isEqualJson, isJsonObject, type Json, type JsonObject, valueAt } from './json.ts';
import { mergeObjects } from './merge-objects.ts';
import type { Difference } from './resource.ts';

export interface SettingsChange {
  /** As found. */
  readonly current: JsonObject;
  /** What was set before. */
  readonly previous: JsonObject;
  readonly wanted: JsonObject;
  /** What applies where nothing is set any more. */
  readonly base?: JsonObject;
}

/** Settings with what is wanted in them, and without what was set before and is not wanted any more. */
export function changeSettings({ current, previous, wanted, base = {} }: SettingsChange): JsonObject {
  const wantedPaths = new Set(leaves(wanted).map((path) => JSON.stringify(path)));
  // An empty map has set nothing: what others have put into it since stays.
  const removed = leaves(previous).filter(
    (path) => !wantedPaths.has(JSON.stringify(path)) && !isJsonObject(leafAt(previous, path)),
  );
  const without = removed.reduce((settings, path) => withLeaf(settings, path, leafAt(base, path)), current);
  return mergeObjects(without, wanted);
}

/** What differs, leaf by leaf: `evictionHard.memory.available`. */
export function settingsDifferences(from: JsonObject, to: JsonObject): readonly Difference[] {
  const paths = new Map([...leaves(from), ...leaves(to)].map((path) => [JSON.stringify(path), path]));
  return [...paths.values()].flatMap((path) => {
    const [was, is] = [valueAt(from, path), valueAt(to, path)];
    return isJsonObject(was) || isJsonObject(is) || isEqualJson(was, is)
      ? []
      : [{ what: path.join('.'), from: was, to: is }];
  });
}

/** Paths of all values that are not maps, and of empty maps. */
const leaves = (settings: JsonObject, path: readonly string[] = []): readonly (readonly string[])[] =>
  Object.entries(settings).flatMap(([key, value]) =>
    isJsonObject(value) && Object.keys(value).length > 0 ? leaves(value, [...path, key]) : [[...path, key]],
  );

const leafAt = (settings: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, key) => (isJsonObject(found) ? found[key] : undefined), settings);

/** A map whose last member is removed is removed too. */
function withLeaf(
  settings: JsonObject,
  [key = '', ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject {
  const { [key]: below, ...others } = settings;
  if (rest.length === 0) {
    if (value === undefined) return others;
    return below === undefined ? { ...settings, [key]: value } : replaced(settings, key, value);
  }
  const inner = withLeaf(isJsonObject(below) ? below : {}, rest, value);
  return Object.keys(inner).length === 0 ? others : replaced(settings, key, inner);
}

/** The same keys in the same order, with another value for one. */
const replaced = (settings: JsonObject, key: string, value: Json): JsonObject => ({
  ...settings,
  [key]: value,
});
