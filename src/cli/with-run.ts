import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cluster } from '#core/cluster.ts';
import type { Cli } from './cli-context.ts';
import type { RunPort, Selection } from './engine-port.ts';
import { type GlobalOptions, globalOptions, hasColor } from './global-options.ts';
import { selectHosts } from './select-hosts.ts';

/** An open run, and what belongs to it. */
export interface OpenRun {
  readonly run: RunPort;
  readonly cluster: Cluster;
  readonly options: GlobalOptions;
  /** Ends the live view, so that other text can be printed. */
  readonly settle: () => Promise<void>;
}

export interface RunSettings {
  readonly isChanging: boolean;
  /** Instead of what the command line selects. */
  readonly selection?: Omit<Selection, 'cluster'>;
  /** The only phases the command is about, on the hosts that the command line selects. */
  readonly phases?: readonly string[];
}

/** Opens a run for as long as `work` takes, with progress on standard error. */
export async function withRun(
  cli: Cli,
  command: CommandUnknownOpts,
  settings: RunSettings,
  work: (open: OpenRun) => Promise<void>,
): Promise<void> {
  const options = globalOptions(command);
  const { cluster } = await loadCluster(cli, options, 'read');
  const { isChanging, phases, selection = selectionOf(cluster, options) } = settings;
  const chosen = phases === undefined ? selection : { limit: selection.limit, only: phases };
  const { openReporter } = await import('#report/reporter.ts');
  const reporter = await openReporter({
    stream: cli.stderr,
    env: cli.env,
    progress: options.progress,
    color: hasColor(cli.stderr, cli, options),
  });
  try {
    const run = await cli.engine.openRun({
      cluster,
      ...chosen,
      concurrency: options.concurrency,
      listener: reporter.listener,
      signal: cli.signal,
      isChanging,
    });
    try {
      await work({ run, cluster, options, settle: reporter.settle });
    } finally {
      await run.close();
    }
  } finally {
    await reporter.settle();
  }
}

/** The inventory that the command line names. */
export async function loadCluster(
  { engine, env, ask }: Cli,
  { inventory }: GlobalOptions,
  secrets: 'read' | 'skip',
): Promise<{ readonly cluster: Cluster; readonly path: string }> {
  const prompt = ask && ((question: string) => ask(`${question} `, { isHidden: true }));
  return engine.loadInventory(inventory, { env, secrets, prompt });
}

/** The hosts and phases that the command line selects. */
export const selectionOf = (
  cluster: Cluster,
  { limit, only, skip }: GlobalOptions,
): Omit<Selection, 'cluster'> => ({ limit: selectHosts(cluster, limit), only, skip });
