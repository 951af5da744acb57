import type { Fact } from '../../src/core/fact.ts';
import type { Json } from '../../src/core/json.ts';
import type { Outcome, Resource } from '../../src/core/resource.ts';
import { describeContent } from '../../src/core/secret.ts';
import type { RunStep, Step } from '../../src/core/step.ts';
import { isVersion } from '../../src/facts/package.ts';

export interface ModelFile {
  content: string;
  mode: string;
  owner: string;
  writtenAt: number;
}

interface ModelUnit {
  isThere: boolean;
  isMasked: boolean;
  isEnabled: boolean;
  isActive: boolean;
  needsReload: boolean;
  startedAt: number;
}

interface ModelPackage {
  version: string | null;
  isHeld: boolean;
}

/** As much of a host as resources ask about and steps change. */
export interface HostModel {
  now: number;
  readonly files: Map<string, ModelFile>;
  readonly sysctls: Map<string, string>;
  readonly modules: Set<string>;
  swaps: readonly string[];
  readonly swapUnits: Set<string>;
  readonly units: Map<string, ModelUnit>;
  readonly packages: Map<string, ModelPackage>;
  /** What repositories have, and what the host knows of it. */
  readonly offered: Map<string, readonly string[]>;
  isIndexed: boolean;
}

export const cloneModel = (model: HostModel): HostModel => structuredClone(model);

/** What the model says to each question of a resource. */
function answersOf(model: HostModel, { facts }: Resource): never {
  return Object.fromEntries(
    Object.entries<Fact>(facts).map(([name, fact]) => [
      name,
      answer(model, fact.family.name, fact.question, fact),
    ]),
  ) as never;
}

export const outcomeOf = (model: HostModel, resource: Resource, changed: readonly string[] = []): Outcome =>
  resource.diff(answersOf(model, resource), { host: 'n1', changed });

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const time = (moment: number, digits: number): string => `${moment}.${'0'.repeat(digits)}`;

function answer(model: HostModel, family: string, question: Json, fact: Fact): Json {
  const answers: Readonly<Record<string, () => Json>> = {
    os: () => fact.family.bare(question as never),
    file: () => fileAnswer(model, question as { path: string; ask: string }),
    sysctl: () => sysctlAnswer(model, question as string),
    'kernel-module': () => moduleAnswer(model, question as string),
    swap: () => ({ active: model.swaps, units: [...model.swapUnits].toSorted() }),
    unit: () => unitAnswer(model, question as { unit: string; active: boolean }),
    package: () => packageAnswer(model, question as { name: string; version: string | null }),
  };
  const give = answers[family];
  if (give === undefined) throw new TypeError(`the model knows nothing of ${family}`);
  return give();
}

function fileAnswer(model: HostModel, { path, ask }: { path: string; ask: string }): Json {
  const file = model.files.get(path);
  const nothing = { type: 'absent', content: null, target: null, mode: null, owner: null, mtime: null };
  if (file === undefined) return nothing;
  if (ask === 'time') return { ...nothing, type: 'file', mtime: time(file.writtenAt, 9) };
  const content = ask === 'content' ? file.content : null;
  return { ...nothing, type: 'file', content, mode: file.mode, owner: file.owner };
}

function sysctlAnswer(model: HostModel, key: string): Json {
  const files = [...model.files]
    .filter(([path]) => path.startsWith('/etc/sysctl.d/'))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([path, { content }]) => {
      const value = content.startsWith(`${key} = `) ? content.slice(key.length + 3).trim() : undefined;
      return value === undefined ? [] : [{ path, value }];
    });
  return { live: model.sysctls.get(key) ?? null, files };
}

function moduleAnswer(model: HostModel, name: string): Json {
  const files = [...model.files]
    .filter(([path, { content }]) => path.startsWith('/etc/modules-load.d/') && content.trim() === name)
    .map(([path]) => path);
  return { isPresent: model.modules.has(name), isBuiltin: false, isAvailable: true, files };
}

