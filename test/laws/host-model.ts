import { createHash } from 'node:crypto';

import type { Fact } from '#core/fact.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { DiffContext, Outcome, Resource } from '#core/resource.ts';
import { DOWNLOADS } from '#facts/download.ts';
import { ABSENT, FORMER_FILES } from '#facts/former-files.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { isVersion } from '#distributions/package-version.ts';

import { type ClusterModel, kubectlDiff, mapAt } from './kubectl-model.ts';

import { missingFile } from '../support/file-answer.ts';

export interface ModelFile {
  readonly content: string;
  readonly mode: string;
  readonly owner: string;
  readonly writtenAt: number;
}

export interface ModelUnit {
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

/** As much of a host, and of the cluster it is in, as resources ask about and steps change. */
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
  /** Release files by their URL: the sha256 of what is served. */
  readonly published: Map<string, string>;
  /** Files of a download that are no longer as they were unpacked, by its name. */
  readonly altered: Map<string, readonly string[]>;
  /** What the names of secrets in steps stand for. */
  readonly secrets: Map<string, string>;
  readonly cluster: ClusterModel;
  /** Manifests that may be asked about. */
  readonly manifests: readonly string[];
}

export const cloneModel = (model: HostModel): HostModel => structuredClone(model);

/** What the model says to each question of a resource. */
function answersOf(model: HostModel, { facts }: Resource): never {
  return Object.fromEntries(
    Object.entries<Fact>(facts).map(([name, fact]) => [name, answer(model, fact)]),
  ) as never;
}

export const outcomeOf = (
  model: HostModel,
  resource: Resource,
  changed: readonly string[] = [],
  planned?: DiffContext['planned'],
): Outcome =>
  resource.diff(answersOf(model, resource), {
    host: 'n1',
    changed,
    ...(planned !== undefined && { planned }),
  });

const time = (moment: number, digits: number): string => `${moment}.${'0'.repeat(digits)}`;

type Answer = (model: HostModel, question: Json, fact: Fact) => Json;

/** By the first word of the family's name. Of most, its own parser reads what its script would print. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  os: (_, question, { family }) => ({ ...(family.bare(question as never) as JsonObject), machineId: 'm1' }),
  // It was set up from none.
  bundle: () => null,
  file: (model, question) => fileAnswer(model, question as { path: string; ask: string }),
  'file-times': (model, question, fact) => read(fact, fileTimes(model, question as readonly string[])),
  'former-files': (model, question, fact) => read(fact, formerFiles(model, question as string)),
  cri: (model, question) => health(model, (question as { unit: string }).unit),
  'daemon-health': ({ units }, question) => {
    const { unit } = question as { unit: string };
    return units.get(unit)?.isActive === true ? { state: 'answers' } : { state: 'silent', why: 'inactive' };
  },
  'kubelet-health': (model) =>
    model.files.has('/var/lib/kubelet/config.yaml') ? health(model, 'kubelet.service') : { state: 'unasked' },
  'secret-file': (model, question, fact) => read(fact, secretFile(model, question as string)),
  'owned-files': (model, question, fact) =>
    read(fact, ownedFiles(model, question as { pattern: string; mark: string })),
  path: (model, question) => (model.files.has(question as string) ? 'file' : 'absent'),
  detached: () => false,
  sysctl: (model, question) => sysctlAnswer(model, question as string),
  'kernel-module': (model, question) => moduleAnswer(model, question as string),
  swap: ({ swaps, swapUnits }) => ({ active: swaps, units: [...swapUnits].toSorted() }),
  // When it was started, and when it has read its files again, is one time here.
  'network-manager': ({ files, units }, question) => {
    const unit = units.get('NetworkManager.service');
    const file = files.get(question as string);
    return {
      isRunning: unit?.isActive === true,
      isRead: unit?.isActive === true && file !== undefined && unit.startedAt >= file.writtenAt,
    };
  },
  unit: (model, question) => unitAnswer(model, question as { unit: string; active: boolean }),
  package: (model, question) => packageAnswer(model, question as { name: string; version: string | null }),
  'install-effects': () => ({ state: 'unknown' }),
  'other-entries': () => ({ files: [], keyrings: {} }),
  download: (model, question, fact) => read(fact, downloadRecord(model, question as string)),
  gpu: () => ({
    isKnown: true,
    devices: ['0000:01:00.0'],
    driver: '580.95.05',
    library: '580.95.05',
    gpus: [{ mig: [] }],
  }),
  api: (model, _, fact) => read(fact, apiAnswer(model)),
  'ip-pools': (model, _, fact) =>
    read(
      fact,
      list(model, ({ kind }) => kind === 'IPPool'),
    ),
  'owned-objects': (model, _, fact) =>
    read(fact, `found\n${list(model, (object) => SET_LABEL in mapAt(object, 'metadata', 'labels'))}`),
  // Controllers are quick here.
  workloads: (_, question, fact) =>
    read(
      fact,
      (question as { workloads: readonly Record<'kind' | 'namespace' | 'name', string>[] }).workloads
        .map(({ kind, namespace, name }) => `${kind}|${namespace}|${name}||1|1|1|1|1|1|RollingUpdate|\n`)
        .join(''),
    ),
  'device-plugins': (model, _, fact) =>
    read(
      fact,
      list(model, ({ kind }) => kind === 'DaemonSet'),
    ),
  evictions: () => null,
  'manifest-diff': (model, question, fact) => read(fact, manifestDiff(model, question as string)),
};

function answer(model: HostModel, fact: Fact): Json {
  const { name } = fact.family;
  const give = ANSWERS[name] ?? ANSWERS[name.split(' ')[0] ?? ''];
  if (give === undefined) throw new TypeError(`the model knows nothing of ${name}`);
  return give(model, fact.question, fact);
}

function read({ family, question }: Fact, printed: string): Json {
  const [found] = family.parse(printed, [question] as never);
  return found as Json;
}

function fileAnswer(model: HostModel, { path, ask }: { path: string; ask: string }): Json {
  const file = model.files.get(path);
  if (file === undefined) return missingFile;
  if (ask === 'time') return { ...missingFile, type: 'file', mtime: time(file.writtenAt, 9) };
  const content = ask === 'content' ? file.content : null;
  return { ...missingFile, type: 'file', content, mode: file.mode, owner: file.owner };
}

/** Patterns with one star, as there are. */
function fileTimes(model: HostModel, patterns: readonly string[]): string {
  const found = [...model.files].filter(([path]) =>
    patterns.some((pattern) => {
      const [start = '', end] = pattern.split('*');
      return end === undefined ? path === pattern : path.startsWith(start) && path.endsWith(end);
    }),
  );
  return [...found.map(([path, { writtenAt }]) => `${time(writtenAt, 9)} ${path}`), `${time(0, 9)} /\n`].join(
    '\n',
  );
}

