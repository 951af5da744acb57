// What making a cluster of bare hosts takes, beside the usual shell steps and beside its own longest chain, in the lab:
//   node scripts/with-setup.mjs node scripts/bench/cold-run.ts [--hosts 3] [--rounds 2] [--only CONTENDER]
// Root on Debian, as the lab. Each contender gets fresh hosts each time, in turn. Stand-ins take the time that the real
// programs were seen to take; Debian's own packages are real.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, stdout } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { RunReport } from '#core/event.ts';

import { logPrograms, seenBySshd, type SshSeen } from '../../test/lab/support/ssh-log.ts';
import { labInventory, standInManifest } from '../lab/lab-inventory.ts';
import { defaultKubernetesVersion as version } from '../lab/kubernetes-repository.ts';
import { type Lab, startLab } from '../lab/lab.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
const seconds = (value: number): string => `${value.toFixed(1)} s`;

const CONTENDERS = ['slipway', 'usual', 'one-transaction'] as const;
type Contender = (typeof CONTENDERS)[number];

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const [count, rounds] = [Number(values.hosts), Number(values.rounds)];
const isWhole = (value: number): boolean => Number.isInteger(value) && value > 0;
if (!isWhole(count) || !isWhole(rounds)) throw new TypeError('--hosts and --rounds are whole numbers');
const contenders = CONTENDERS.filter((name) => values.only.length === 0 || values.only.includes(name));

interface Measured {
  readonly wallS: number;
  /** Of all hosts together, from bare to ready. */
  readonly hostsCpuS: number;
  readonly programs: ReadonlyMap<string, SshSeen>;
  readonly report?: RunReport;
}

const all = new Map<Contender, Measured[]>();
for (let round = 0; round < rounds; round += 1) {
  for (const contender of contenders) {
    const measured = await measure(contender);
    all.set(contender, [...(all.get(contender) ?? []), measured]);
    stdout.write(`${contender}: ${describe(measured)}\n`);
  }
}
compare();

async function measure(contender: Contender): Promise<Measured> {
  const workers = Array.from({ length: count - 1 }, (_, index) => ({ name: `w${index + 1}` }));
  const lab = await startLab({ hosts: [{ name: 'cp1' }, ...workers] });
  const directory = await mkdtemp(join(tmpdir(), 'slipway-cold-run-'));
  try {
    await logPrograms(lab);
    const before = await lab.cpuSeconds();
    let wallS = 0;
    let output = '';
    const programs = await seenBySshd(lab, async () => {
      const startedAt = performance.now();
      output = await (contender === 'slipway' ? apply(lab, directory) : script(lab, contender));
      wallS = (performance.now() - startedAt) / 1000;
    });
    const hostsCpuS = (await lab.cpuSeconds()) - before;
    const report = contender === 'slipway' ? { report: JSON.parse(output) as RunReport } : {};
    return { wallS, hostsCpuS, programs, ...report };
  } finally {
    await lab.down();
    await rm(directory, { recursive: true, force: true });
  }
}

async function apply(lab: Lab, directory: string): Promise<string> {
  const inventory = join(directory, 'inventory.yaml');
  await writeFile(inventory, await labInventory(lab));
  const words = [execPath, here('../../src/main.ts'), '-i', inventory, 'apply', '--yes', '--format', 'json'];
  return run(lab, words, { CI: 'true', XDG_CACHE_HOME: join(directory, 'cache') });
}

async function script(lab: Lab, how: string): Promise<string> {
  const url = `${lab.repositoryUrl}/core:/stable:/v${version.replace(/\.\d+$/, '')}/deb`;
  const network = lab.web.serve('/calico-stand-in.yaml', await standInManifest('calico-stand-in.yaml'));
  const options = ['-o', `UserKnownHostsFile=${lab.knownHostsFile}`, '-o', 'BatchMode=yes', '-l', 'root'];
  return run(lab, [here('cold-script.sh'), how], {
    HOSTS: lab.hosts.map(({ address }) => address).join(' '),
    SSH: ['ssh', '-i', lab.identityFile, ...options].join(' '),
    VERSION: version,
    REPOSITORY: url,
    KEY_URL: `${url}/Release.key`,
    NETWORK: network,
  });
}

/** @returns what the program printed. @throws {Error} where it failed. */
async function run(lab: Lab, words: readonly string[], more: NodeJS.ProcessEnv): Promise<string> {
  const [program = '', ...args] = lab.inNetwork(words);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, ...more } });
  const [output, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${output}${complaints}`);
  return output;
}

function describe({ wallS, hostsCpuS, programs, report }: Measured): string {
  const [first = 0, ...others] = [...programs.values()].map((seen) => seen.programs);
  const lines = [
    `${seconds(wallS)}, the hosts' CPU ${seconds(hostsCpuS)}, programs run on the control plane ${first}, on workers ${others.join(', ')}, load ${loadavg()[0]?.toFixed(1)}`,
  ];
  if (report === undefined) return lines.join('\n');
  const { criticalPath } = report;
  const chainS = criticalPath.reduce((sum, step) => sum + step.elapsedMs, 0) / 1000;
  return [
    ...lines,
    `  ${(wallS / chainS).toFixed(2)} x its longest chain of steps, ${seconds(chainS)}:`,
    ...criticalPath.map(({ node, elapsedMs }) => `  ${seconds(elapsedMs / 1000).padStart(8)}  ${node.id}`),
  ].join('\n');
}

function medianOf(contender: Contender, what: 'wallS' | 'hostsCpuS'): number {
  return median((all.get(contender) ?? []).map((each) => each[what]));
}

function compare(): void {
  for (const other of contenders.filter((name) => name !== 'slipway' && all.has('slipway'))) {
    const [wall, cpu] = (['wallS', 'hostsCpuS'] as const).map(
      (what) => medianOf('slipway', what) / medianOf(other, what),
    );
    stdout.write(
      `slipway against ${other}: ${wall?.toFixed(2)} x the wall time, ${cpu?.toFixed(2)} x the hosts' CPU\n`,
    );
  }
}
