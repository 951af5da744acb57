// The lab on the command line: npm run lab -- COMMAND
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { baseImage } from './lab/base-image.ts';
import { hostUsers } from './lab/base-recipe.ts';
import { cleanUpOnSignals } from './lab/cleanup-on-signals.ts';
import { debianMirror, type Suite } from './lab/debian-mirror.ts';
import { defaultKubernetesVersion, kubernetesRepository } from './lab/kubernetes-repository.ts';
import { LabError } from './lab/lab-error.ts';
import type { LabHostSpec } from './lab/lab-options.ts';
import { startLab } from './lab/lab.ts';
import { identityFileOf, knownHostsFileOf } from './lab/lab-files.ts';
import { cacheDirectory } from './lab/lab-paths.ts';
import { type LabRecord, readRecords } from './lab/lab-record.ts';
import { sshArgv } from './lab/lab-ssh.ts';
import { labUnavailable } from './lab/lab-unavailable.ts';
import { inNamespace, isConnected, labPrefix, linkOf, networkOf } from './lab/network.ts';
import { isAlive } from './lab/process-identity.ts';
import { takeDown } from './lab/take-down.ts';
import { installMissingTools } from './lab/tools.ts';

const highestHostCount = 99;
const suites: readonly Suite[] = ['bookworm', 'trixie'];

const log = (line: string) => void process.stderr.write(`${line}\n`);
const print = (line: string) => void process.stdout.write(`${line}\n`);
// A reader that stops early, as "| head" does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const labOption = () => new Option('--lab <name>', 'which lab, as "status" names it (default: the only one)');

const program = new Command('lab')
  .description(
    'Real Debian hosts on this machine, in namespaces: systemd, sshd, apt, an address of their own.',
  )
  .enablePositionalOptions()
  .addHelpText(
    'after',
    `
Environment:
  SLIPWAY_LAB_DIR         base images, packages, disks (default: $XDG_CACHE_HOME/slipway/lab)
  SLIPWAY_LAB_REPO        URL of a repository of real Kubernetes packages, instead of stand-ins
  SLIPWAY_LAB_IMAGES      directory of image tarballs that containerd imports when it starts
  SLIPWAY_LAB_KUBERNETES  version of Kubernetes on offer (default: ${defaultKubernetesVersion})

Example:
  lab up --hosts cp1,w1:trixie --detach
  lab ssh cp1 apt-get update
  lab in curl http://10.88.0.1:8080/
  lab down`,
  );

program
  .command('up')
  .summary('start a lab')
  .description('Start a lab and keep it until Ctrl-C; with --detach, until "lab down".')
  .option('--hosts <hosts>', 'a number (n1, n2, ...), or names with a suite or not: cp1,w1:trixie', '3')
  .addOption(
    new Option('--suite <suite>', "the hosts' Debian").choices([...suites, 'mixed']).default('bookworm'),
  )
  .option('--swap', 'give every host a swap file, on and in fstab')
  .option('--kubernetes <versions>', 'versions on offer, with commas', defaultKubernetesVersion)
  .option('--detach', 'return once the hosts are up')
  .action(async ({ detach, ...options }) => {
    await (detach ? upDetached() : up(hostSpecs(options.hosts, options), options.kubernetes.split(',')));
  });

program
  .command('ssh')
  .summary('open a shell on a host, or run a command there')
  .argument('<host>')
  .argument('[command...]')
  .addOption(
    new Option('-u, --user <user>', 'root, or debian (sudo), operator (sudo with password), nosudo')
      .choices(['root', ...hostUsers.map(({ name }) => name)])
      .default('root'),
  )
  .addOption(labOption())
  .passThroughOptions()
  .action(async (name, command, options) => {
    const record = findLab(options.lab);
    const host = record.hosts.find((each) => each.name === name);
    if (host === undefined) throw new LabError(`${labPrefix(record.id)} has no host "${name}"`);
    const tty = process.stdin.isTTY && command.length === 0 ? ['-t', '-o', 'BatchMode=no'] : [];
    await replaceBy([...sshArgv(record, host, options.user, tty), ...command]);
  });

program
  .command('in')
  .summary("run a program of this machine in the lab's network")
  .argument('<command...>')
  .addOption(labOption())
  .passThroughOptions()
  .action(async (command, options) => {
    await replaceBy(inNamespace(networkOf(findLab(options.lab).id).namespace, command));
  });

program
  .command('status')
  .summary('list the labs on this machine and their hosts')
  .action(() => {
    for (const record of readRecords()) describeLab(record);
  });

