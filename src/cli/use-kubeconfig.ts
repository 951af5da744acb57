import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { untilAborted } from '#core/until-aborted.ts';
import {
  defaultPath,
  type Kubeconfig,
  mergeKubeconfig,
  renderKubeconfig,
  writeKubeconfig,
} from '#kubeconfig/kubeconfig-file.ts';
import { withTemporaryKubeconfig } from '#kubeconfig/temporary-kubeconfig.ts';

import type { Cli } from './cli-context.ts';

/** Where a kubeconfig goes; absent: standard output. */
export interface Destination {
  readonly out?: string | undefined;
  /** A file, or true for the one that kubectl writes to. */
  readonly merge?: string | true | undefined;
}

/** Prints it, writes it or merges it. */
export async function handOver(cli: Cli, { out, merge }: Destination, kubeconfig: Kubeconfig): Promise<void> {
  const name = kubeconfig['current-context'];
  if (merge !== undefined) {
    const path = merge === true ? defaultPath(cli.env) : merge;
    await mergeKubeconfig(path, kubeconfig);
    cli.stderr.write(`${path} has the context ${name}. Try: kubectl --context ${name} get nodes\n`);
  } else if (out === undefined) {
    cli.stdout.write(renderKubeconfig(kubeconfig));
  } else {
    await writeKubeconfig(out, kubeconfig);
    cli.stderr.write(`The kubeconfig is in ${out}. Try: kubectl --kubeconfig ${out} get nodes\n`);
  }
}

/** Runs a program with a kubeconfig that is removed when the program ends. The exit code is the program's. */
export async function useFor(cli: Cli, words: readonly string[], kubeconfig: Kubeconfig): Promise<void> {
  const { spawn } = cli;
  if (spawn === undefined) throw new TypeError('no program can be run here');
  await withTemporaryKubeconfig(cli.env, kubeconfig, async (path) => {
    try {
      cli.finish(await spawn(words, { KUBECONFIG: path }));
    } catch (cause) {
      const why =
        (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such program' : String(cause);
      throw new SlipwayError(`cannot run ${words[0] ?? ''}: ${why}`, {
        code: 'program-not-run',
        exitCode: EXIT.usage,
        cause,
      });
    }
  });
}

/** @throws {SlipwayError} with exit code 6 when the tunnel is cut. */
export async function useUntilInterrupted(
  cli: Cli,
  { out }: Destination,
  kubeconfig: Kubeconfig,
  lost: Promise<void>,
): Promise<void> {
  const wait = async (path: string): Promise<void> => {
    cli.stdout.write(`export KUBECONFIG=${path}\n`);
    cli.stderr.write('The tunnel is open until Ctrl-C.\n');
    await untilAborted(lost.then(refuse), cli.signal, () => undefined);
  };
  if (out === undefined) await withTemporaryKubeconfig(cli.env, kubeconfig, wait);
  else {
    await writeKubeconfig(out, kubeconfig);
    await wait(out);
  }
}

function refuse(): void {
  throw new SlipwayError('the tunnel is cut: the connection is lost', {
    code: 'tunnel-cut',
    exitCode: EXIT.unreachable,
    hint: 'run it again when the host can be reached',
  });
}
