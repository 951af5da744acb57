import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import type { Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Json } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';
import type { Status, StatusRow } from '#report/text-status.ts';
import type { Cli } from './cli-context.ts';
import type { ClusterNode } from './cluster-nodes.ts';
import { type GlobalOptions, hasColor } from './global-options.ts';
import { type OpenRun, withRun } from './with-run.ts';

interface StatusOptions {
  readonly format: 'text' | 'json';
  readonly detailedExitcode?: true | undefined;
}

export const statusCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('status')
    .summary('show the nodes, and whether the hosts are as wanted')
    .description(
      'Shows the nodes as the cluster reports them, and for each host whether anything is left to do.',
    )
    .addOption(
      new Option('--format <format>', 'of the status on standard output')
        .choices(['text', 'json'])
        .default('text' as const),
    )
    .option('--detailed-exitcode', 'exit with 2 when a node is not Ready or a host not converged')
    .addHelpText(
      'after',
      `
Examples:
  slipway status
  slipway status --format json |
    jq '.rows[] | select(.isConverged | not) | .name'`,
    )
    .action(async (options, command) => {
      await withRun(cli, command, { isChanging: false }, (open) => showStatus(cli, open, options));
    });

async function showStatus(
  cli: Cli,
  { run, cluster, options, settle }: OpenRun,
  { format, detailedExitcode }: StatusOptions,
): Promise<void> {
  const plan = await run.plan();
  const isControlPlaneAway = plan.hosts.some(
    ({ name, unreachable }) => unreachable !== undefined && isFirstControlPlane(cluster.hosts, name),
  );
  const nodes = isControlPlaneAway ? undefined : await run.nodes();
  await settle();
  const status = statusOf(plan, cluster.hosts, nodes);
  await print(cli, options, status, format);
  if (plan.hosts.some(({ unreachable }) => unreachable !== undefined)) cli.finish(EXIT.unreachable);
  else if (detailedExitcode === true && !isGood(status)) cli.finish(EXIT.changesPending);
}

async function print(
  cli: Cli,
  options: GlobalOptions,
  status: Status,
  format: 'text' | 'json',
): Promise<void> {
  if (format === 'json') {
    const { prettyJson } = await import('#report/text/pretty-json.ts');
    cli.stdout.write(prettyJson(status as unknown as Json));
    return;
  }
  const { renderTextStatus } = await import('#report/text-status.ts');
  cli.stdout.write(renderTextStatus(status, { color: hasColor(cli.stdout, cli, options) }));
}

/** The hosts of the plan with their nodes, then the nodes that no host of the inventory is. */
export function statusOf(
  plan: Plan,
  hosts: readonly Host[],
  nodes: readonly ClusterNode[] | undefined,
): Status {
  const planned = new Map(plan.hosts.map((host) => [host.name, host]));
  const own = hosts.filter(({ name }) => planned.has(name));
  const known = new Set(hosts.map(({ name }) => name));
  const strangers = (nodes ?? []).filter(({ name }) => !known.has(name));
  return {
    cluster: plan.cluster,
    kubernetes: plan.kubernetes,
    isAnswering: nodes !== undefined,
    rows: [
      ...own.map(({ name, role }): StatusRow => {
        const node = nodes?.find((one) => one.name === name);
        const unreachable = planned.get(name)?.unreachable;
        const open = openOf(plan, name);
        const away = nodes === undefined ? 'unknown' : 'absent';
        return {
          name,
          role,
          ...(node === undefined ? { node: away, version: '', runtime: '', gpus: 0 } : nodeCells(node)),
          note: [unreachable ?? '', noteOf(node)].filter((text) => text !== '').join('; '),
          host: unreachable === undefined ? open : 'unreachable',
          isConverged: unreachable === undefined && open === CONVERGED,
        };
      }),
      ...strangers.map((node) => ({
        ...nodeCells(node),
        name: node.name,
        role: '',
        note: ['not in the inventory', noteOf(node)].filter((text) => text !== '').join('; '),
        host: '-',
        isConverged: false,
      })),
    ],
  };
}

const CONVERGED = 'converged';

function openOf({ nodes }: Plan, host: string): string {
  const answers = nodes.filter((node) => node.host === host).map(({ outcome }) => outcome.answer);
  const count = (answer: string): number => answers.filter((one) => one === answer).length;
  const parts = [
    [count('change'), 'to change'],
    [count('deferred'), 'deferred'],
    [count('refused'), 'refused'],
  ] as const;
  const open = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return open.length === 0 ? CONVERGED : open.join(', ');
}

const nodeCells = ({
  isReady,
  version,
  runtime,
  gpus,
}: ClusterNode): Pick<StatusRow, 'node' | 'version' | 'runtime' | 'gpus'> => ({
  node: isReady ? 'Ready' : 'NotReady',
  version,
  runtime: runtime.replace('://', ' '),
  gpus,
});

const noteOf = (node: ClusterNode | undefined): string =>
  [node?.why ?? '', node?.isCordoned === true ? 'cordoned' : ''].filter((text) => text !== '').join('; ');

const isGood = ({ rows }: Status): boolean =>
  rows.every(({ node, isConverged, role }) => node === 'Ready' && (isConverged || role === ''));

const isFirstControlPlane = (hosts: readonly Host[], name: string): boolean =>
  hosts.find(({ role }) => role === 'control-plane')?.name === name;
