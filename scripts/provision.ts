#!/usr/bin/env node
// The provision script of one cluster, from bare machines to a cluster that is seen to work: copy it in this
// directory and change what your cluster needs before and after.
//
//   npx node scripts/provision.ts INVENTORY [--yes] [--kubeconfig FILE]
import { homedir, hostname, userInfo } from 'node:os';
import { argv, chalk, echo } from 'zx';

import {
  EXIT,
  isEmpty,
  isSuccess,
  linesReporter,
  openSlipway,
  renderCheck,
  renderRunSummary,
  renderTextPlan,
  type Slipway,
  SlipwayError,
  terminalAsk,
  writeKubeconfig,
} from '../src/index.ts';

const color = process.stdout.isTTY && process.stdout.hasColors();
if (!color) chalk.level = 0;
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
const { signal } = interruption;
/** Somebody to ask, where there is one. */
const ask = process.stdin.isTTY
  ? terminalAsk({
      input: process.stdin,
      output: process.stderr,
      signal,
      interrupt: () => interruption.abort(),
    })
  : undefined;

/** Does all of it. @returns the exit code. */
async function provision(inventoryPath: string): Promise<number> {
  await using slipway = await openSlipway(inventoryPath, {
    env: { HOME: homedir(), ...process.env },
    prompt: ask && ((question) => ask(`${question} `, { isHidden: true })),
    holder: `${userInfo().username}@${hostname()}, pid ${process.pid}, scripts/provision.ts`,
    listener: linesReporter(process.stderr, { color }),
    signal,
  });
  const { name, hosts, kubernetes } = slipway.cluster;
  echo(chalk.green(`${inventoryPath} is valid: ${hosts.length} host(s), Kubernetes ${kubernetes.version}`));
  if (!(await apply(slipway))) return signal.aborted ? EXIT.interrupted : EXIT.failed;
  const path = String(argv['kubeconfig'] ?? `${name}.kubeconfig`);
  await writeKubeconfig(path, await slipway.kubeconfig());
  echo(`Kubeconfig written to ${path}\n`);
  return (await verify(slipway)) ? EXIT.ok : EXIT.failed;
}

/** Shows the plan, asks, does it and proves it. @returns whether the hosts are as the inventory says. */
async function apply(slipway: Slipway): Promise<boolean> {
  const plan = await slipway.plan();
  echo(renderTextPlan(plan, { color, verbose: false, width: process.stdout.columns ?? 100 }));
  if (isEmpty(plan)) return true;
  if (!(await isAgreed())) return false;
  const report = await slipway.apply(plan);
  echo(renderRunSummary(report, { color }));
  return isSuccess(report);
}

/** Uses the cluster as its users will. @returns whether it works. */
async function verify(slipway: Slipway): Promise<boolean> {
  const results = await slipway.verify((result) => process.stdout.write(renderCheck(result, { color })));
  const works = results.every(({ status }) => status === 'passed' || status === 'ignored');
  echo(works ? chalk.green('\nThe cluster works.') : chalk.red('\nThe cluster does not work yet.'));
  return works;
}

async function isAgreed(): Promise<boolean> {
  if (argv['yes'] === true) return true;
  if (ask === undefined) {
    echo(chalk.red('Nobody is there to ask: give --yes to apply without a question.'));
    return false;
  }
  return (await ask('Apply these changes? (yes/no) ')).trim() === 'yes';
}

const [inventoryPath] = argv._;
if (inventoryPath === undefined) {
  echo('Usage: npx node scripts/provision.ts INVENTORY [--yes] [--kubeconfig FILE]');
  process.exit(EXIT.usage);
}
try {
  process.exitCode = await provision(inventoryPath);
} catch (error) {
  if (!(error instanceof SlipwayError)) throw error;
  process.stderr.write(`${chalk.red(`Error: ${error.message}`)}\n`);
  if (error.hint !== undefined) process.stderr.write(`Hint: ${error.hint}\n`);
  process.exitCode = error.exitCode;
}
