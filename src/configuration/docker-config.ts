import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import type { Registry } from '#core/runtime.ts';
import { changeSettings, settingsDifferences } from '#core/settings.ts';

export interface DockerSettings {
  readonly registries: readonly Registry[];
  /** Keys of the inventory's; they win over slipway's and over what is there. */
  readonly config: JsonObject;
}

/** What of a daemon.json slipway has put there, and may take away again; all else is an administrator's. */
export type DockerRecord = JsonObject & {
  readonly config?: JsonObject;
  readonly mirrors?: readonly string[];
  readonly insecure?: readonly string[];
};

/**
 * What is there with slipway's settings in it, and without those that the inventory no longer has.
 *
 * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file (28.x)
 */
export function dockerConfig(
  before: JsonObject,
  record: DockerRecord,
  { registries, config }: DockerSettings,
): { readonly wanted: JsonObject; readonly record: DockerRecord } {
  const docker = registries.find(({ host }) => host === 'docker.io');
  const mirrors = listOf(
    before['registry-mirrors'],
    record.mirrors,
    docker?.mirrors.map(({ url }) => url),
  );
  const insecure = listOf(before['insecure-registries'], record.insecure, insecureOf(registries));
  const { 'registry-mirrors': _, 'insecure-registries': __, ...others } = before;
  const own: JsonObject = {
    ...others,
    'exec-opts': [
      ...strings(before['exec-opts']).filter((option) => !option.startsWith('native.cgroupdriver=')),
      'native.cgroupdriver=systemd',
    ],
    // Mirrors are tried in their order, those of the inventory first.
    ...(mirrors.isThere && { 'registry-mirrors': [...mirrors.wanted, ...mirrors.theirs] }),
    ...(insecure.isThere && { 'insecure-registries': [...insecure.theirs, ...insecure.wanted] }),
  };
  const previous = isJsonObject(record.config) ? record.config : {};
  const set = settingsDifferences(before, changeSettings({ current: before, previous: {}, wanted: config }));
  return {
    wanted: changeSettings({ current: own, previous, wanted: config }),
    record: {
      ...notEmpty('config', ownSettings(config, previous, new Set(set.map(({ what }) => what)))),
      ...notEmpty('mirrors', mirrors.own),
      ...notEmpty('insecure', insecure.own),
    },
  };
}

/** What is recorded before anything is changed, so that a run that is cut off leaves nothing that nobody owns. */
export const bothRecords = (one: DockerRecord, other: DockerRecord): DockerRecord => ({
  ...notEmpty(
    'config',
    changeSettings({ current: one.config ?? {}, previous: {}, wanted: other.config ?? {} }),
  ),
  ...notEmpty('mirrors', union(one.mirrors, other.mirrors)),
  ...notEmpty('insecure', union(one.insecure, other.insecure)),
});

/** A list that an administrator and slipway both add to. What was there before slipway wanted it stays the former's. */
function listOf(before: Json | undefined, recorded: Json | undefined, wanted: readonly string[] = []) {
  const there = strings(before);
  const ours = strings(recorded);
  const theirs = there.filter((one) => !ours.includes(one) && !wanted.includes(one));
  return {
    wanted,
    theirs,
    own: wanted.filter((one) => ours.includes(one) || !there.includes(one)),
    isThere: wanted.length + theirs.length > 0 || (before !== undefined && there.length === 0),
  };
}

const union = (one: Json | undefined, other: Json | undefined): readonly string[] => [
  ...new Set([...strings(one), ...strings(other)]),
];

const notEmpty = (name: string, value: JsonObject | readonly string[]): JsonObject =>
  Object.keys(value).length === 0 ? {} : { [name]: value };

/** The settings that were recorded already, or are not there as they are wanted. */
function ownSettings(
  wanted: JsonObject,
  recorded: JsonObject,
  set: ReadonlySet<string>,
  path: readonly string[] = [],
): JsonObject {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
      const [place, known] = [[...path, key], recorded[key]];
      if (isJsonObject(value) && Object.keys(value).length > 0) {
        const inner = ownSettings(value, isJsonObject(known) ? known : {}, set, place);
        return Object.keys(inner).length === 0 ? [] : [[key, inner]];
      }
      return known !== undefined || set.has(place.join('.')) ? [[key, value]] : [];
    }),
  );
}

const insecureOf = (registries: readonly Registry[]): readonly string[] => [
  ...new Set(
    registries
      .flatMap(({ endpoint, mirrors }) => [endpoint, ...mirrors])
      .filter(({ url, skipVerify }) => skipVerify || url.startsWith('http:'))
      .map(({ url }) => new URL(url).host),
  ),
];

const strings = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
