// What a run that changes nothing costs, beside bash and Ansible on the same hosts: npm run bench
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Command, Option } from '@commander-js/extra-typings';

import {
  type Contender,
  contenders,
  converge,
  hasPyinfra,
  installAnsible,
  type Race,
  sshOptions,
} from './bench/contenders.ts';
import { endMeasurements } from './bench/measure.ts';
import { picture } from './bench/picture.ts';
import { type Row, summaryOf, table } from './bench/summary.ts';
import { addressesAt, clearTargets, standInAddresses, standInPort, Targets } from './bench/targets.ts';
import { cleanUpOnSignals } from './lab/cleanup-on-signals.ts';

const numbers = (text: string): readonly number[] => (text === '' ? [] : text.split(',').map(Number));

const options = new Command('bench')
  .description(
    'Compares slipway with bash over OpenSSH, with Ansible and pyinfra, on the same hosts and work, in turn.',
  )
  .option('--hosts <list>', 'how many', numbers, [1, 10, 50, 200])
  .option('--delays <list>', 'added round trip in ms: 0, 20, 100', numbers, [20])
  .option('--rounds <number>', 'of each contender', Number, 3)
  .option(
    '--ansible-hosts <list>',
    'where Ansible takes part, with Mitogen and without, in one round',
    numbers,
    [1, 10, 50],
  )
  .option(
    '--pyinfra-hosts <list>',
    'where pyinfra takes part, if it is on PATH, in one round',
    numbers,
    [1, 10, 50],
  )
  .option(
    '--stand-in <list>',
    'hosts that a stand-in server plays; slipway and bash alone',
    numbers,
    [200, 1000, 5000],
  )
  .option('--stand-in-rounds <number>', 'of each contender there', Number, 2)
  .addOption(
    new Option('--suite <name>', "the hosts' Debian: 12 with OpenSSH 9.2, or 13 with OpenSSH 10")
      .choices(['bookworm', 'trixie'] as const)
      .default('bookworm' as const),
  )
  .option(
    '--out <directory>',
    'for bench.json and bench.svg',
    fileURLToPath(new URL('../bench-results', import.meta.url)),
  )
  .parse()
  .opts();

const log = (line: string): void => void process.stderr.write(`${line}\n`);

const rows: Row[] = [];
/** Contenders that did not find everything right, and why: what the others took is kept all the same. */
const failures: string[] = [];
cleanUpOnSignals(log, async () => {
  await endMeasurements();
  await clearTargets();
});
const isMitogen = await installAnsible(log);
await using targets = await Targets.start(options.suite, log);
const near: Race = { targets, addresses: addressesAt(0, 1), port: 22, concurrency: 50 };
await converge(near);

const { plan, apply, bash, bashFast, ansible, mitogen, pyinfra, alone } = contenders;
const viaAnsible = isMitogen ? [mitogen, ansible] : [ansible];
const pyinfraHosts = (await hasPyinfra()) ? options.pyinfraHosts : [];
// One host at every distance gives the round trips: what is added to the time, by what is added to the way.
for (const delayMs of new Set([0, 100, ...options.delays])) {
  await race(
    { ...near, addresses: addressesAt(delayMs, 1) },
    delayMs,
    [plan, apply, bash, bashFast],
    options.rounds,
  );
  await raceSlowOnes({ ...near, addresses: addressesAt(delayMs, 1) }, delayMs);
}
for (const delayMs of options.delays) {
  for (const count of options.hosts.filter((hosts) => hosts > 1)) {
    const many = { ...near, addresses: addressesAt(delayMs, count) };
    // No apply here: they are one machine, and it has one lock.
    await race(many, delayMs, [plan, bash, bashFast], options.rounds);
    await raceSlowOnes(many, delayMs);
  }
}
if (options.standIn.length > 0) await raceOnStandIn();

process.stdout.write(`${table(summaryOf(rows))}\nEverything is in ${options.out}\n`);
for (const failure of failures) log(`Failed: ${failure}`);
if (failures.length > 0) process.exitCode = 1;

/** After every race, so that a run that is cut short leaves what it knows. */
async function save(): Promise<void> {
  const summary = summaryOf(rows);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version, load: loadavg() };
  await mkdir(options.out, { recursive: true });
  await writeFile(
    join(options.out, 'bench.json'),
    `${JSON.stringify({ machine, summary, rows }, null, 2)}\n`,
  );
  await writeFile(join(options.out, 'bench.svg'), picture(summary));
}

/** Once: they take minutes where the others take seconds. */
async function raceSlowOnes(on: Race, delayMs: number): Promise<void> {
  const count = on.addresses.length;
  if (pyinfraHosts.includes(count)) await race(on, delayMs, [pyinfra], 1);
  if (options.ansibleHosts.includes(count)) await race(on, delayMs, viaAnsible, 1);
}

/** In turn, so that a busy moment of the machine falls on all alike. */
async function race(
  on: Race,
  delayMs: number,
  entrants: readonly Contender[],
  rounds: number,
  isStandIn = false,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of entrants) {
      const hosts = on.addresses.length;
      const about = `${name}, ${hosts} hosts, ${delayMs} ms`;
      const [load = 0] = loadavg();
      const result = await run(on).catch((error: unknown) => {
        failures.push(`${about}: ${error instanceof Error ? error.message : String(error)}`);
        log(`${about}: failed, at load ${load.toFixed(1)}`);
      });
      if (result === undefined) continue;
      const { wallS, cpuS, peakMb, executions, answeredS, residentMb } = result;
      rows.push({
        name,
        hosts,
        delayMs,
        isStandIn,
        wallS,
        cpuS,
        peakMb,
        load,
        ...(executions !== undefined && { executions }),
        ...(answeredS !== undefined && { answeredS }),
        ...(residentMb !== undefined && { residentMb }),
      });
      log(
        `${about}: ${wallS.toFixed(2)} s, CPU ${cpuS.toFixed(2)} s, ${peakMb.toFixed(0)} MB, at load ${load.toFixed(1)}`,
      );
    }
  }
  await save();
}

async function raceOnStandIn(): Promise<void> {
  const server = fileURLToPath(new URL('bench/stand-in-server.ts', import.meta.url));
  const real = [...sshOptions(near), `root@${targets.lab.hosts[0]?.address ?? ''}`];
  const argv = [
    process.execPath,
    server,
    String(standInPort),
    targets.path('stand-in'),
    targets.directory,
    '2',
    'ssh',
    ...real,
  ];
  await targets.serve(targets.lab.inNetwork(argv));
  const on = (count: number): Race => ({
    targets,
    addresses: standInAddresses(count),
    port: standInPort,
    concurrency: 100,
  });
  // It learns its answers before anything is measured.
  await race(on(20), 0, [plan, bash, alone], 1, true);
  rows.splice(-3);
  for (const count of options.standIn)
    await race(on(count), 0, [plan, bash, bashFast, alone], options.standInRounds, true);
}
