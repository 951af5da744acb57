import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import type { Cluster } from '#core/cluster.ts';
import { refuseEffects } from '#core/effects.ts';
import { EXIT } from '#core/exit-code.ts';
import { isEmpty, type Plan, summarize } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { endUndone, isNamed, refuseWithoutAnswer } from './agree.ts';
import type { Cli } from './cli-context.ts';
import { finishRun } from './finish-run.ts';
import { formatOption, globalOptions, type ReportFormat } from './global-options.ts';
import { showFreshPlan } from './show-plan.ts';
import { type Opened, withSlipway } from './with-slipway.ts';

interface ResetOptions {
  readonly plan?: true | undefined;
  readonly purge?: true | undefined;
  readonly yes?: true | undefined;
  readonly cluster?: string | undefined;
  readonly format: ReportFormat;
}

export const resetCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('reset')
    .summary('take the cluster back to bare hosts')
    .description(
      'Destroys the cluster: plans, names every host, asks for the name of the cluster, resets the workers and then ' +
        'the control planes, the first one last, and removes what kubeadm leaves, by name. Packages, the container ' +
        'runtime and settings of the kernel stay. What was in etcd is lost.',
    )
    .option('--plan', 'show what would be done, and do nothing')
    .option('--purge', "remove Kubernetes' packages, their holds and their repository as well")
    .addOption(new Option('--yes', 'reset without asking; needs --cluster').conflicts('plan'))
    .option('--cluster <name>', 'the name of the cluster, in place of typing it')
    .addOption(formatOption('of the report, or of the plan,'))
    .addHelpText(
      'after',
      `
Examples:
  slipway reset --plan                   what would be destroyed
  slipway reset                          plan, ask, reset
  slipway reset --yes --cluster berlin   the same without a question
  slipway reset --purge                  without Kubernetes' packages in the end

A reset that was stopped anywhere is finished by running the same command again.`,
    )
    .action(async (options, command) => {
      refuseSelection(command);
      if (options.plan !== true) refuseWithoutName(cli, options);
      const selection = { workflow: 'reset', skip: options.purge === true ? [] : ['purge'] } as const;
      await withSlipway(cli, command, { isChanging: options.plan !== true, selection }, (opened) =>
        reset(cli, opened, options),
      );
    });

async function reset(cli: Cli, opened: Opened, options: ResetOptions): Promise<void> {
  const { slipway } = opened;
  const { cluster } = slipway;
  if (options.cluster !== undefined && options.cluster !== cluster.name)
    throw anotherName(options.cluster, cluster);
  const isReport = options.format === 'json' && options.plan !== true;
  const stream = isReport ? cli.stderr : cli.stdout;
  const plan = await showFreshPlan(cli, opened, options.plan === true ? options.format : 'text', stream);
  refuseGaps(plan, cluster);
  const { refused } = summarize(plan);
  if (options.plan === true || (isEmpty(plan) && !isReport)) {
    cli.finish(refused > 0 ? EXIT.failed : EXIT.ok);
    return;
  }
  if (refused > 0) throw inTheWay();
  refuseEffects(plan, cluster.policy.forbid);
  if (!isEmpty(plan)) stream.write(destroyed(plan, cluster));
  if (
    !isEmpty(plan) &&
    !(await isNamed(cli, 'the name of the cluster', cluster.name, options.yes && options.cluster))
  ) {
    endUndone(cli, 'Nothing was reset.');
    return;
  }
  await finishRun(cli, opened, options.format, await slipway.apply(plan));
}

/** Every host by its name: nobody is to find out afterwards. */
function destroyed({ nodes, hosts: planned }: Plan, { name, hosts, leaving }: Cluster): string {
  const changed = new Set(nodes.flatMap((node) => (node.outcome.answer === 'none' ? [] : [node.host])));
  const rows = [...hosts, ...leaving]
    .filter((host) => changed.has(host.name))
    .map((host) => `  ${host.name}, ${host.role}, ${host.address}`);
  const untouched = planned.flatMap((host) =>
    host.gone === undefined ? [] : [`${host.name} is to be absent and is left as it is: ${host.gone}\n`],
  );
  return `\nOf cluster ${name} nothing is left on these hosts, and nothing of it can be got back:\n${rows.join('\n')}\n${untouched.join('')}`;
}

function refuseWithoutName(cli: Cli, { yes, cluster }: ResetOptions): void {
  if (yes === true && cluster === undefined) {
    throw new SlipwayError('--yes alone resets no cluster: its name is missing', {
      code: 'cluster-not-named',
      exitCode: EXIT.usage,
      hint: 'say which one: --yes --cluster NAME',
    });
  }
  refuseWithoutAnswer(cli, yes, 'give --yes --cluster NAME to reset without a question');
}

/** A reset is of a whole cluster, and in its own order. */
function refuseSelection(command: CommandUnknownOpts): void {
  const { only, skip } = globalOptions(command);
  if (only === undefined && skip === undefined) return;
  throw new SlipwayError('a reset has phases of its own: --only and --skip have no place', {
    code: 'reset-selection',
    exitCode: EXIT.usage,
    hint: 'see what it does: slipway reset --plan',
  });
}

/** Control planes go after all others. One that stays would have lost its cluster; one that is silent would keep it. */
function refuseGaps(plan: Plan, { hosts }: Cluster): void {
  const away = plan.hosts.filter(({ unreachable }) => unreachable !== undefined);
  if (away.length > 0) {
    throw new SlipwayError(`nothing was reset: ${namesOf(away)} cannot be reached`, {
      code: 'unreachable',
      exitCode: EXIT.unreachable,
      hint: 'bring it back; or, where it is gone for good, say state: absent of it in the inventory',
    });
  }
  // A plan has hosts that are only asked as well.
  const planned = new Set(plan.nodes.map(({ host }) => host));
  const left = hosts.filter(({ name, role }) => role === 'control-plane' && !planned.has(name));
  if (left.length > 0) {
    throw new SlipwayError(`a reset without ${namesOf(left)} would leave a part of the cluster`, {
      code: 'reset-selection',
      exitCode: EXIT.usage,
      hint: 'reset the whole cluster; workers that are gone for good can be left out with --limit',
    });
  }
}

const namesOf = (hosts: readonly { readonly name: string }[]): string =>
  hosts.map(({ name }) => name).join(', ');

const anotherName = (given: string, { name }: Cluster): SlipwayError =>
  new SlipwayError(`the cluster of this inventory is ${name}, and not ${given}`, {
    code: 'cluster-not-named',
    exitCode: EXIT.usage,
    hint: 'look at the inventory, and name its cluster',
  });

const inTheWay = (): SlipwayError =>
  new SlipwayError('nothing was reset: something stands in the way', {
    code: 'refused',
    hint: 'do what the hints in the plan say',
  });