function formerFiles(model: HostModel, daemon: string): string {
  const kept = [...model.files.keys()].filter((path) => path.startsWith(`${FORMER_FILES}/${daemon}/`));
  return [...kept, 'end\n'].join('\n');
}

/** A daemon that runs is well here; what is only waited for has no steps to prove. */
const health = ({ units }: HostModel, unit: string): Json =>
  units.get(unit)?.isActive === true
    ? { state: 'answers', runtime: 'model', version: '1' }
    : { state: 'unasked' };

export const formerPath = (daemon: string, path: string, isThere: boolean): string =>
  `${FORMER_FILES}/${daemon}${path}${isThere ? '' : ABSENT}`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function secretFile(model: HostModel, path: string): string {
  const file = model.files.get(path);
  return file === undefined ? 'absent\n' : `${sha256(file.content)} ${file.mode} ${file.owner}\n`;
}

function ownedFiles(model: HostModel, { pattern, mark }: { pattern: string; mark: string }): string {
  const [start = '', end = ''] = pattern.split('*');
  const found = [...model.files]
    .filter(([path]) => path.startsWith(start) && path.endsWith(end))
    .filter(([, { content }]) => content.split('\n')[0] === mark);
  return [...found.map(([path]) => path), 'end\n'].join('\n');
}

function downloadRecord(model: HostModel, name: string): string {
  const record = model.files.get(`${DOWNLOADS}/${name}`);
  const altered = model.altered.get(name) ?? [];
  return record === undefined
    ? 'end\n'
    : [record.content.split('\n')[0], ...altered.map((path) => `altered ${path}`), 'end\n'].join('\n');
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

const list = ({ cluster }: HostModel, isWanted: (object: JsonObject) => boolean): string =>
  JSON.stringify({ kind: 'List', items: [...cluster.values()].filter(isWanted) });

/** Nodes, then what kubeadm leaves in kube-system. */
function apiAnswer(model: HostModel): string {
  const nodes = list(model, ({ kind }) => kind === 'Node');
  return `${nodes}\n\n===\n${list(model, ({ kind }) => kind === 'ConfigMap' || kind === 'DaemonSet')}\n`;
}

/** The question is a digest: what is asked about has to be one of the manifests that are there to ask about. */
function manifestDiff({ cluster, manifests }: HostModel, digest: string): string {
  const manifest = manifests.find((one) => sha256(one) === digest);
  if (manifest === undefined) throw new TypeError(`no manifest has the sha256 ${digest}`);
  return kubectlDiff(cluster, manifest);
}
