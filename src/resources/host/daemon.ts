import { command, lines, sh } from '#core/shell.ts';
import { rememberLast } from '#core/remember-last.ts';
import type { Daemon, TurnOrder } from '#core/daemon.ts';
import {
  type Change,
  change,
  type Difference,
  differs,
  gated,
  none,
  type Outcome,
  type Resource,
  resource,
  withChange,
} from '#core/resource.ts';
import type { Fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { type RunStep, run } from '#core/step.ts';
import { journalOf } from '#facts/diagnosis.ts';
import { type FileTime, fileTimes } from '#facts/file-times.ts';
import { ABSENT, FORMER_FILES, formerFiles } from '#facts/former-files.ts';
import { type UnitAnswer, unitState } from '#facts/unit.ts';

import { isNewer } from './unit.ts';

/** A daemon that other work on the host depends on, and how it is known to be well. */
export interface DaemonDefinition {
  /** `docker`. */
  readonly name: string;
  /** Its units, with suffix; the first one reads the files. */
  readonly units: readonly [string, ...string[]];
  /** Files of slipway's that it reads as it starts. */
  readonly files: readonly string[];
  /** The record of what is slipway's in such a file, which goes back with it. */
  readonly record?: string;
  /** What it says when it is asked. */
  readonly health: Fact<Health>;
  /** In which order hosts in service take turns; absent: the order of the engine. */
  readonly order?: TurnOrder;
}

/** Whether it answers, and if not, why. */
type Health = { readonly state: string } & { readonly [name: string]: Json };

interface State {
  readonly unit: UnitAnswer;
  readonly health: Health;
  readonly former: readonly string[];
  readonly times: readonly FileTime[];
}

/**
 * Resources that change a daemon on a host in service. Before one of them writes a file, what the daemon runs on is kept.
 * Where one fails after that, the daemon gets it back.
 *
 * @param asked the resource that asks whether the daemon is well: then it lets go of what was kept.
 */
export function changesOf(
  daemon: DaemonDefinition,
  changes: readonly Resource[],
  asked?: Resource,
): readonly Resource[] {
  const inService = serving(daemon);
  return [
    ...changes.map((one) => keeping(daemon, one)),
    ...(asked === undefined ? [] : [proof(daemon, asked)]),
  ].map((one) => ({ ...one, daemon: inService }));
}

/** Made once for the hosts of a daemon, and not once a host. */
const serving = rememberLast((daemon: DaemonDefinition): Daemon => ({
  ...turnsOf(daemon),
  recovery: formerFilesBack(daemon),
}));

/** Packages of a daemon: where it runs, their scripts restart it. */
export const restartingPackages = (wanted: Resource, unit: string): Resource =>
  packagesInTurn(wanted, unit, (outcome) => ({
    ...outcome,
    restarts: [...(outcome.restarts ?? []), unit],
  }));

/** Packages that what runs below a daemon uses: where it runs, hosts take turns with new versions of them. */
export const usedPackages = (wanted: Resource, daemon: DaemonDefinition): Resource => ({
  ...packagesInTurn(wanted, daemon.units[0], (outcome) => ({ ...outcome, takesTurn: true })),
  daemon: turnsOf(daemon),
});

/** For what takes its turn with a daemon and has nothing that could be given back to it. */
export const turnsOf = ({ name, order }: Pick<Daemon, 'name' | 'order'>): Daemon => ({
  name,
  ...(order !== undefined && { order }),
});

/** Which versions there are may have to be found out first: a host in service takes its turn for that as well. */
const packagesInTurn = (wanted: Resource, unit: string, replaced: (outcome: Change) => Change): Resource =>
  gated(wanted, { 'the daemon': unitState(unit) }, (answers, _, decide) => {
    const outcome = decide();
    if (answers['the daemon'].active !== 'active') return outcome;
    const known = withChange(outcome, (seen) =>
      seen.differences.some(({ what, from }) => what.endsWith(' version') && from !== null)
        ? replaced(seen)
        : seen,
    );
    return known.answer === 'deferred' ? { ...known, takesTurn: true } : known;
  });

const stateFacts = rememberLast((daemon: DaemonDefinition) => ({
  unit: unitState(daemon.units[0]),
  health: daemon.health,
  former: formerFiles(daemon.name),
  times: fileTimes([...daemon.files, ...recordOf(daemon)]),
}));

const recordOf = ({ record }: DaemonDefinition): readonly string[] => (record === undefined ? [] : [record]);

/** Where nobody can ask it yet, that it runs has to do: what it ran on is better than what it dies of. */
const isWell = ({ unit, health }: Pick<State, 'unit' | 'health'>): boolean =>
  unit.active === 'active' && health.state !== 'silent';

/** A file of the daemon's: what it was is kept before it is written, where the daemon is well on it. */
function keeping(daemon: DaemonDefinition, one: Resource): Resource {
  if (!daemon.files.some((path) => one.address.endsWith(`:${path}`))) return one;
  return gated(one, prefixed(daemon), (answers, _, decide) => {
    const outcome = decide();
    const { 'its unit': unit, 'its health': health, 'its times': times } = answers;
    return outcome.answer === 'change' && isWell({ unit, health })
      ? withKept(outcome, daemon, { unit, times })
      : outcome;
  });
}

/** Names that no resource has for its own facts. */
const prefixed = rememberLast((daemon: DaemonDefinition) => {
  const { unit, health, times } = stateFacts(daemon);
  return { 'its unit': unit, 'its health': health, 'its times': times };
});

function withKept(outcome: Change, daemon: DaemonDefinition, state: Started): Change {
  const written = outcome.steps.flatMap((step) =>
    step.do === 'write' && daemon.files.includes(step.path) ? [step.path] : [],
  );
  if (written.length === 0) return outcome;
  const kept = [...written, ...recordOf(daemon)].map((path) =>
    keepStep(daemon.name, path, !isNewerThanDaemon(state, path)),
  );
  return { ...outcome, steps: [...kept, ...outcome.steps] };
}

/**
 * Copies are made whole or not at all. A file that is newer than the daemon is not what it runs on: that was kept when the
 * file was written, by a run that was cut off.
 */
function keepStep(daemon: string, path: string, isRunOn: boolean): RunStep {
  const kept = `${FORMER_FILES}/${daemon}${path}`;
  const absent = `${kept}${ABSENT}`;
  const step = run(
    `keep ${path} as it is, for ${daemon}`,
    lines(
      ...(isRunOn ? [] : [sh`if [ -e ${kept} ] || [ -L ${kept} ] || [ -e ${absent} ]; then exit 0; fi`]),
      sh`umask 077`,
      sh`mkdir -p ${kept.slice(0, kept.lastIndexOf('/'))}`,
      sh`rm -f ${kept} ${absent}`,
      sh`if [ -e ${path} ] || [ -L ${path} ]; then cp -a ${path} ${`${kept}.new`}; [ -L ${path} ] || sync ${`${kept}.new`}; mv -f ${`${kept}.new`} ${kept}; else : >${absent}; fi`,
    ),
  );
  return { ...step, isRecord: true };
}

const letGo = (daemon: string): RunStep => ({
  ...run(`let go of the former files of ${daemon}`, command('rm', '-rf', '--', `${FORMER_FILES}/${daemon}`)),
  isRecord: true,
});

/**
 * The resource that asks the daemon: once it answers, what it ran on before is not needed any more. Where a run was cut off
 * before that and it does not answer, no person has to decide: it is waited for, and in vain it gets its files back.
 */
const proof = (daemon: DaemonDefinition, one: Resource): Resource =>
  gated(one, { 'of the daemon': formerFiles(daemon.name) }, (answers, _, decide) => {
    const outcome = decide();
    const former = answers['of the daemon'];
    if (former.length === 0) return outcome;
    const [unit] = daemon.units;
    if (outcome.answer === 'refused')
      return change([{ what: daemon.name, from: outcome.why, to: 'well' }], [], [unit]);
    if (outcome.answer === 'change') return { ...outcome, restarts: [unit] };
    if (outcome.answer === 'deferred') return outcome;
    return change(
      former.map((path) => ({ what: `former ${path}`, from: 'kept', to: null })),
      [letGo(daemon.name)],
    );
  });

/** For a daemon that could not be brought up: it runs, and is well, on the files it had before. */
function formerFilesBack(daemon: DaemonDefinition): Resource {
  const { name, units, record } = daemon;
  return resource({
    address: `former-files:${name}`,
    facts: stateFacts(daemon),
    settle: {
      timeoutMs: 60_000,
      looks: 3,
      hopeless: ({ unit }) =>
        unit.active === 'failed' ? `${units[0]} has failed on them as well` : undefined,
      diagnosis: journalOf(units[0]),
    },
    diff: (state): Outcome => {
      const { former } = state;
      if (former.length > 0) {
        const files = former.filter((path) => path !== record);
        const isUntouched = isWell(state) && files.every((path) => isNewerThanDaemon(state, path));
        return change(
          files.map((path) => ({ what: path, from: 'as it was to be', to: 'as it was' })),
          [restore(name), ...(isUntouched ? [] : [restart(units)]), letGo(name)],
          isUntouched ? [] : [units[0]],
        );
      }
      if (!isWell(state)) return change(unwell(state));
      const isAsked = state.health.state !== 'unasked';
      return none(isAsked ? `${name} is well on it` : `${name} runs on it, and cannot be asked yet`);
    },
  });
}

/** When a daemon was started, and its files were written. */
type Started = Pick<State, 'unit' | 'times'>;

/** The daemon has not read it yet. */
const isNewerThanDaemon = ({ times, unit }: Started, path: string): boolean =>
  isNewer(times.find((one) => one.path === path)?.mtime ?? null, unit.startedAt);

const unwell = ({ unit, health }: State): readonly Difference[] => [
  ...differs('active', unit.active, 'active'),
  ...(health.state === 'silent' ? differs('state', health['why'] ?? health.state, 'answers') : []),
];

/** Each file is put in its place by renaming; its time is its old one. */
const restore = (daemon: string): RunStep =>
  run(
    `put back the former files of ${daemon}`,
    sh`cd ${`${FORMER_FILES}/${daemon}`}
find . ! -type d ! -name '*.new' | cut -c2- | while IFS= read -r path; do
case $path in
*${ABSENT}) rm -f -- "$(dirname "$path")/$(basename "$path" ${ABSENT})";;
*) fresh=$(dirname "$path")/.$(basename "$path").slipway; cp -a -- ".$path" "$fresh"; [ -L "$fresh" ] || sync "$fresh"; mv -f -- "$fresh" "$path";;
esac
done`,
  );

const restart = (units: readonly [string, ...string[]]): RunStep => ({
  do: 'run',
  summary: `restart ${units[0]} on its former files`,
  timeoutMs: 180_000,
  script: lines(
    sh`systemctl daemon-reload`,
    sh`systemctl reset-failed -- ${units} 2>/dev/null || :`,
    sh`systemctl restart -- ${units}`,
  ),
});
