import { parse, stringify } from 'smol-toml';

import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { Content } from '#core/secret.ts';
import type { RunStep, Step, WriteStep } from '#core/step.ts';
import { DOWNLOADS } from '#facts/download.ts';

import { formerPath, type HostModel, type ModelUnit } from './host-model.ts';
import { runKubectl } from './kubectl-model.ts';
import { simpleCommands } from './shell-words.ts';

/** Something that happens to a host whole or not at all: between two of them a run may be cut off. */
export type Action = (model: HostModel) => void;

/**
 * What a step does, in the order in which it does it. Writing is done; simple commands of programs that the model
 * knows are read word by word; any other script is understood by its summary.
 */
export function actionsOf(step: Step): readonly Action[] {
  if (step.do === 'write') return [(model) => write(model, step)];
  if (step.do !== 'run') throw new TypeError(`the model cannot ${step.do}`);
  const commands = simpleCommands(step.script);
  if (commands?.every(([program = '']) => program in PROGRAMS) === true) {
    return commands.flatMap(([program = '', ...argv]) =>
      partsOf(argv, step).map(
        (part): Action =>
          (model) =>
            PROGRAMS[program]?.(model, argv, part),
      ),
    );
  }
  const known = SCRIPTS.find(([pattern]) => pattern.test(step.summary));
  if (known === undefined) throw new TypeError(`the model does not know how to ${step.summary}`);
  const [pattern, effect] = known;
  return [(model) => effect(model, pattern.exec(step.summary)?.slice(1) ?? [], step)];
}

/** Objects are applied one after another. */
const partsOf = (argv: readonly string[], step: RunStep): readonly RunStep[] =>
  argv.includes('apply') && typeof step.stdin === 'string'
    ? step.stdin.split(/^---\n/m).map((stdin) => ({ ...step, stdin }))
    : [step];

type Effect = (model: HostModel, words: readonly string[], step: RunStep) => void;

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const contentOf = ({ secrets }: HostModel, content: Content): string =>
  typeof content === 'string'
    ? content
    : content
        .map((part) => {
          const value = typeof part === 'string' ? part : secrets.get(part.secret);
          if (value === undefined) throw new Error(`nobody knows the secret ${JSON.stringify(part)}`);
          return value;
        })
        .join('');

const UNITS = '/etc/systemd/system/';

function write(model: HostModel, { path, content, mode, owner }: WriteStep): void {
  model.files.set(path, {
    content: contentOf(model, content),
    mode: octal(mode),
    owner,
    writtenAt: model.now,
  });
  if (!path.startsWith(UNITS)) return;
  const name = path.slice(UNITS.length);
  const found = model.units.get(name);
  model.units.set(name, found?.isThere === true ? { ...found, needsReload: true } : newUnit());
}

const newUnit = (): ModelUnit => ({
  isThere: true,
  isMasked: false,
  isEnabled: false,
  isActive: false,
  needsReload: false,
  startedAt: 0,
});

const PROGRAMS: Readonly<Record<string, Effect>> = {
  kubectl: (model, argv, { stdin = '' }) => runKubectl(model.cluster, argv, contentOf(model, stdin)),
  rm: (model, argv) => {
    const paths = argv.filter((word) => !word.startsWith('-'));
    if (argv.includes('-rf')) return removeTrees(model, paths);
    for (const path of paths) {
      if (!model.files.delete(path) && !argv.includes('-f')) throw new Error(`there is no ${path}`);
    }
  },
  set: () => {},
  'nvidia-ctk': (model, argv) => (argv.includes('config') ? configureToolkit : generateCdi)(model, argv),
};

const flagOf = (argv: readonly string[], name: string): string =>
  argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';

/** `--set table.key=value`, where a list has colons between. */
function configureToolkit(model: HostModel, argv: readonly string[]): void {
  const path = flagOf(argv, 'config-file');
  const before = parse(model.files.get(path)?.content ?? '') as JsonObject;
  const after = argv
    .filter((_, index) => argv[index - 1] === '--set')
    .reduce((config, setting) => {
      const [, table = '', key = '', value = ''] = /^([\w-]+)\.([\w-]+)=(.*)$/.exec(setting) ?? [];
      return mergeObjects(config, { [table]: { [key]: key === 'runtimes' ? value.split(':') : value } });
    }, before);
  model.files.set(path, rootFile(model, stringify(after)));
}

const generateCdi = (model: HostModel, argv: readonly string[]): void => {
  model.files.set(flagOf(argv, 'output'), rootFile(model, 'cdiVersion: 0.5.0\n'));
};

const rootFile = ({ now }: HostModel, content: string) => ({
  content,
  mode: '0644',
  owner: 'root:root',
  writtenAt: now,
});

function removeTrees(model: HostModel, roots: readonly string[]): void {
  for (const path of model.files.keys())
    if (roots.some((root) => path === root || path.startsWith(`${root}/`))) model.files.delete(path);
}

