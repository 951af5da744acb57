// What starting slipway costs beside starting Node, without any host:
//   node scripts/bench/start-up.ts [ROUNDS [LAUNCHER]]
// LAUNCHER: bin/slipway.cjs of an installed package; without, the clone's.
// Each command in turn, round after round: whatever else the machine does hits them alike.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

const HOSTS = 500;
const FEW_HOSTS = 3;
const rounds = Number(argv[2] ?? 15);
const slipway = argv[3] ?? fileURLToPath(new URL('../../bin/slipway.cjs', import.meta.url));

const directory = await mkdtemp(join(tmpdir(), 'slipway-start-up-'));
const inventory = join(directory, 'inventory.yaml');
const few = join(directory, 'few.yaml');
await writeFile(inventory, inventoryOf(HOSTS));
await writeFile(few, inventoryOf(FEW_HOSTS));

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'slipway --version': [slipway, '--version'],
  'slipway --help': [slipway, '--help'],
  [`slipway validate, ${HOSTS} hosts`]: [slipway, 'validate', '--inventory', inventory],
  [`slipway plan --offline, ${FEW_HOSTS} hosts`]: [slipway, 'plan', '--offline', '--inventory', few],
  [`slipway plan --offline, ${HOSTS} hosts`]: [slipway, 'plan', '--offline', '--inventory', inventory],
};

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

try {
  const costs = new Map(Object.keys(COMMANDS).map((name) => [name, [] as Cost[]]));
  // The first run fills the compile cache, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, command] of Object.entries(COMMANDS)) {
      const cost = costOf(command);
      if (round > 0) costs.get(name)?.push(cost);
    }
  }
  const [[, bare = []] = []] = costs;
  for (const [name, measured] of costs) {
    const ratio = (of: (cost: Cost) => number): string =>
      (median(measured.map(of)) / median(bare.map(of))).toFixed(2);
    process.stdout.write(
      `${name.padEnd(34)} ${ratio(({ cpu }) => cpu)} x CPU, ${ratio(({ wall }) => wall)} x wall ` +
        `(${median(measured.map(({ cpu }) => cpu)).toFixed(3)} s, ${median(measured.map(({ wall }) => wall)).toFixed(3)} s)\n`,
    );
  }
} finally {
  await rm(directory, { recursive: true });
}

/** As bash's `time` tells it, of the process and all it started. */
function costOf(command: readonly string[]): Cost {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>/dev/null';
  const output = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', execPath, ...command], {
    encoding: 'utf8',
  });
  const [wall = 0, user = 0, system = 0] = output.trim().split(' ').map(Number);
  return { wall, cpu: user + system };
}

function inventoryOf(hosts: number): string {
  return stringify({
    cluster: { name: 'bench' },
    kubernetes: { version: '1.34.9', controlPlaneEndpoint: 'api.example.com:6443' },
    network: { plugin: 'calico' },
    groups: { gpu: { gpu: true, taints: ['nvidia.com/gpu=present:NoSchedule'] } },
    hosts: Array.from({ length: hosts }, (_, index) => ({
      name: `n${index + 1}`,
      address: `10.20.${index >> 8}.${index & 255}`,
      ...(index === 0 ? { role: 'control-plane' } : { group: 'gpu', labels: { rack: `r${index % 20}` } }),
    })),
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
