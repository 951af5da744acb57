import { criContradictions, type CriSettings, criSettings } from '#catalog/containerd-contradictions.ts';
import {
  type ContainerdSettings,
  containerdTables,
  importsIn,
  VERSION_OF_FORMAT,
} from '#configuration/containerd-config.ts';
import type { HostKind } from '#core/cluster.ts';
import { isEqualJson, isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { rememberLast } from '#core/remember-last.ts';
import {
  type Deferred,
  deferred,
  none,
  type Outcome,
  refused,
  type Resource,
  resource,
} from '#core/resource.ts';
import { type ContainerdDump, containerdDump, settingOf, type SettingPath } from '#facts/containerd-dump.ts';
import { type GpuAnswer, gpuState, isGpuHost } from '#facts/gpu.ts';

import {
  CONTAINERD_CONFIG_PATH,
  type ContainerdVersion,
  versionFacts,
  versionOf,
} from './containerd-configuration.ts';

export interface ContainerdEffectiveDefinition extends ContainerdSettings {
  readonly version: ContainerdVersion;
  /** The drop-in that another phase manages on hosts with GPUs, whoever wrote it; undefined on others. */
  readonly managed: string | undefined;
  /** Whether that is to be there. */
  readonly gpu: HostKind['gpu'];
}

const CHECK = 'ContainerdConfig';

/**
 * containerd uses the settings that were written. A file that it imports may set something else, and it ignores keys that
 * it does not know without a word.
 */
export const containerdEffective = (definition: ContainerdEffectiveDefinition): Resource => {
  const wantedOf = rememberLast((version: string) => settingsOf(containerdTables(version, definition)));
  const criOf = rememberLast((version: string) => criSettings(containerdTables(version, definition)));
  // Which format a host has is not known when the questions are asked.
  const paths = Object.values(VERSION_OF_FORMAT).flatMap(wantedOf);
  return resource({
    address: 'containerd-effective',
    facts: {
      ...versionFacts(definition.version),
      dump: containerdDump(
        paths.map(({ path }) => path),
        importsIn(containerdTables('2.0', definition)),
      ),
      ...(definition.gpu === 'auto' && { gpus: gpuState }),
    },
    restartOn: [`file:${CONTAINERD_CONFIG_PATH}`],
    diff: (answers, { changed, host }) => {
      const version = versionOf(definition.version, answers);
      const waiting = deferred(
        { host, phase: definition.version.phase },
        'what containerd makes of its configuration',
        none('containerd goes by what is written'),
      );
      if (version === null) return waiting;
      const own = criOf(version);
      const cancelled = FORMAT_2.test(version)
        ? cancelledBy(definition, answers.dump, answers.gpus)
        : undefined;
      if (cancelled !== undefined) return cancelled;
      return judge(
        { settings: wantedOf(version), own },
        definition,
        answers.dump,
        changed.length > 0 ? waiting : undefined,
      );
    },
  });
};

/** Versions that read sections of plugins from one file alone. */
const FORMAT_2 = /^(\d+:)?1\./;

interface Wanted {
  readonly settings: readonly Setting[];
  /** What of it a drop-in could contradict. */
  readonly own: CriSettings;
}

function judge(
  { settings, own }: Wanted,
  definition: ContainerdEffectiveDefinition,
  dump: ContainerdDump,
  waiting: Deferred | undefined,
): Outcome {
  const wanted = settings.map(({ path, value }) => ({
    path,
    value: ours(dump, definition, path) ?? value,
  }));
  const shadows = wanted.flatMap(({ path, value }) => shadowOf(dump, path, value));
  if (shadows.length > 0) {
    return refused(
      CHECK,
      shadows.join('; '),
      `take it out of that file, or write the same into the inventory, under runtime.config`,
    );
  }
  const broken = dump.dropIns.find(({ isToml }) => !isToml);
  if (broken !== undefined) return unreadable(`${broken.file} is not TOML`);
  const contradictions = criContradictions([
    { name: CONTAINERD_CONFIG_PATH, cri: own },
    ...dump.dropIns.flatMap(({ file, cri }) => (cri === undefined ? [] : [{ name: file, cri }])),
  ]);
  if (contradictions.length > 0) {
    return refused(
      CHECK,
      contradictions.join('; '),
      'take it out of that file; registries have a section of their own in the inventory',
    );
  }
  if (waiting !== undefined) return waiting;
  if (dump.problem !== null) return unreadable(dump.problem);
  const wrong = wanted.flatMap(({ path, value }) => {
    const found = settingOf(dump.effective, path);
    if (found === undefined) return [`containerd does not know ${name(path)}, and ignores it`];
    return isEqualJson(found, value)
      ? []
      : [`containerd goes by ${name(path)} = ${show(found)}, wanted ${show(value)}`];
  });
  if (wrong.length === 0) return none('containerd goes by what is written, drop-ins included');
  const isFormat2 = wanted.some(({ path }) => isEqualJson(path, ['plugins', CRI, 'sandbox_image']));
  const section = isFormat2 ? sectionOver(dump, definition) : undefined;
  if (section !== undefined) {
    return refused(
      CHECK,
      `${section} has a section ${name(['plugins', CRI])} of its own, which containerd 1.x takes in place of that in ${CONTAINERD_CONFIG_PATH}: ${wrong.join('; ')}`,
      'move what it sets into the inventory, under runtime.config, and remove it',
    );
  }
  return refused(CHECK, wrong.join('; '), `compare "containerd config dump" with ${CONTAINERD_CONFIG_PATH}`);
}

const unreadable = (why: string): Outcome =>
  refused(CHECK, `containerd cannot read its configuration: ${why}`, 'mend or remove that file');

/**
 * The drop-in whose section containerd 1.x takes in place of the main file's.
 *
 * @see https://github.com/containerd/containerd/issues/5837 (until 2.0)
 */
const sectionOver = (
  { dropIns }: ContainerdDump,
  { managed }: ContainerdEffectiveDefinition,
): string | undefined =>
  dropIns.findLast(({ file, plugins }) => file !== managed && plugins.includes(CRI))?.file;

/** Of drop-ins that have the section each, containerd 1.x takes the last: the NVIDIA runtime's or the other's is lost. */
function cancelledBy(
  definition: ContainerdEffectiveDefinition,
  dump: ContainerdDump,
  gpus: GpuAnswer | undefined,
): Outcome | undefined {
  const { gpu, managed } = definition;
  const isWanted = gpus === undefined ? gpu === true : isGpuHost(definition, gpus);
  const other = sectionOver(dump, definition);
  if (other === undefined || managed === undefined) return undefined;
  if (!(isWanted || dump.dropIns.some(({ file }) => file === managed))) return undefined;
  return refused(
    CHECK,
    `${other} has a section ${name(['plugins', CRI])}, as ${managed} has; containerd 1.x goes by that of the last file alone, so one would cancel the other`,
    `move what ${other} sets into the inventory, under runtime.config, and remove it: the NVIDIA runtime takes that over`,
  );
}

/** What drop-ins say that slipway wrote, or that another phase manages: that is wanted as well. */
const ours = (
  { dropIns }: ContainerdDump,
  { managed }: ContainerdEffectiveDefinition,
  path: SettingPath,
): Json | undefined =>
  dropIns
    .filter(({ isOurs, file }) => isOurs || file === managed)
    .map(({ settings }) => settingOf(settings, path))
    .findLast((value) => value !== undefined);

/** If several files set the same key, the last one counts. */
function shadowOf({ dropIns }: ContainerdDump, path: SettingPath, wanted: Json): readonly string[] {
  const setters = dropIns.flatMap(({ file, settings }) => {
    const value = settingOf(settings, path) ?? settingOf(settings, inFormat2(path));
    return value === undefined ? [] : [{ file, value }];
  });
  const last = setters.at(-1);
  if (last === undefined || isEqualJson(last.value, wanted)) return [];
  return [
    `${last.file} sets ${name(path)} = ${show(last.value)} over ${CONTAINERD_CONFIG_PATH}, which has ${show(wanted)}`,
  ];
}

const CRI = 'io.containerd.grpc.v1.cri';

/** Where a setting stands in a file of format 2, which newer versions still read. */
function inFormat2(path: SettingPath): SettingPath {
  const [plugins = '', plugin = '', ...rest] = path;
  if (plugin === 'io.containerd.cri.v1.runtime') return [plugins, CRI, ...rest];
  if (plugin !== 'io.containerd.cri.v1.images') return path;
  if (rest[0] === 'pinned_images') return [plugins, CRI, 'sandbox_image'];
  return rest[0] === 'snapshotter' ? [plugins, CRI, 'containerd', 'snapshotter'] : [plugins, CRI, ...rest];
}

interface Setting {
  readonly path: SettingPath;
  readonly value: Json;
}

/** Every value of the file but those that are about files. */
function settingsOf(tables: JsonObject): readonly Setting[] {
  const walk = (value: Json, path: SettingPath): readonly Setting[] =>
    isJsonObject(value)
      ? Object.entries(value).flatMap(([key, member]) => walk(member, [...path, key]))
      : [{ path, value }];
  return Object.entries(tables).flatMap(([key, value]) =>
    key === 'version' || key === 'imports' ? [] : walk(value, [key]),
  );
}

/** As it would be written in TOML. */
const name = (path: SettingPath): string =>
  path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join('.');

const show = (value: Json): string => JSON.stringify(value);
