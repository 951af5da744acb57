import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Listener } from '#core/event.ts';
import type { Slipway, SlipwayOptions } from '#slipway.ts';

import type { Cli, OutputStream } from './cli-context.ts';
import { type GlobalOptions, globalOptions, hasColor } from './global-options.ts';
import { journalsOf } from './journals.ts';

/** What a command works with while it is connected to hosts. */
export interface Opened {
  readonly slipway: Slipway;
  readonly options: GlobalOptions;
  /** Ends the live view, so that other text can be printed. */
  readonly settle: () => Promise<void>;
}

export type Selection = Pick<SlipwayOptions, 'limit' | 'only' | 'skip' | 'workflow' | 'remove' | 'bundle'>;

/** What the options --bundle and --no-bundle select. */
export const withBundle = ({ bundle }: BundleOptions): Pick<Selection, 'bundle'> =>
  typeof bundle === 'string' || bundle === false ? { bundle } : {};

export interface BundleOptions {
  readonly bundle?: string | boolean | undefined;
}

export interface ConnectedSettings {
  /** Whether it may change hosts, and so takes their locks. */
  readonly isChanging: boolean;
  /** Takes the place of what the command line selects. */
  readonly selection?: Selection;
  /** Where each event goes as a line of JSON. */
  readonly events?: OutputStream | undefined;
}

/** Opens the cluster of the inventory for a command that connects to its hosts, and closes it when `work` has ended. */
export async function withSlipway(
  cli: Cli,
  command: CommandUnknownOpts,
  { isChanging, selection, events }: ConnectedSettings,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  const options = globalOptions(command);
  const [{ openReporter }, { boundGarbage }, listenToRun] = await Promise.all([
    import('#report/run/reporter.ts'),
    import('./bound-garbage.ts'),
    isChanging ? openJournal(cli, options, command.name(), () => opened) : undefined,
  ]);
  const tell = events && (await eventWriter(events));
  let opened: Slipway | undefined;
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
      listener: (event) => {
        reporter.listener(event);
        listenToRun?.(event);
        tell?.(event);
      },
      signal: cli.signal,
      holder: isChanging ? cli.holder : undefined,
    });
    opened = slipway;
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

async function eventWriter(stream: OutputStream): Promise<Listener> {
  const { eventLine } = await import('#report/run/journal.ts');
  let startedAtMs: number | undefined;
  return (event) => {
    const nowMs = performance.now();
    startedAtMs ??= nowMs;
    stream.write(`${JSON.stringify(eventLine(event, Math.round(nowMs - startedAtMs)))}\n`);
  };
}

/** Each run that changes hosts leaves a journal beside the inventory. */
async function openJournal(
  cli: Cli,
  options: GlobalOptions,
  command: string,
  opened: () => Slipway | undefined,
): Promise<Listener> {
  const [{ journal }, { clusterDigest }] = await Promise.all([
    import('#report/run/journal.ts'),
    import('#core/saved-plan.ts'),
  ]);
  return journal({
    directory: journalsOf(options),
    slipway: cli.version,
    command,
    holder: cli.holder,
    digest: () => {
      const slipway = opened();
      return slipway === undefined ? '' : clusterDigest(slipway.cluster);
    },
    warn: (warning) => cli.stderr.write(`Warning: ${warning}\n`),
  });
}

/** For a command that connects to no host, and so needs no password. */
export const openOffline = (
  cli: Cli,
  options: GlobalOptions,
  bundled: BundleOptions = {},
): Promise<Slipway> =>
  cli.openSlipway(options.inventory, {
    ...settingsOf(cli, options),
    ...withBundle(bundled),
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