/** The script says itself whether an older copy stays. */
function keep(model: HostModel, [path = '', daemon = '']: readonly string[], { script }: RunStep): void {
  const [there, absent] = [true, false].map((isThere) => formerPath(daemon, path, isThere));
  const isKept = model.files.has(there ?? '') || model.files.has(absent ?? '');
  if (isKept && script.includes('exit 0')) return;
  for (const old of [there, absent]) model.files.delete(old ?? '');
  const found = model.files.get(path);
  model.files.set((found === undefined ? absent : there) ?? '', found ?? rootFile(model, ''));
}

const names = (list: string | undefined): readonly string[] => (list ?? '').split(', ');

function unitOf(model: HostModel, name: string | undefined): ModelUnit {
  const unit = model.units.get(name ?? '');
  if (unit?.isThere !== true) throw new Error(`there is no unit ${name}`);
  return unit;
}

const SCRIPTS: readonly (readonly [RegExp, Effect])[] = [
  [/^set (\S+) to (.+)$/, (model, [key = '', value = '']) => model.sysctls.set(key, value)],
  [/^load ([\w-]+)$/, (model, [name = '']) => model.modules.add(name)],
  [/^keep (\S+) as it is, for (\S+)$/, keep],
  [
    /^have (NetworkManager) read its settings again$/,
    (model, [name]) => (unitOf(model, `${name}.service`).startedAt = model.now),
  ],
  [/^have systemd read \/etc\/fstab again$/, () => {}],
  [/^stop (.+) for good$/, (model, [list]) => names(list).forEach((name) => model.swapUnits.delete(name))],
  [/^turn swap off$/, (model) => (model.swaps = [])],
  [/^unmask (\S+)$/, (model, [name]) => (unitOf(model, name).isMasked = false)],
  [/^enable (\S+)$/, (model, [name]) => (unitOf(model, name).isEnabled = true)],
  [/^disable (\S+)$/, (model, [name]) => (unitOf(model, name).isEnabled = false)],
  [/^stop (\S+)$/, (model, [name]) => (unitOf(model, name).isActive = false)],
  [/^(?:re)?start (\S+)$/, (model, [name]) => start(model, name)],
  [/^fetch the package index$/, (model) => (model.isIndexed = true)],
  [/^(?:fetch|stream) (https?:\S+)$/, fetchFile],
  [/^unpack (\S+) /, (model, [name = ''], step) => unpack(model, name, step)],
  [/^remove (\S+), as it was unpacked$/, (model, [name = '']) => removeDownload(model, name)],
  [/^install (.+)$/, (model, [list], { lists }) => install(model, names(list), lists?.['held'] !== '')],
  [/^hold (.+)$/, (model, [list]) => mark(model, names(list), true)],
  [/^unhold (.+)$/, (model, [list]) => mark(model, names(list), false)],
  [/^have (?:containerd|Docker) check/, () => {}],
  [/^have apt read its sources/, () => {}],
  [/^keep a copy of (\S+)$/, (model, [path = '']) => keepCopy(model, path)],
  [/^load the driver; /, () => {}],
  [/^wait (?:for|until) /, () => {}],
  [/^delete Job /, deleteJob],
];

/** Numbered, so that an earlier copy stays. */
function keepCopy({ files }: HostModel, path: string): void {
  const found = files.get(path);
  if (found === undefined) throw new Error(`there is no ${path} to copy`);
  for (let number = 1; ; number += 1) {
    const copy = `${path}.before-slipway${number === 1 ? '' : number}.bak`;
    const there = files.get(copy);
    if (there === undefined) files.set(copy, found);
    if (there === undefined || there.content === found.content) return;
  }
}

/** The Job that is named, by the script's own words; the model has no chart, and so no other hooks of one. */
function deleteJob(model: HostModel, _: readonly string[], { script }: RunStep): void {
  const line = script.split('\n').find((one) => /^kubectl .* delete jobs\.batch /.test(one)) ?? '';
  for (const [, ...argv] of simpleCommands(line) ?? []) runKubectl(model.cluster, argv, '');
}

function start(model: HostModel, name: string | undefined): void {
  const unit = unitOf(model, name);
  if (unit.isMasked) throw new Error(`${name} is masked`);
  Object.assign(unit, { isActive: true, needsReload: false, startedAt: model.now });
}

/** Where a script puts what it has fetched, of the paths that stand in it. */
const fetchedPath = ({ script }: RunStep): string =>
  new RegExp(String.raw`${DOWNLOADS}/\w+\.fetched`).exec(script)?.[0] ?? '';

function fetchFile(model: HostModel, [url = '']: readonly string[], step: RunStep): void {
  const served = model.published.get(step.file?.url ?? url) ?? '';
  if (served === '' || !step.script.includes(served)) throw new Error(`${url} has another sha256`);
  model.files.set(fetchedPath(step), rootFile(model, served));
}

/** The record is what the script says it writes, and not what was wanted. */
function unpack(model: HostModel, name: string, step: RunStep): void {
  if (!model.files.delete(fetchedPath(step))) throw new Error(`nothing was fetched to unpack as ${name}`);
  const [record = ''] = /sha256 [0-9a-f]{64}/.exec(step.script) ?? [];
  model.files.set(`${DOWNLOADS}/${name}`, rootFile(model, `${record}\n`));
  model.altered.delete(name);
}

function removeDownload(model: HostModel, name: string): void {
  model.files.delete(`${DOWNLOADS}/${name}`);
  model.altered.delete(name);
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
