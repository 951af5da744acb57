import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { refuseEffects } from '#core/effects.ts';
import { EXIT } from '#core/exit-code.ts';
import { isEmpty, summarize } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { isAgreed, refuseWithoutAnswer } from './agree.ts';
import type { Cli } from './cli-context.ts';
import { finishRun } from './finish-run.ts';
import { formatOption, globalOptions, type ReportFormat } from './global-options.ts';
import { showFreshPlan } from './show-plan.ts';
import { type Opened, withSlipway } from './with-slipway.ts';

interface RemoveOptions {
  readonly plan?: true | undefined;
  readonly purge?: true | undefined;
  readonly yes?: true | undefined;
  readonly format: ReportFormat;
}

export const removeCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('remove')
    .summary('take one node out of the cluster')
    .description(
      'Plans, asks, drains the node, takes its member out of etcd, deletes it, and resets its host. A host that does ' +
        'not answer, or that the inventory does not know, is removed from the cluster alone.',
    )
    .argument('<node>', 'its name in the cluster')
    .option('--plan', 'show what would be done, and do nothing')
    .option('--purge', "remove Kubernetes' packages, their holds and their repository from the host as well")
    .addOption(new Option('--yes', 'remove without asking').conflicts('plan'))
    .addOption(formatOption('of the report, or of the plan,'))
    .addHelpText(
      'after',
      `
Examples:
  slipway remove w07 --plan     what would be done
  slipway remove w07            plan, ask, remove
  slipway remove cp2 --yes      a control plane that is gone, without a question

Leave it out of the inventory then: apply makes nodes of all that stand there.`,
    )
    .action(async (node, options, command) => {
      refuseSelection(command);
      if (options.plan !== true)
        refuseWithoutAnswer(cli, options.yes, 'give --yes to remove without a question');
      const skip = options.purge === true ? [] : ['purge'];
      const selection = { workflow: 'remove', remove: node, skip } as const;
      await withSlipway(cli, command, { isChanging: options.plan !== true, selection }, (opened) =>
        remove(cli, opened, node, options),
      );
    });

async function remove(cli: Cli, opened: Opened, node: string, options: RemoveOptions): Promise<void> {
  const { slipway } = opened;
  const isReport = options.format === 'json' && options.plan !== true;
  const format = options.plan === true ? options.format : 'text';
  const plan = await showFreshPlan(cli, opened, format, isReport ? cli.stderr : cli.stdout);
  const { refused, unreachable } = summarize(plan);
  if (options.plan === true || (isEmpty(plan) && !isReport)) {
    cli.finish(refused > 0 ? EXIT.failed : unreachable > 0 ? EXIT.unreachable : EXIT.ok);
    return;
  }
  if (refused > 0) throw inTheWay(node);
  refuseEffects(plan, slipway.cluster.policy.forbid);
  const question = `Remove ${node} from cluster ${slipway.cluster.name}?`;
  if (!(await isAgreed(cli, options.yes, question, 'Nothing was removed.'))) return;
  await finishRun(cli, opened, options.format, await slipway.apply(plan));
}

/** A removal is of one node, and whole: a member of etcd that stays would be counted as dead. */
function refuseSelection(command: CommandUnknownOpts): void {
  const { limit, only, skip } = globalOptions(command);
  if (limit === undefined && only === undefined && skip === undefined) return;
  throw new SlipwayError('a removal is of one node, and whole: --limit, --only and --skip have no place', {
    code: 'remove-selection',
    exitCode: EXIT.usage,
    hint: 'see what it does: slipway remove NODE --plan',
  });
}

const inTheWay = (node: string): SlipwayError =>
  new SlipwayError(`${node} was not removed: something stands in the way`, {
    code: 'refused',
    hint: 'do what the hints in the plan say',
  });
