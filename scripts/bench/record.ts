// Records anew what planning.ts plans from, once a question to the hosts has changed (as root, in the lab):
//   node scripts/bench/record.ts
// A control plane and a GPU host become a cluster, and what they then answer is written to recorded/.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';

import { parse, parseDocument } from 'yaml';

import { LabCluster } from '../../test/lab/support/lab-cluster.ts';
import type { InventoryOverlay } from '../lab/lab-inventory.ts';
import { addGpus } from '../lab/stand-ins/nvidia/gpus.ts';
import { serveNvidiaRepository } from '../lab/stand-ins/nvidia/nvidia-repository.ts';

if (env['SLIPWAY_LAB_REPO']) throw new Error('the recording is one of stand-ins: unset SLIPWAY_LAB_REPO');

const file = (name: string): URL => new URL(`recorded/${name}`, import.meta.url);
const former = parse(await readFile(file('inventory.yaml'), 'utf8')) as Readonly<
  Record<'defaults' | 'gpu' | 'kubernetes' | 'registries', InventoryOverlay>
> & { readonly hosts: readonly { readonly name: string; readonly address: string; readonly role: string }[] };

await using cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', suite: 'trixie' }]);
const repository = await serveNvidiaRepository(cluster.lab);
await addGpus(cluster.lab, 'w1', { count: 2 });
const { defaults, registries, hosts } = former;
const settings = Object.fromEntries(
  hosts.map(({ name, address: _address, role: _role, ...more }) => [name, more]),
);
await cluster.writeInventory({
  hosts: settings,
  overlay: {
    kubernetes: { kubelet: former.kubernetes['kubelet'] },
    gpu: { ...former.gpu, toolkit: { repository } },
    defaults,
    registries,
  },
});
await slipway('apply', '--yes');
await slipway('facts', '--out', join(cluster.directory, 'facts.json'));

// How the lab is reached is nothing to plan from.
const inventory = parseDocument(await readFile(cluster.inventory, 'utf8'));
inventory.delete('ssh');
inventory.deleteIn(['defaults', 'identityFile']);
inventory.commentBefore =
  ' What facts.json was recorded of, in the lab: a control plane and a GPU host, done.';
const answers: unknown = JSON.parse(await readFile(join(cluster.directory, 'facts.json'), 'utf8'));
const { stdout: key } = await cluster.lab.exec('w1', `curl -sf ${repository.keyUrl}`);
await writeFile(file('inventory.yaml'), inventory.toString());
await writeFile(file('facts.json'), `${JSON.stringify(answers, null, 2)}\n`);
await writeFile(file('key.asc'), key);

async function slipway(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await cluster.slipway(...args);
  if (code !== 0) throw new Error(`slipway ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
}
