// What making a cluster of bare hosts takes beside its longest chain of dependent steps, in the lab:
//   node scripts/with-setup.mjs node scripts/bench/cold-run.ts [HOSTS ...]        root on Debian, as the lab
// Stand-ins take the time that the real programs were seen to take; Debian's own packages are real.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, stdout } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { RunReport } from '#core/event.ts';

import { labInventory } from '../lab/lab-inventory.ts';
import { startLab } from '../lab/lab.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const counts = argv.length > 2 ? argv.slice(2).map(Number) : [3, 10];
if (!counts.every((count) => Number.isInteger(count) && count > 0)) {
  throw new TypeError('usage: cold-run.ts [HOSTS ...], each a whole number');
}
for (const count of counts) await measure(count);

async function measure(count: number): Promise<void> {
  const workers = Array.from({ length: count - 1 }, (_, index) => ({ name: `w${index + 1}` }));
  const lab = await startLab({ hosts: [{ name: 'cp1' }, ...workers] });
  const directory = await mkdtemp(join(tmpdir(), 'slipway-cold-run-'));
  try {
    const inventory = join(directory, 'inventory.yaml');
    await writeFile(inventory, await labInventory(lab));
    const words = [execPath, main, '--inventory', inventory, 'apply', '--yes', '--format', 'json'];
    const [program = '', ...args] = lab.inNetwork(words);
    const startedAt = performance.now();
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, CI: 'true', XDG_CACHE_HOME: join(directory, 'cache') },
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    if (code !== 0) throw new Error(`slipway apply ended with ${code}:\n${output}`);
    show(count, JSON.parse(output) as RunReport, performance.now() - startedAt);
  } finally {
    await lab.down();
    await rm(directory, { recursive: true, force: true });
  }
}

function show(count: number, { criticalPath, elapsedMs }: RunReport, wallMs: number): void {
  const chainMs = criticalPath.reduce((sum, step) => sum + step.elapsedMs, 0);
  stdout.write(
    [
      `${count} hosts: ${seconds(chainMs)} for the longest chain`,
      `  the work, with the proof that nothing is left: ${seconds(elapsedMs)}, ${(elapsedMs / chainMs).toFixed(2)} x`,
      `  slipway apply, with its look at the hosts: ${seconds(wallMs)}, ${(wallMs / chainMs).toFixed(2)} x`,
      ...criticalPath.map((step) => `  ${seconds(step.elapsedMs).padStart(8)}  ${step.node.id}`),
      '',
    ].join('\n'),
  );
}
