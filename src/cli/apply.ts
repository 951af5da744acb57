import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { type Plan, summarize } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { isAgreed, refuseWithoutAnswer } from './agree.ts';
import type { Cli } from './cli-context.ts';
import { finishRun } from './finish-run.ts';
import { formatOption, globalOptions, type ReportFormat } from './global-options.ts';
import { readPlan } from './plan-file.ts';
import { showPlan } from './show-plan.ts';
import { type Opened, type Selection, withSlipway } from './with-slipway.ts';

interface ApplyOptions {
  readonly yes?: true | undefined;
  readonly format: ReportFormat;
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
    .addOption(formatOption('of the report'))
    .addHelpText(
      'after',
      `
Examples:
  slipway apply                        plan, ask, apply
  slipway apply --yes                  the same without a question
  slipway apply cluster.plan           a saved plan, unless it is stale
  slipway apply --limit gpu07 --yes    one host more

A run that was stopped anywhere is finished by running the same command again.`,
    )
    .action(async (path, options, command) => {
      const saved = path === undefined ? undefined : await readPlan(path);
      if (saved === undefined) refuseWithoutAnswer(cli, options.yes, WITHOUT_A_QUESTION);
      const selection = saved === undefined ? {} : savedSelection(command, saved);
      await withSlipway(cli, command, { isChanging: true, selection }, async (opened) => {
        if (saved === undefined) await applyFresh(cli, opened, options);
        else await finishRun(cli, opened, options.format, await opened.slipway.apply(saved));
      });
    });

async function applyFresh(cli: Cli, opened: Opened, options: ApplyOptions): Promise<void> {
  const plan = await opened.slipway.plan();
  await opened.settle();
  // With --format json the plan goes to standard error, where a person sees what is about to happen.
  await showPlan(cli, opened.options, plan, 'text', options.format === 'json' ? cli.stderr : cli.stdout);
  const { refused, unreachable } = summarize(plan);
  if (refused > 0) throw inTheWay(refused);
  if (!hasWork(plan)) {
    // A program that reads the report finds one, even though there is nothing to do.
    if (options.format === 'json')
      await finishRun(cli, opened, options.format, await opened.slipway.apply(plan));
    else cli.finish(unreachable > 0 ? EXIT.unreachable : EXIT.ok);
    return;
  }
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
