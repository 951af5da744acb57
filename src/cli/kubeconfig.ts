import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { writeResult } from './plan-file.ts';
import { withRun } from './with-run.ts';

const SECRET_MODE = 0o600;

export const kubeconfigCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('kubeconfig')
    .summary('fetch the admin kubeconfig')
    .description(
      'Fetches the admin kubeconfig from the first control plane, with its names made those of the cluster.',
    )
    .addOption(new Option('--out <file>', 'write it to a file that only you can read').conflicts('merge'))
    .option('--merge [file]', 'put it into a kubeconfig there is; default $KUBECONFIG, then ~/.kube/config')
    .option('--server <url>', 'the API server as you reach it: https://host:port')
    .addHelpText(
      'after',
      `
Examples:
  slipway kubeconfig --out berlin.kubeconfig
  slipway kubeconfig --merge                        then: kubectl --context CLUSTER get nodes
  slipway kubeconfig --server https://localhost:6443 --out tunnel.kubeconfig

It lets whoever holds it do everything to the cluster: keep it as a password.`,
    )
    .action(async ({ out, merge, server }, command) => {
      const { defaultPath, mergeKubeconfig, readKubeconfig, renderKubeconfig } =
        await import('./kubeconfig-file.ts');
      await withRun(cli, command, { isChanging: false }, async ({ run, cluster, settle }) => {
        const text = await run.kubeconfig();
        await settle();
        const fetched = readKubeconfig(text, { name: cluster.name, server });
        if (merge !== undefined) {
          const path = merge === true ? defaultPath(cli.env) : merge;
          await mergeKubeconfig(path, fetched);
          cli.stderr.write(
            `${path} has the context ${cluster.name}. Try: kubectl --context ${cluster.name} get nodes\n`,
          );
        } else if (out === undefined) {
          cli.stdout.write(renderKubeconfig(fetched));
        } else {
          await writeResult(out, renderKubeconfig(fetched), SECRET_MODE);
          cli.stderr.write(`The kubeconfig is in ${out}. Try: kubectl --kubeconfig ${out} get nodes\n`);
        }
      });
    });
