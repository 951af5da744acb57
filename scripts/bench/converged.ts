// What a plan of a cluster that stands costs, beside a login to each of its hosts that does nothing, in the lab:
//   node scripts/with-setup.mjs node scripts/bench/converged.ts [--hosts 3] [--rounds 10] [--against CHECKOUT]
// Root on Debian, as the lab. In turn, so that a busy moment falls on both alike. With SLIPWAY_LAB_REPO on Kubernetes' own
// programs, else on stand-ins for them. Another checkout of slipway plans the same cluster in turn with this one.
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { LabCluster } from '../../test/lab/support/lab-cluster.ts';
import { measure } from './measure.ts';

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '10' },
    against: { type: 'string' },
  },
});
const [count, rounds] = [Number(values.hosts), Number(values.rounds)];
const isWhole = (value: number): boolean => Number.isInteger(value) && value > 0;
if (!isWhole(count) || !isWhole(rounds)) throw new TypeError('--hosts and --rounds are whole numbers');

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
const names = ['cp1', ...Array.from({ length: count - 1 }, (_, index) => `w${index + 1}`)];

await using cluster = await LabCluster.start(
  names.map((name) => ({ name })),
  process.env['SLIPWAY_LAB_REPO'] === undefined
    ? {}
    : { overlay: { network: { plugin: 'none', version: null, manifest: null, ipAutodetection: null } } },
);
const { lab } = cluster;
const made = await cluster.slipway('apply', '--yes');
if (made.code !== 0) throw new Error(`slipway apply ended with ${made.code}:\n${made.stdout}${made.stderr}`);
// The cluster is new: what it still does of itself would be counted.
await sleep(20_000);

const options = [
  '-i',
  lab.identityFile,
  '-o',
  `UserKnownHostsFile=${lab.knownHostsFile}`,
  '-o',
  'BatchMode=yes',
];
const logins = lab.hosts.map(({ address }) => `ssh ${options.join(' ')} root@${address} true &`).join(' ');
/** What people start. */
const LAUNCHER = 'bin/slipway.cjs';
const main = new URL(`../../${LAUNCHER}`, import.meta.url).pathname;

/** What is compared, each alone, and what the hosts do when nobody asks. */
const CONTENDERS: Readonly<Record<string, readonly string[]>> = {
  nothing: ['sleep', '1'],
  'ssh HOST true': ['bash', '-c', `${logins} wait`],
  'slipway plan': [process.execPath, main, '-i', cluster.inventory, 'plan'],
  ...(values.against !== undefined && {
    'slipway plan, the other one': [
      process.execPath,
      resolve(values.against, LAUNCHER),
      '-i',
      cluster.inventory,
      'plan',
    ],
  }),
  'slipway plan --format json': [process.execPath, main, '-i', cluster.inventory, 'plan', '--format', 'json'],
};
interface Cost {
  readonly wallS: number;
  readonly cpuS: number;
  readonly hostsS: ReadonlyMap<string, number>;
}
const costs = new Map(Object.keys(CONTENDERS).map((name) => [name, [] as Cost[]]));
// The first round fills caches, and is not counted.
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, argv] of Object.entries(CONTENDERS)) {
    const cost = await costOf(argv);
    if (round > 0) costs.get(name)?.push(cost);
  }
}

const of = (name: string, what: (cost: Cost) => number): number => median((costs.get(name) ?? []).map(what));
const idle = (host: string): number => of('nothing', ({ hostsS, wallS }) => (hostsS.get(host) ?? 0) / wallS);
for (const name of Object.keys(CONTENDERS).filter((each) => each !== 'nothing')) {
  const wall = of(name, ({ wallS }) => wallS);
  const hosts = names.map((host) => {
    const cpu = of(name, ({ hostsS, wallS }) => (hostsS.get(host) ?? 0) - idle(host) * wallS);
    return `${host} ${cpu.toFixed(2)} s`;
  });
  const ratio = wall / of('ssh HOST true', ({ wallS }) => wallS);
  stdout.write(
    `${name.padEnd(27)} ${ratio.toFixed(2)} x the wall time (${wall.toFixed(2)} s), its own CPU ${of(name, ({ cpuS }) => cpuS).toFixed(2)} s, the hosts' ${hosts.join(', ')}\n`,
  );
}
stdout.write(`load ${loadavg()[0]?.toFixed(1)}\n`);

async function costOf(argv: readonly string[]): Promise<Cost> {
  const hostsBefore = await used();
  const {
    wallS,
    cpuS,
    code,
    stdout: said,
    stderr,
  } = await measure(lab.inNetwork(argv), {
    env: {
      CI: 'true',
      NODE_COMPILE_CACHE: `${cluster.directory}/compiled`,
      XDG_CACHE_HOME: `${cluster.directory}/cache`,
    },
    timeoutMs: 120_000,
  });
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}:\n${said}${stderr}`);
  const hostsAfter = await used();
  return {
    wallS,
    cpuS,
    hostsS: new Map(names.map((name) => [name, (hostsAfter.get(name) ?? 0) - (hostsBefore.get(name) ?? 0)])),
  };
}

async function used(): Promise<ReadonlyMap<string, number>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await lab.cpuSeconds(name)] as const)));
}
