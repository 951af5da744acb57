import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Cli } from './cli-context.ts';
import type { Destination } from './use-kubeconfig.ts';
import { withSlipway } from './with-slipway.ts';

interface KubeconfigOptions extends Destination {
  readonly server?: string | undefined;
  readonly tunnel?: true | undefined;
}

export const kubeconfigCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('kubeconfig')
    .summary('fetch the admin kubeconfig')
    .description(
      'Fetches the admin kubeconfig from a control plane that answers, with its names made those of the cluster.',
    )
    .argument('[command...]', 'a program to run with it, after --; the kubeconfig is gone when it ends')
    .addOption(new Option('--out <file>', 'write it to a file that only you can read').conflicts('merge'))
    .option('--merge [file]', 'put it into a kubeconfig there is; default $KUBECONFIG, then ~/.kube/config')
    .addOption(
      new Option('--server <url>', 'the API server as you reach it: https://host:port').conflicts('tunnel'),
    )
    .addOption(
      new Option(
        '--tunnel',
        'reach the API server through SSH, for as long as the program runs or until Ctrl-C',
      ).conflicts('merge'),
    )
    .addHelpText(
      'after',
      `
Examples:
  slipway kubeconfig --out berlin.kubeconfig
  slipway kubeconfig --merge                        into ~/.kube/config
  slipway kubeconfig --server https://203.0.113.7:6443 --merge
  slipway kubeconfig --tunnel -- kubectl get nodes  only SSH reaches the hosts
  slipway kubeconfig --tunnel --out t.kubeconfig    the same, until Ctrl-C

With another server or a tunnel the API server's certificate is still checked,
for the name it has. Whoever holds a kubeconfig may do everything to the
cluster: keep it as a password.`,
    )
    .action(async (words, options: KubeconfigOptions, command) => {
      refuseCombinations(words, options);
      refuseServer(options);
      const { handOver, useFor, useUntilInterrupted } = await import('./use-kubeconfig.ts');
      await withSlipway(cli, command, { isChanging: false }, async ({ slipway, settle }) => {
        if (options.tunnel !== true) {
          const kubeconfig = await slipway.kubeconfig(options.server);
          await settle();
          if (words.length > 0) await useFor(cli, words, kubeconfig);
          else await handOver(cli, options, kubeconfig);
          return;
        }
        const tunnel = await slipway.tunnel((why) =>
          cli.stderr.write(`The tunnel turned a client away: ${why}\n`),
        );
        await settle();
        try {
          if (words.length > 0) {
            void tunnel.lost.then(() => cli.stderr.write('The tunnel is cut: the connection is lost\n'));
            await useFor(cli, words, tunnel.kubeconfig);
          } else await useUntilInterrupted(cli, options, tunnel.kubeconfig, tunnel.lost);
        } finally {
          await tunnel.close();
        }
      });
    });

function refuseCombinations(words: readonly string[], { out, merge }: KubeconfigOptions): void {
  if (words.length === 0 || (out === undefined && merge === undefined)) return;
  throw new SlipwayError(
    'a program gets a kubeconfig of its own: --out and --merge have no place beside it',
    {
      code: 'kubeconfig-combination',
      exitCode: EXIT.usage,
      hint: `leave them out, or the program: ${words.join(' ')}`,
    },
  );
}

/** Called before any host is connected to. */
function refuseServer({ server }: KubeconfigOptions): void {
  if (server === undefined || (URL.canParse(server) && new URL(server).protocol === 'https:')) return;
  throw new SlipwayError(`--server ${server} is not an https URL`, {
    code: 'invalid-server',
    exitCode: EXIT.usage,
    hint: 'as in --server https://10.0.0.10:6443',
  });
}
