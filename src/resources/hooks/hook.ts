import { at, CONTROLLER } from '#core/fact.ts';
import type { Hook } from '#core/hook.ts';
import {
  change,
  type Difference,
  none,
  noted,
  type Outcome,
  type Resource,
  resource,
} from '#core/resource.ts';
import { sha256Of } from '#core/sha256.ts';
import { lines, quote, type Script, sh } from '#core/shell.ts';
import type { RunStep, Step } from '#core/step.ts';
import { fileContent, fileMetadata } from '#facts/file.ts';
import { hookCheck } from '#facts/hook-check.ts';
import { writeStep } from '#resources/files/diff-file.ts';

/** Where hooks keep what they have to know again. */
const DIRECTORY = '/var/lib/slipway/hooks';

const duePath = ({ name }: Pick<Hook, 'name'>): string => `${DIRECTORY}/${name}.due`;
const donePath = ({ name }: Pick<Hook, 'name'>): string => `${DIRECTORY}/${name}.done`;

/** The program of a hook, and what it finds in its environment. */
export interface HookRun {
  readonly hook: Hook;
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A program of the operator's. slipway cannot know what it makes different: a plan says that it runs, and why, and the proof of a
 * run says that there is no reason any more.
 */
export const hook = (run: HookRun): Resource => ({ ...hookOf(run), isBesidePhase: true });

function hookOf(run: HookRun): Resource {
  const { runs } = run.hook;
  if (runs === 'once') return hookOnce(run);
  if (runs === 'changed') return run.hook.place === 'before' ? hookBefore(run) : hookAfter(run);
  return hookUntil(run, runs);
}

const addressOf = ({ name }: Pick<Hook, 'name'>): string => `hook:${name}`;

/** Runs before the phase changes anything: where it ended and the phase did not, it runs again. */
const hookBefore = (run: HookRun): Resource => ({
  ...resource({
    address: addressOf(run.hook),
    facts: {},
    diff: (_, { phaseChanges }) =>
      phaseChanges === true ? running(run, becauseOf(run.hook)) : none(nothingIn(run.hook)),
  }),
  watchesPhase: watchedBy(run.hook),
});

/** What its phase has changed stays known on the host until the hook has run, also where the run is cut off between. */
const hookAfter = (run: HookRun): Resource => ({
  ...resource({
    address: addressOf(run.hook),
    facts: { due: fileContent(duePath(run.hook)) },
    diff: ({ due }, { phaseChanges }) => {
      if (phaseChanges !== true && due.type === 'absent') return none(nothingIn(run.hook));
      const done = { ...forget(run.hook), isRecord: true } as const;
      return running(
        run,
        phaseChanges === true ? becauseOf(run.hook) : 'an earlier run did not come to it',
        done,
      );
    },
  }),
  watchesPhase: watchedBy(run.hook),
});

/** The record of it, made before the phase changes anything. */
export const hookDue = (due: Hook): Resource => ({
  ...resource({
    address: `hook-due:${due.name}`,
    facts: { due: fileContent(duePath(due)) },
    diff: ({ due: found }, { phaseChanges }) =>
      phaseChanges === true && found.type === 'absent'
        ? change(
            [{ what: `hook ${due.name}`, from: null, to: 'due' }],
            [writeStep({ path: duePath(due), content: 'due\n', mode: 0o600 })],
          )
        : none(`hook ${due.name} is ${found.type === 'absent' ? 'not due' : 'due already'}`),
  }),
  watchesPhase: watchedBy(due),
});

const forget = (done: Hook): RunStep => ({
  do: 'run',
  summary: `remember that hook ${done.name} has run`,
  script: sh`rm -f ${duePath(done)}`,
});

/** Runs again where it is not the same any more. */
function hookOnce(run: HookRun): Resource {
  const record = `sha256 ${digestOf(run)}\n`;
  return resource({
    address: addressOf(run.hook),
    facts: { done: fileContent(donePath(run.hook)) },
    diff: ({ done }) => {
      const here = hereOf(run.hook);
      if (done.content === record) return none(`it has run${here} as it stands`);
      const why = done.type === 'absent' ? `it has not run${here}` : `it is not what has run${here}`;
      const step = writeStep({ path: donePath(run.hook), content: record, mode: 0o600 });
      return running(run, why, { ...step, isRecord: true });
    },
  });
}

function hookUntil(run: HookRun, until: Exclude<Hook['runs'], string>): Resource {
  const address = addressOf(run.hook);
  if (run.hook.runsOn === 'controller') return hookUntilOnController(run, until);
  if ('creates' in until) {
    return resource({
      address,
      facts: { found: fileMetadata(until.creates) },
      diff: ({ found }) =>
        found.type === 'absent'
          ? running(run, `${until.creates} is missing`)
          : none(`${until.creates} is there`),
    });
  }
  return resource({
    address,
    facts: { isDone: hookCheck(until.unless) },
    diff: ({ isDone }) =>
      isDone ? none(`this ends well: ${until.unless}`) : running(run, `this fails: ${until.unless}`),
  });
}

/** The controller answers as whoever runs slipway, and may be no Linux. */
function hookUntilOnController(run: HookRun, until: Exclude<Hook['runs'], string>): Resource {
  const [check, done, open] =
    'creates' in until
      ? [sh`test -e ${until.creates}`, `${until.creates} is there`, `${until.creates} is missing`]
      : [until.unless, `this ends well: ${until.unless}`, `this fails: ${until.unless}`];
  return resource({
    address: addressOf(run.hook),
    facts: { isDone: at(CONTROLLER, hookCheck(check)) },
    diff: ({ isDone }) => (isDone ? none(done) : running(run, open)),
  });
}

const isOnController = ({ runsOn }: Pick<Hook, 'runsOn'>): boolean => runsOn === 'controller';

const watchedBy = (one: Hook): true | readonly string[] => (isOnController(one) ? one.hosts : true);

/** Of the controller it is said once, for all hosts. */
const hereOf = (one: Hook): string => (isOnController(one) ? '' : ' here');
const becauseOf = (one: Hook): string => `phase ${one.phase} changes something${hereOf(one)}`;
const nothingIn = (one: Hook): string => `phase ${one.phase} changes nothing${hereOf(one)}`;

function running(run: HookRun, why: string, ...after: readonly Step[]): Outcome {
  const { name, place, phase } = run.hook;
  const where = isOnController(run.hook) ? 'on the controller ' : '';
  const differences: readonly Difference[] = [
    { what: 'run', from: null, to: `${where}${place} ${phase}: ${why}` },
  ];
  const step = isOnController(run.hook) ? controllerStep(run) : programStep(run);
  return noted(change(differences, [step, ...after]), [
    `hook ${name} is a program of yours: what it does is not in this plan`,
  ]);
}

/** As a file of its own, so that the first line of it says what runs it. */
const programStep = ({ hook: { name, timeoutMs }, program, environment }: HookRun): RunStep => ({
  do: 'run',
  summary: `run hook ${name}`,
  timeoutMs,
  stdin: program,
  script: lines(
    sh`umask 077
mkdir -p ${DIRECTORY}
program=$(mktemp ${`${DIRECTORY}/${name}.XXXXXX`})
trap 'rm -f "$program"' EXIT
cat > "$program"
chmod 700 "$program"
cd /
umask 022`,
    runIt(name, environment),
  ),
});

/** The same for whoever runs slipway, in the directory of the inventory and with an environment of theirs. */
const controllerStep = ({ hook: { name, timeoutMs }, program, environment }: HookRun): RunStep => ({
  do: 'run',
  summary: `run hook ${name} on the controller`,
  on: 'controller',
  timeoutMs,
  stdin: program,
  script: lines(
    sh`mask=$(umask)
umask 077
[ -n "$TMPDIR" ] || TMPDIR=/tmp
program=$(mktemp "$TMPDIR/slipway-hook.XXXXXX")
trap 'rm -f "$program"' EXIT
trap 'exit 143' TERM
cat > "$program"
chmod 700 "$program"
umask "$mask"`,
    runIt(name, environment),
  ),
});

const runIt = (name: string, environment: HookRun['environment']): Script =>
  lines(
    ...Object.entries(environment).map(([key, value]) => `export ${key}=${quote(value)}` as Script),
    sh`code=0
"$program" </dev/null || code=$?
rm -f "$program"
[ "$code" -eq 0 ] || { echo ${`hook ${name} ended with code`} "$code" >&2; exit "$code"; }`,
  );

/** What the controller is told of the cluster beside that is not what the operator has written. */
const digestOf = ({ hook: one, program, environment }: HookRun): string =>
  sha256Of(JSON.stringify([program, isOnController(one) ? one.environment : environment]));
