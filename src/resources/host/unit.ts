import type { Fact } from '#core/fact.ts';
import { type Difference, type Outcome, type Resource, changeOr, differs, resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { type Step, run } from '#core/step.ts';
import { type FileAnswer, fileTime } from '#facts/file.ts';
import { type FileTime, fileTimes } from '#facts/file-times.ts';
import { journalOf } from '#facts/diagnosis.ts';
import { type UnitAnswer, unitFile, unitName, unitState } from '#facts/unit.ts';

import { readAnew, unitFiles } from './unit-files.ts';

export interface UnitDefinition {
  /** `.service` is added where there is no suffix. */
  readonly name: string;
  readonly isEnabled: boolean;
  /** Absent: this resource does not care whether it runs. */
  readonly isActive?: boolean;
  /** The next resource asks the daemon itself, which says more than that it is still active after a moment. */
  readonly isAskedNext?: true;
  /** Addresses whose change restarts it. */
  readonly restartOn?: readonly string[];
  /** Files it reads as it starts: one that is newer than its process restarts it. */
  readonly watches?: readonly string[];
  /** Shell patterns of further files that it reads as it starts, whoever wrote them. Those of its unit count anyhow. */
  readonly reads?: readonly string[];
  /** Of these, the files that another phase restarts it for. */
  readonly managed?: readonly string[];
}

type UnitFacts = {
  readonly unit: Fact<UnitAnswer>;
  readonly drops?: Fact<readonly FileTime[]>;
} & {
  readonly [path: `/${string}`]: Fact<FileAnswer>;
};

/**
 * A systemd unit that starts at boot, runs, and runs on the configuration it should.
 *
 * It is restarted when this plan changes what it reads, or when a file is newer than its process. So if a run is cut off
 * after a change and before the restart, the next run restarts it.
 */
export const unit = (definition: UnitDefinition): Resource => {
  const name = unitName(definition.name);
  const facts: UnitFacts = {
    unit: definition.isActive === undefined ? unitFile(name) : unitState(name),
    ...(definition.isActive === true && {
      drops: fileTimes([...(definition.reads ?? []), ...unitFiles(name)]),
    }),
    ...Object.fromEntries((definition.watches ?? []).map((path) => [path, fileTime(path)])),
  };
  return resource({
    address: `unit:${name}`,
    facts,
    restartOn: definition.restartOn ?? [],
    settle: {
      timeoutMs: 30_000,
      pauseMs: 300,
      // A unit that fails may be active for a moment each time that systemd tries it again.
      ...(definition.isActive === true && {
        looks: definition.isAskedNext === true ? 1 : 3,
        hopeless: ({ unit: { active } }: Answers) => (active === 'failed' ? `${name} has failed` : undefined),
        diagnosis: journalOf(name),
      }),
    },
    diff: (answers, { changed }) => diffUnit(name, definition, answers as Answers, changed),
  });
};

type Answers = {
  readonly unit: UnitAnswer;
  readonly drops?: readonly FileTime[];
} & {
  readonly [path: `/${string}`]: FileAnswer;
};

function diffUnit(
  name: string,
  { isEnabled, isActive, watches = [], managed = [] }: UnitDefinition,
  answers: Answers,
  changed: readonly string[],
): Outcome {
  const { unit: found, drops = [] } = answers;
  // A mask is a fault only where the unit is to start.
  const isMasked = found.load === 'masked' && (isEnabled || isActive === true);
  const isRunning = found.active === 'active';
  const times = [
    ...watches.map((path) => ({ path, mtime: answers[path as `/${string}`]?.mtime ?? null })),
    ...drops.filter(({ path }) => !watches.includes(path) && !managed.includes(path)),
  ];
  const newer = times
    .filter(({ path }) => !changed.includes(`file:${path}`))
    .filter(({ mtime }) => isNewer(mtime, found.startedAt))
    .map(({ path }) => path);
  const causes = isActive === true && isRunning ? restartCauses(found, newer, changed) : [];
  const differences = [
    ...(isMasked ? differs('masked', true, false) : []),
    ...differs('enabled', isOn(found.file), isEnabled),
    ...(isActive === undefined ? [] : differs('active', isRunning, isActive)),
    ...causes,
  ];
  const steps = (): readonly Step[] => [
    ...(isMasked ? [run(`unmask ${name}`, sh`systemctl unmask -- ${name}`)] : []),
    ...(isOn(found.file) === isEnabled && !isMasked ? [] : [enableStep(name, isEnabled)]),
    ...(isActive === true && (!isRunning || causes.length > 0) ? [startStep(name, isRunning)] : []),
    ...(isActive === false && isRunning ? [run(`stop ${name}`, sh`systemctl stop -- ${name}`)] : []),
  ];
  return changeOr(describe(name, isEnabled, isActive), differences, steps, causes.length > 0 ? [name] : []);
}

function restartCauses(
  found: UnitAnswer,
  newer: readonly string[],
  changed: readonly string[],
): readonly Difference[] {
  return [
    ...changed.map((address) => ({
      what: 'started',
      from: `before the change of ${address}`,
      to: 'after it',
    })),
    ...newer.map((path) => ({ what: 'started', from: `before ${path} was written`, to: 'after it' })),
    ...(found.needsReload ? [{ what: 'unit file', from: 'changed on disk', to: 'read again' }] : []),
  ];
}

/** Both are seconds as text, with nine and six decimals. */
export const isNewer = (mtime: string | null, startedAt: string | null): boolean =>
  mtime !== null && startedAt !== null && nanoseconds(mtime) > nanoseconds(startedAt);

function nanoseconds(seconds: string): bigint {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** A unit without an [Install] section is started by others, and cannot be enabled: `static`, `indirect`, `generated`. */
const isOn = (state: string): boolean => !['', 'disabled', 'masked', 'masked-runtime'].includes(state);

/** To enable it has systemd read all units anew, which is not needed where its package has done so meanwhile. */
const enableStep = (name: string, isEnabled: boolean): Step =>
  isEnabled
    ? run(
        `enable ${name}`,
        sh`[ "$(systemctl is-enabled -- ${name} 2>/dev/null)" = enabled ] || systemctl enable -- ${name}`,
      )
    : run(`disable ${name}`, sh`systemctl disable -- ${name}`);

/**
 * Restarts even what is not known to run: a package may have started it since, on a configuration that is old by now. How often it
 * was started before is no reason to refuse this start: Docker's unit allows three in a minute, whoever asks for them.
 *
 * @see https://www.freedesktop.org/software/systemd/man/252/systemctl.html (reset-failed; a daemon-reload resets the count too)
 */
const startStep = (name: string, isRunning: boolean): Step => ({
  do: 'run',
  summary: `${isRunning ? 'restart' : 'start'} ${name}`,
  timeoutMs: 180_000,
  script: lines(
    readAnew(name),
    sh`systemctl reset-failed -- ${name} 2>/dev/null || :`,
    sh`systemctl restart -- ${name}`,
  ),
});

function describe(name: string, isEnabled: boolean, isActive: boolean | undefined): string {
  const enabled = isEnabled ? 'enabled' : 'disabled';
  if (isActive === undefined) return `${name} is ${enabled}`;
  return `${name} is ${enabled} and ${isActive ? 'active' : 'inactive'}`;
}
