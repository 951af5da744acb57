/**
 * Tries examples/fleet/fleet.sh on many clusters of stand-in hosts, some of which fail: `npm run fleet`. The hosts are one
 * SSH server on this machine's own addresses, which answers as this machine does; nothing is changed anywhere.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { $, echo } from 'zx';

import { freePort } from './lab/free-port.ts';
import { type Trouble, troubledInventory } from './fleet/troubled-inventory.ts';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
/** In the order in which clusters get them. */
const TROUBLES: readonly Trouble[] = ['unreachable', 'fault', 'host-key'];

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: '200' },
    failing: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '8' },
  },
});
const [clusters, failing] = [Number(values.clusters), Number(values.failing)];

const work = await mkdtemp(join(tmpdir(), 'slipway-fleet-'));
const port = await freePort();
await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${''} -f ${join(work, 'key')}`;
const server = await startHosts();
try {
  await writeClusters();
  const startedAt = performance.now();
  const { stdout, stderr, exitCode } = await $({
    quiet: true,
    nothrow: true,
    cwd: work,
    env: { ...process.env, SLIPWAY: `${process.execPath} ${path('bin/slipway.cjs')}` },
  })`${path('examples/fleet/fleet.sh')} clusters ${values.jobs} plan --only kernel --detailed-exitcode`;
  const seconds = (performance.now() - startedAt) / 1000;
  echo(`${stdout}${stderr}exit code ${exitCode}
${clusters} clusters, ${values.jobs} at a time: ${seconds.toFixed(1)} s, ${(clusters / seconds).toFixed(1)} a second`);
} finally {
  server.kill();
  await rm(work, { recursive: true, force: true });
}

async function startHosts() {
  const script = path('scripts/bench/stand-in-server.ts');
  const argv = [script, String(port), join(work, 'key'), work, '1', 'sh', '-c'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function writeClusters(): Promise<void> {
  const [type, key] = (await readFile(join(work, 'key.pub'), 'utf8')).split(' ');
  await writeFile(join(work, 'known_hosts'), `[127.*]:${port} ${type} ${key}\n`);
  await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${''} -f ${join(work, 'other')}`;
  const [, other] = (await readFile(join(work, 'other.pub'), 'utf8')).split(' ');
  await writeFile(join(work, 'other_hosts'), `[127.*]:${port} ${type} ${other}\n`);
  const closed = await freePort();
  for (let index = 0; index < clusters; index += 1) {
    const folder = join(work, 'clusters', `c${String(index + 1).padStart(3, '0')}`);
    await mkdir(folder, { recursive: true });
    const trouble = index < failing ? TROUBLES[index % TROUBLES.length] : undefined;
    const inventory = troubledInventory({ index, port, closed, trouble });
    await writeFile(join(folder, 'inventory.yaml'), JSON.stringify(inventory, null, 2));
  }
}