program
  .command('down')
  .summary('take a lab down')
  .description(
    'Take a lab down, whoever started it, and clean up what dead owners left. The owner is sent SIGTERM.',
  )
  .argument('[labs...]', 'names, as "status" shows them (default: the only one)')
  .option('--all', 'every lab on this machine')
  .action(async (names, { all }) => {
    const records = readRecords();
    const alive = records.filter((record) => isAlive(record.owner));
    const chosen =
      names.length > 0 ? names.map(findLab) : all || alive.length < 2 ? alive : [findLab(undefined)];
    await takeDown(chosen, log);
  });

program
  .command('base')
  .summary('build the base images beforehand')
  .argument('[suite]', `${suites.join(' or ')} (default: both)`, suiteArgument)
  .action(async (suite) => {
    const reason = labUnavailable();
    if (reason !== undefined) throw new LabError(reason);
    await installMissingTools(log);
    const mirror = await debianMirror();
    for (const each of suite === undefined ? suites : [suite]) print(await baseImage(each, mirror, log));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  log(`lab: ${error.message}`);
  process.exitCode = 1;
}

async function up(hosts: LabHostSpec[], kubernetes: string[]): Promise<void> {
  cleanUpOnSignals(log);
  const started = Date.now();
  const lab = await startLab({ hosts, repository: await kubernetesRepository(kubernetes), log });
  log(`${lab.name}: ${hosts.length} hosts up in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const record = readRecords().find(({ id }) => labPrefix(id) === lab.name);
  if (record !== undefined) describeLab(record);
  log('Ctrl-C takes it down');
  // The lab's servers keep this process alive.
}

/** Runs this same command again without --detach, out of the terminal's reach, until its lab is ready. */
async function upDetached(): Promise<void> {
  const logFile = join(cacheDirectory(), 'lab-up.log');
  mkdirSync(cacheDirectory(), { recursive: true });
  const output = openSync(logFile, 'w');
  const argv = process.argv.slice(2).filter((word) => word !== '--detach');
  const owner = spawn(process.execPath, [fileURLToPath(import.meta.url), ...argv], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  for (;;) {
    const record = readRecords().find((each) => each.owner.pid === owner.pid && each.isReady);
    if (record !== undefined) {
      describeLab(record);
      owner.unref();
      return;
    }
    if (owner.exitCode !== null)
      throw new LabError(`not started:\n${readFileSync(logFile, 'utf8').trimEnd()}`);
    await sleep(100);
  }
}

function describeLab(record: LabRecord): void {
  const state = !isAlive(record.owner) ? 'left over' : record.isReady ? 'up' : 'starting';
  print(`${labPrefix(record.id)}  ${state}  owner ${record.owner.pid} (${record.purpose})`);
  for (const [index, { name, address, suite }] of record.hosts.entries()) {
    const power = isConnected(linkOf(record.id, index, name)) ? 'on' : 'off';
    print(`  ${name.padEnd(12)} ${address.padEnd(15)} ${suite.padEnd(9)} ${power}`);
  }
  print(`  repository   ${record.repositoryUrl}`);
  print(`  identity     ${identityFileOf(record)}`);
  print(`  known hosts  ${knownHostsFileOf(record)}`);
}

function findLab(name: string | undefined): LabRecord {
  const records = readRecords();
  const names = records.map(({ id }) => labPrefix(id));
  if (name !== undefined) {
    const record = records[names.indexOf(name)];
    if (record === undefined) throw new LabError(`no lab "${name}"; there is ${names.join(', ') || 'none'}`);
    return record;
  }
  const [only, ...others] = records;
  if (only === undefined) throw new LabError('no lab is up');
  if (others.length > 0) throw new LabError(`several labs are up, name one: ${names.join(', ')}`);
  return only;
}

function hostSpecs(hosts: string, options: { suite: string; swap?: true | undefined }): LabHostSpec[] {
  const isCount = /^\d+$/.test(hosts);
  const count = Math.min(Number(hosts), highestHostCount);
  const words = isCount ? Array.from({ length: count }, (_, index) => `n${index + 1}`) : hosts.split(',');
  return words.map((word, index) => {
    const [name = '', own] = word.split(':');
    const common = options.suite === 'mixed' ? suites[index % suites.length] : options.suite;
    return { name, suite: suiteArgument(own ?? common ?? ''), swap: options.swap ?? false };
  });
}

function suiteArgument(value: string): Suite {
  const suite = suites.find((each) => each === value);
  if (suite === undefined) throw new InvalidArgumentError(`"${value}" is not ${suites.join(' or ')}`);
  return suite;
}

/** Ends as the program `argv` does, which has our terminal meanwhile. */
async function replaceBy(argv: readonly string[]): Promise<void> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  process.exitCode = status ?? 1;
}