function unitAnswer(model: HostModel, { unit: name, active }: { unit: string; active: boolean }): Json {
  const unit = model.units.get(name);
  if (unit?.isThere !== true) {
    return {
      load: 'not-found',
      file: '',
      needsReload: false,
      active: active ? 'inactive' : null,
      startedAt: null,
    };
  }
  const enabled = unit.isEnabled ? 'enabled' : 'disabled';
  return {
    load: unit.isMasked ? 'masked' : 'loaded',
    file: unit.isMasked ? 'masked' : enabled,
    needsReload: unit.needsReload,
    active: active ? (unit.isActive ? 'active' : 'inactive') : null,
    startedAt: active && unit.isActive ? time(unit.startedAt, 6) : null,
  };
}

function packageAnswer(model: HostModel, { name, version }: { name: string; version: string | null }): Json {
  const found = model.packages.get(name) ?? { version: null, isHeld: false };
  const isRight = found.version !== null && isVersion(found.version, version);
  return {
    installed: found.version,
    isHeld: found.isHeld,
    offered: isRight ? null : model.isIndexed ? [...(model.offered.get(name) ?? [])] : [],
  };
}

/** Takes a step: writing is done, a script is understood by its summary. */
export function take(model: HostModel, step: Step): void {
  model.now += 1;
  if (step.do === 'write') {
    const content = describeContent(step.content);
    model.files.set(step.path, { content, mode: octal(step.mode), owner: step.owner, writtenAt: model.now });
    return;
  }
  if (step.do !== 'run') throw new TypeError(`the model cannot ${step.do}`);
  const known = SCRIPTS.find(([pattern]) => pattern.test(step.summary));
  if (known === undefined) throw new TypeError(`the model does not know how to ${step.summary}`);
  const [pattern, effect] = known;
  effect(model, pattern.exec(step.summary)?.slice(1) ?? [], step);
}

type Effect = (model: HostModel, words: readonly string[], step: RunStep) => void;

const names = (list: string | undefined): readonly string[] => (list ?? '').split(', ');

function unitOf(model: HostModel, name: string | undefined): ModelUnit {
  const unit = model.units.get(name ?? '');
  if (unit?.isThere !== true) throw new Error(`there is no unit ${name}`);
  return unit;
}

const SCRIPTS: readonly (readonly [RegExp, Effect])[] = [
  [/^remove (.+)$/, (model, [path = '']) => model.files.delete(path)],
  [/^set (\S+) to (.+)$/, (model, [key = '', value = '']) => model.sysctls.set(key, value)],
  [/^load (\S+)$/, (model, [name = '']) => model.modules.add(name)],
  [/^have systemd read \/etc\/fstab again$/, () => {}],
  [/^stop (.+) for good$/, (model, [list]) => names(list).forEach((name) => model.swapUnits.delete(name))],
  [/^turn swap off$/, (model) => (model.swaps = [])],
  [/^unmask (\S+)$/, (model, [name]) => (unitOf(model, name).isMasked = false)],
  [/^enable (\S+)$/, (model, [name]) => (unitOf(model, name).isEnabled = true)],
  [/^disable (\S+)$/, (model, [name]) => (unitOf(model, name).isEnabled = false)],
  [/^stop (\S+)$/, (model, [name]) => (unitOf(model, name).isActive = false)],
  [/^(?:re)?start (\S+)$/, (model, [name]) => start(model, name)],
  [/^fetch the package index$/, (model) => (model.isIndexed = true)],
  [
    /^install (.+)$/,
    (model, [list], { script }) => install(model, names(list), script.includes('apt-mark hold')),
  ],
  [/^hold (.+)$/, (model, [list]) => mark(model, names(list), true)],
  [/^unhold (.+)$/, (model, [list]) => mark(model, names(list), false)],
  [/^have containerd check/, () => {}],
];

function start(model: HostModel, name: string | undefined): void {
  const unit = unitOf(model, name);
  if (unit.isMasked) throw new Error(`${name} is masked`);
  Object.assign(unit, { isActive: true, needsReload: false, startedAt: model.now });
}

function install(model: HostModel, list: readonly string[], isHeld: boolean): void {
  for (const entry of list) {
    const [name = '', version = ''] = entry.split(' ');
    if (model.offered.get(name)?.includes(version) !== true) throw new Error(`nobody offers ${entry}`);
    model.packages.set(name, { version, isHeld });
  }
}

function mark(model: HostModel, list: readonly string[], isHeld: boolean): void {
  for (const name of list)
    model.packages.set(name, { version: model.packages.get(name)?.version ?? null, isHeld });
}
