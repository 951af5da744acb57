import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import type { Cluster } from '#core/cluster.ts';
import { type Effect, refuseEffects } from '#core/effects.ts';
import { EXIT, type ExitCode } from '#core/exit-code.ts';
import { isEmpty, type Plan, summarize } from '#core/plan.ts';
import { PLAN_FORMATS, type PlanFormat } from '#report/renderers.ts';
import type { Slipway } from '#slipway.ts';
import type { Cli } from './cli-context.ts';
import {
  bundleOption,
  noBundleOption,
  failOnOption,
  type GlobalOptions,
  globalOptions,
  hasColor,
  inventoryWords,
  widthOf,
} from './global-options.ts';
import { journalsOf } from './journals.ts';
import { readFacts, writeResult } from './plan-file.ts';
import { showPlan } from './show-plan.ts';
import { type BundleOptions, openOffline, withBundle, withSlipway } from './with-slipway.ts';

interface PlanOptions extends BundleOptions {
  readonly offline?: true | undefined;
  readonly facts?: string | undefined;
  readonly out?: string | undefined;
  readonly format: PlanFormat;
  readonly detailedExitcode?: true | undefined;
  readonly failOn?: readonly Effect[] | undefined;
}

export const planCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('plan')
    .summary('show what apply would do')
    .description('Looks at every host once, changes nothing, and shows exactly what apply would do.')
    .addOption(
      new Option('--offline', 'assume freshly installed hosts and connect to none').conflicts('facts'),
    )
    .option('--facts <file>', 'use facts that "slipway facts" recorded, and connect to no host')
    .option('--out <file>', 'save the plan, to be reviewed and then applied as it is')
    .addOption(
      new Option('--format <format>', 'of the plan on standard output')
        .choices(PLAN_FORMATS)
        .default('text' as const),
    )
    .addOption(bundleOption())
    .addOption(noBundleOption())
    .addOption(failOnOption())
    .option('--detailed-exitcode', 'exit with 2 when there is something to change')
    .addHelpText(
      'after',
      `
Examples:
  slipway plan                         what is to be done
  slipway plan -v --limit 'gpu*'       all there is to say of some hosts
  slipway plan --out cluster.plan      save it; then: slipway apply cluster.plan
  slipway plan --offline               what bare machines would get
  slipway plan --format markdown       as a comment on a pull request
  slipway plan --format html > p.html  one file to look at in a browser
  slipway plan --format junit          what differs, as failed tests
  slipway plan --detailed-exitcode     for CI: 0 nothing to do, 2 changes`,
    )
    .action(async (options, command) => {
      const globals = globalOptions(command);
      if (options.offline === true || options.facts !== undefined) {
        const slipway = await openOffline(cli, globals, options);
        const plan = await planWithoutHosts(cli, slipway, options.facts);
        await deliver(cli, globals, options, plan, slipway.cluster);
        return;
      }
      await withSlipway(
        cli,
        command,
        { isChanging: false, selection: withBundle(options) },
        async ({ slipway, settle }) => {
          const plan = await slipway.plan();
          const drift = options.format === 'text' ? await driftText(cli, globals, plan, slipway) : '';
          await settle();
          await deliver(cli, globals, options, plan, slipway.cluster);
          cli.stdout.write(drift);
        },
      );
    });

async function planWithoutHosts(cli: Cli, slipway: Slipway, path: string | undefined): Promise<Plan> {
  if (path !== undefined) return slipway.offlinePlan(await readFacts(path));
  cli.stderr.write('Offline: every host is taken to be freshly installed.\n');
  return slipway.offlinePlan();
}

async function deliver(
  cli: Cli,
  globals: GlobalOptions,
  options: PlanOptions,
  plan: Plan,
  cluster: Cluster,
): Promise<void> {
  const { out, format, detailedExitcode, failOn = [] } = options;
  await showPlan(cli, globals, plan, format);
  refuseEffects(plan, [...cluster.policy.forbid, ...failOn]);
  if (out !== undefined) {
    const [{ prettyJson }, { command }, { savedPlan }] = await Promise.all([
      import('#report/text/pretty-json.ts'),
      import('#core/shell.ts'),
      import('#core/saved-plan.ts'),
    ]);
    await writeResult(out, prettyJson(savedPlan(plan, cluster, cli.version)));
    const apply = command('slipway', 'apply', ...inventoryWords(globals), out);
    cli.stderr.write(`The plan is saved in ${out}. Apply exactly that with: ${apply}\n`);
  }
  cli.finish(exitCodeOf(plan, detailedExitcode === true));
}

/** What others have changed since the last run, and since when; nothing where there was none. */
async function driftText(cli: Cli, globals: GlobalOptions, plan: Plan, slipway: Slipway): Promise<string> {
  if (isEmpty(plan)) return '';
  const [{ recordedRun }, { driftSince, renderDrift, tracesOf }, { clusterDigest }] = await Promise.all([
    import('#report/run/recorded-run.ts'),
    import('#report/run/drift.ts'),
    import('#core/saved-plan.ts'),
  ]);
  // Nothing is said where there is none, or it cannot be read; `slipway report` says why.
  const last = await recordedRun(journalsOf(globals)).catch(() => undefined);
  const maker = { inventory: clusterDigest(slipway.cluster), slipway: cli.version };
  const drift = last && driftSince(last, plan, maker);
  if (drift === undefined) return '';
  const traces = tracesOf(drift);
  const times = traces.length === 0 ? [] : await slipway.changeTimes(traces);
  return renderDrift(drift, times, { color: hasColor(cli.stdout, cli, globals), width: widthOf(cli.stdout) });
}

/** A plan that lacks a host, or that cannot be applied, is no success. */
function exitCodeOf(plan: Plan, isDetailed: boolean): ExitCode {
  const { unreachable, refused } = summarize(plan);
  if (unreachable > 0) return EXIT.unreachable;
  if (refused > 0) return EXIT.failed;
  return isDetailed && !isEmpty(plan) ? EXIT.changesPending : EXIT.ok;
}
