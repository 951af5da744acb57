#!/usr/bin/env node
// The provision script of one cluster, from bare machines to a kubeconfig: copy it beside your inventory and
// change what your cluster needs before and after.
//
//   node scripts/provision.ts INVENTORY [--yes] [--kubeconfig FILE]
import { writeFile } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { argv, chalk, echo, question } from 'zx';

import {
  EXIT,
  fetchKubeconfig,
  isEmpty,
  isSuccess,
  linesReporter,
  loadInventory,
  openRun,
  renderRunSummary,
  renderTextPlan,
  SlipwayError,
} from '../src/index.ts';

/** Does all of it. @returns the exit code. */
async function provision(inventoryPath: string): Promise<number> {
  const { cluster } = await loadInventory(inventoryPath, { env: process.env, prompt: question });
  echo(
    chalk.green(
      `${inventoryPath} is valid: ${cluster.hosts.length} host(s), Kubernetes ${cluster.kubernetes.version}`,
    ),
  );

  const run = await openRun({
    cluster,
    cacheDirectory: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'slipway'),
    holder: `${userInfo().username}@${hostname()}, pid ${process.pid}, scripts/provision.ts`,
    listener: linesReporter(process.stderr),
  });
  try {
    const plan = await run.plan();
    echo(
      renderTextPlan(plan, {
        color: process.stdout.isTTY,
        verbose: false,
        width: process.stdout.columns ?? 100,
      }),
    );
    if (!isEmpty(plan)) {
      if (!(await isAgreed())) return EXIT.failed;
      const report = await run.apply(plan);
      echo(renderRunSummary(report, { color: process.stdout.isTTY }));
      if (!isSuccess(report)) return EXIT.failed;
    }
    const controlPlane = cluster.hosts.find(({ role }) => role === 'control-plane');
    if (controlPlane === undefined) return EXIT.failed;
    const kubeconfig = String(argv['kubeconfig'] ?? `${cluster.name}.kubeconfig`);
    await writeFile(kubeconfig, await fetchKubeconfig(await run.connection(controlPlane.name)), {
      mode: 0o600,
    });
    echo(`Kubeconfig written to ${kubeconfig}`);

    const rest = await run.plan();
    echo(
      isEmpty(rest) ? chalk.green('Verified: nothing is left to do.') : chalk.red('Something is left to do.'),
    );
    return isEmpty(rest) ? EXIT.ok : EXIT.failed;
  } finally {
    await run.close();
  }
}

async function isAgreed(): Promise<boolean> {
  if (argv['yes'] === true) return true;
  if (!process.stdin.isTTY) {
    echo(chalk.red('Nobody is there to ask: give --yes to apply without a question.'));
    return false;
  }
  return (await question('Apply these changes? (yes/no) ')) === 'yes';
}

const [inventoryPath] = argv._;
if (inventoryPath === undefined) {
  echo('Usage: node scripts/provision.ts INVENTORY [--yes] [--kubeconfig FILE]');
  process.exit(EXIT.usage);
}
try {
  process.exitCode = await provision(inventoryPath);
} catch (error) {
  if (!(error instanceof SlipwayError)) throw error;
  echo(chalk.red(`Error: ${error.message}`));
  if (error.hint !== undefined) echo(`Hint: ${error.hint}`);
  process.exitCode = error.exitCode;
}
