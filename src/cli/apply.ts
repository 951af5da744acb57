import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { destroyedBy, type Effect, refuseEffects } from '#core/effects.ts';
import { EXIT } from '#core/exit-code.ts';
import { type Plan, summarize } from '#core/plan.ts';
import type { SavedPlan } from '#core/saved-plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { endUndone, isAgreed, isNamed, refuseWithoutAnswer } from './agree.ts';
import type { Cli } from './cli-context.ts';
import { finishRun } from './finish-run.ts';
import {
  bundleOption,
  noBundleOption,
  failOnOption,
  globalOptions,
  runFormatOption,
  type RunReportFormat,
} from './global-options.ts';
import { readPlan } from './plan-file.ts';
import { showFreshPlan } from './show-plan.ts';
import { type BundleOptions, type Opened, type Selection, withBundle, withSlipway } from './with-slipway.ts';

interface ApplyOptions extends BundleOptions {
  readonly yes?: true | undefined;
  readonly destroy?: string | undefined;
  readonly failOn?: readonly Effect[] | undefined;
  readonly format: RunReportFormat;
}

export const applyCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('apply')
    .summary('make the hosts what the inventory says')
    .description(
      'Plans, asks, does what was planned and nothing else, and proves that nothing is left to do. ' +
        'A saved plan was reviewed when it was saved: it is applied without a question, as long as it is ' +
        'still what would be planned.',
    )
    .argument('[plan]', 'a plan saved with "slipway plan --out"')
    .option('--yes', 'apply without asking')
    .option('--destroy <names>', 'the names of what is destroyed, in place of typing them')
    .addOption(bundleOption())
    .addOption(noBundleOption())
    .addOption(failOnOption())
    .addOption(runFormatOption())
    .addHelpText(
      'after',
      `
Examples:
  slipway apply                        plan, ask, apply
  slipway apply --yes                  the same without a question
  slipway apply cluster.plan           a saved plan, unless it is stale
  slipway apply --limit gpu07 --yes    one host more
  slipway apply --bundle site.tar      without the internet
  slipway apply --yes --format ndjson  for a program that follows the run

A run that was stopped anywhere is finished by running the same command again.`,
    )
    .action(async (path, options, command) => {
      const saved = path === undefined ? undefined : await readPlan(path);
      if (saved === undefined) refuseWithoutAnswer(cli, options.yes, WITHOUT_A_QUESTION);
      const selection = { ...(saved && savedSelection(command, saved)), ...withBundle(options) };
      const events = options.format === 'ndjson' ? cli.stdout : undefined;
      await withSlipway(cli, command, { isChanging: true, selection, events }, async (opened) => {
        if (saved === undefined) await applyFresh(cli, opened, options);
        else await applySaved(cli, opened, options, saved);
      });
    });

/** It was reviewed, but for what is lost by it. */
async function applySaved(cli: Cli, opened: Opened, options: ApplyOptions, found: SavedPlan): Promise<void> {
  const { openSavedPlan } = await import('#core/saved-plan.ts');
  const saved = openSavedPlan(found, opened.slipway.cluster, cli.version);
  refuseEffects(saved, forbiddenBy(opened, options));
  if (!(await isDestructionNamed(cli, options, saved))) return;
  await finishRun(cli, opened, options.format, await opened.slipway.apply(saved));
}

const forbiddenBy = ({ slipway }: Opened, { failOn = [] }: ApplyOptions): readonly Effect[] => [
  ...slipway.cluster.policy.forbid,
  ...failOn,
];

/** Whether the names of all that is lost by a plan have been typed or given. If not, the command ends. */
async function isDestructionNamed(cli: Cli, { yes, destroy }: ApplyOptions, plan: Plan): Promise<boolean> {
  const destroyed = destroyedBy(plan);
  const names = destroyed.join(', ');
  // The command that names all of them is also that which goes on, where some are gone already.
  const given = destroy?.split(/,\s*/) ?? [];
  if (destroyed.every((name) => given.includes(name))) return true;
  if (destroy === undefined && (yes === true || cli.ask === undefined)) {
    throw new SlipwayError(`this plan destroys ${names}, and --yes alone destroys nothing`, {
      code: 'destruction-not-named',
      exitCode: EXIT.usage,
      hint: `name what is destroyed: --destroy '${names}'`,
    });
  }
  const what = names.includes(', ') ? 'the names of what is lost' : 'the name of what is lost';
  if (await isNamed(cli, what, names, destroy)) return true;
  endUndone(cli, `Nothing was applied: that is not what this plan destroys (${names}).`);
  return false;
}

async function applyFresh(cli: Cli, opened: Opened, options: ApplyOptions): Promise<void> {
  // For a program, the plan goes to standard error, where a person sees what is about to happen.
  const plan = await showFreshPlan(cli, opened, 'text', options.format === 'text' ? cli.stdout : cli.stderr);
  const { refused, unreachable } = summarize(plan);
  if (refused > 0) throw inTheWay(refused);
  if (!hasWork(plan)) {
    // A program that reads the report finds one, even though there is nothing to do.
    if (options.format !== 'text')
      await finishRun(cli, opened, options.format, await opened.slipway.apply(plan));
    else cli.finish(unreachable > 0 ? EXIT.unreachable : EXIT.ok);
    return;
  }
  refuseEffects(plan, forbiddenBy(opened, options));
  if (!(await isDestructionNamed(cli, options, plan))) return;
  if (!(await isAgreed(cli, options.yes, 'Apply these changes?', 'Nothing was applied.'))) return;
  cli.stderr.write('\n');
  await finishRun(cli, opened, options.format, await opened.slipway.apply(plan));
}

const hasWork = ({ nodes }: Plan): boolean =>
  nodes.some(({ outcome }) => outcome.answer === 'change' || outcome.answer === 'deferred');

/** The hosts and phases that a saved plan was made for. */
function savedSelection(command: CommandUnknownOpts, saved: Plan): Selection {
  const { limit, only, skip } = globalOptions(command);
  if (limit !== undefined || only !== undefined || skip !== undefined) {
    throw new SlipwayError(
      'a saved plan has its own hosts and phases: --limit, --only and --skip have no place',
      {
        code: 'saved-plan-selection',
        exitCode: EXIT.usage,
        hint: 'make a plan of those hosts and phases: slipway plan --limit HOSTS --out FILE',
      },
    );
  }
  return { limit: saved.hosts.map(({ name }) => name), only: saved.phases };
}

const WITHOUT_A_QUESTION = 'give --yes to apply without a question, or apply a saved plan';

const inTheWay = (refused: number): SlipwayError =>
  new SlipwayError(
    `nothing was applied: ${refused} ${refused === 1 ? 'check stands' : 'checks stand'} in the way`,
    {
      code: 'refused',
      hint: 'do what the hints in the plan say, or ignore a check by its name in the inventory',
    },
  );
