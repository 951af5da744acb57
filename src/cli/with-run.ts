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
  const { openReporter } = await import('#report/run/reporter.ts');
  const reporter = await openReporter({
    stream: cli.stderr,
    env: cli.env,
    progress: options.progress,
    color: hasColor(cli.stderr, cli, options),
  });
  try {
    const opening = cli.engine.openRun({
      cluster,
      ...chosen,
      concurrency: options.concurrency,
      listener: reporter.listener,
      signal: cli.signal,
      isChanging,
    });
    const run = await unlessAborted(opening, cli.signal);
    try {
      const looking = { ...run, plan: () => unlessAborted(run.plan(), cli.signal) };
      await work({ run: looking, cluster, options, settle: reporter.settle });
    } finally {
      // A host that is still being connected to would be waited for.
      const closing = run.close();
      await (cli.signal.aborted ? Promise.race([closing, pause(CLOSE_MS)]) : closing);
    }
  } finally {
    await reporter.settle();
  }
}

/** How long an interrupted run may take to close its connections. */
const CLOSE_MS = 2000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What only looks is left at once when the run is interrupted; what changes hosts comes to its own end. */
async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new Error('interrupted'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
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
