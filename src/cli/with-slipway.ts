import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Slipway, SlipwayOptions } from '#slipway.ts';

import type { Cli } from './cli-context.ts';
import { type GlobalOptions, globalOptions, hasColor } from './global-options.ts';

/** What a command works with while it is connected to hosts. */
export interface Opened {
  readonly slipway: Slipway;
  readonly options: GlobalOptions;
  /** Ends the live view, so that other text can be printed. */
  readonly settle: () => Promise<void>;
}

export type Selection = Pick<SlipwayOptions, 'limit' | 'only' | 'skip' | 'workflow'>;

export interface ConnectedSettings {
  /** Whether it may change hosts, and so takes their locks. */
  readonly isChanging: boolean;
  /** Takes the place of what the command line selects. */
  readonly selection?: Selection;
}

/** Opens the cluster of the inventory for a command that connects to its hosts, and closes it when `work` has ended. */
export async function withSlipway(
  cli: Cli,
  command: CommandUnknownOpts,
  { isChanging, selection }: ConnectedSettings,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  const options = globalOptions(command);
  const [{ openReporter }, { boundGarbage }] = await Promise.all([
    import('#report/run/reporter.ts'),
    import('./bound-garbage.ts'),
  ]);
  const reporter = await openReporter({
    stream: cli.stderr,
    env: cli.env,
    progress: options.progress,
    color: hasColor(cli.stderr, cli, options),
  });
  try {
    const slipway = await cli.openSlipway(options.inventory, {
      ...settingsOf(cli, options),
      ...selection,
      concurrency: options.concurrency,
      listener: reporter.listener,
      signal: cli.signal,
      holder: isChanging ? cli.holder : undefined,
    });
    boundGarbage();
    try {
      await work({ slipway, options, settle: reporter.settle });
    } finally {
      await slipway.close();
    }
  } finally {
    await reporter.settle();
  }
}

/** For a command that connects to no host, and so needs no password. */
export const openOffline = (cli: Cli, options: GlobalOptions): Promise<Slipway> =>
  cli.openSlipway(options.inventory, {
    ...settingsOf(cli, options),
    secrets: 'skip',
    warn: (warning) => cli.stderr.write(`Warning: ${warning}\n`),
  });

const settingsOf = (
  { env, ask }: Cli,
  { limit, only, skip }: GlobalOptions,
): Pick<SlipwayOptions, 'env' | 'prompt' | 'limit' | 'only' | 'skip'> => ({
  env,
  prompt: ask && ((question) => ask(`${question} `, { isHidden: true })),
  limit,
  only,
  skip,
});
