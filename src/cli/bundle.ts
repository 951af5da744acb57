import { Command, type CommandUnknownOpts, InvalidArgumentError } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import type { Cli } from './cli-context.ts';
import { formatOption, globalOptions, hasColor, type ReportFormat, splitList } from './global-options.ts';
import { printJson } from './plan-file.ts';
import { withSlipway } from './with-slipway.ts';

const DEFAULT_BUNDLE = 'slipway-bundle.tar';

export const bundleCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('bundle')
    .summary('carry all that hosts would fetch into a site without the internet')
    .description(
      'Collects what the hosts of an inventory would fetch from outside into one file, by digest; and lists, checks and compares such files. With it, "slipway apply --bundle FILE" asks nothing else.',
    )
    .addCommand(createCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(verifyCommand(cli))
    .addCommand(diffCommand(cli));

const createCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('create')
    .summary('collect it, where the internet is')
    .description(
      'Fetches release files, manifests, charts, images and packages with all that they depend on, for what the inventory wants, and writes them into one file. No host is connected to. What was fetched before is not fetched again; the same inputs make the same bytes.',
    )
    .option('-o, --out <file>', 'where it goes', DEFAULT_BUNDLE)
    .option('--arch <list>', "the hosts' architectures, in Go's words, with commas between", splitList, [
      'amd64',
    ])
    .option('--release <release>', 'what hosts run of which the inventory does not say it: debian 12')
    .option('--image <name>', 'one more image; may be given several times', collect, [])
    .option(
      '--sources <release=file>',
      "apt's sources or dnf's repositories for a release, in place of this machine's own; may be given several times",
      collect,
      [],
    )
    .option('--no-packages', 'leave packages out: a mirror of the site has them')
    .addHelpText(
      'after',
      `
Examples:
  slipway bundle create                               for what hosts run by the inventory
  slipway bundle create --release "debian 12" -o site.tar
  slipway bundle create --arch amd64,arm64
  slipway bundle create --sources "debian 12=bookworm.list" --sources "rocky 9=rocky.repo"

Packages are put together by apt for Debian and Ubuntu, and by dnf and createrepo_c for
the Red Hat family; a Debian or an Ubuntu may have both. Charts take helm.`,
    )
    .action(async (options, command) => {
      const { readFile } = await import('node:fs/promises');
      const sources = new Map<string, string>();
      for (const given of options.sources) {
        const [release = '', path = ''] = given.split('=');
        if (path === '') throw new InvalidArgumentError('--sources wants RELEASE=FILE.');
        sources.set(release.trim(), await readFile(path, 'utf8').catch(unreadable(path)));
      }
      await withSlipway(cli, command, { isChanging: false }, async ({ slipway, settle }) => {
        const { arch, out, release, image, packages } = options;
        const wishes = { out, architectures: arch, release, images: image, hasPackages: packages, sources };
        const index = await slipway.bundle(wishes, cli.version);
        await settle();
        const { describeBundle } = await import('#report/text-bundle.ts');
        cli.stdout.write(`${out}: ${describeBundle(index)}\n`);
      });
    });

const listCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('list')
    .summary('show what is in a bundle')
    .description('Shows what a bundle has: images, files, and packages by release.')
    .argument('[file]', 'the bundle', DEFAULT_BUNDLE)
    .addOption(formatOption('of the list'))
    .action(async (path, { format }, command) => {
      const [{ openBundle }, { renderBundle }] = await Promise.all([
        import('#bundle/open-bundle.ts'),
        import('#report/text-bundle.ts'),
      ]);
      const { index } = await openBundle(path);
      await show(cli, command, format, index, (look) => renderBundle(index, look));
    });

const verifyCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('verify')
    .summary('check every digest of a bundle')
    .description(
      'Reads every piece of a bundle and compares its digest. Names what is missing or altered, and ends with 3 then.',
    )
    .argument('[file]', 'the bundle', DEFAULT_BUNDLE)
    .addOption(formatOption('of the result'))
    .action(async (path, { format }, command) => {
      const [{ openBundle, verifyBundle }, { renderFaults }] = await Promise.all([
        import('#bundle/open-bundle.ts'),
        import('#report/text-bundle.ts'),
      ]);
      const faults = await verifyBundle(await openBundle(path), { signal: cli.signal });
      await show(cli, command, format, { faults }, () => renderFaults(path, faults));
      if (faults.length > 0) cli.finish(EXIT.usage);
    });

const diffCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('diff')
    .summary('compare two bundles')
    .description('Shows what the second bundle has otherwise than the first: versions of packages, digests.')
    .argument('<from>', 'the older bundle')
    .argument('<to>', 'the newer one')
    .addOption(formatOption('of the differences'))
    .option('--detailed-exitcode', 'exit with 2 when they differ')
    .action(async (from, to, { format, detailedExitcode }, command) => {
      const [{ openBundle }, { diffBundles }, { renderBundleDiff }] = await Promise.all([
        import('#bundle/open-bundle.ts'),
        import('#bundle/diff-bundles.ts'),
        import('#report/text-bundle.ts'),
      ]);
      const [older, newer] = await Promise.all([openBundle(from), openBundle(to)]);
      const diff = diffBundles(older.index, newer.index);
      await show(cli, command, format, diff, (look) => renderBundleDiff(diff, look));
      if (detailedExitcode === true && diff.differences.length > 0) cli.finish(EXIT.changesPending);
    });

async function show(
  cli: Cli,
  command: CommandUnknownOpts,
  format: ReportFormat,
  value: unknown,
  render: (look: { readonly color: boolean }) => string,
): Promise<void> {
  if (format === 'json') await printJson(cli.stdout, value);
  else cli.stdout.write(render({ color: hasColor(cli.stdout, cli, globalOptions(command)) }));
}

const collect = (value: string, known: readonly string[]): readonly string[] => [...known, value];

const unreadable =
  (path: string) =>
  (cause: unknown): never => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError(`cannot read ${path}: ${why}`, {
      code: 'sources-unreadable',
      exitCode: EXIT.usage,
    });
  };
