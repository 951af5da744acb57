// A run that is killed as kill -9 would, as soon as a node of a phase has started on a host.
//
//   node killed-run.ts INVENTORY PHASE [ADDRESS-PREFIX] [DELAY-MS] [ONLY-THESE-PHASES]
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadInventory, openRun } from '../../../src/index.ts';

const [inventory = '', phase = '', prefix = '', delayMs = '0', only = ''] = process.argv.slice(2);

const { cluster } = await loadInventory(inventory, { env: process.env });
const run = await openRun({
  cluster,
  ...(only !== '' && { only: only.split(',') }),
  cacheDirectory: join(process.env['XDG_CACHE_HOME'] ?? tmpdir(), 'slipway'),
  holder: `killed-run, pid ${process.pid}`,
  listener: (event) => {
    if (event.event !== 'node-started' || event.node.phase !== phase) return;
    if (!event.node.address.startsWith(prefix)) return;
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(delayMs));
  },
});
await run.apply(await run.plan());
await run.close();
