// A run that is killed as kill -9 would, while a node of a phase is under way: a while after it has started, and
// at the latest before anything hears that it has ended. The node's id is printed last.
//
//   node killed-run.ts INVENTORY PHASE [ADDRESS-PREFIX] [DELAY-MS] [ONLY-THESE-PHASES]
import { writeSync } from 'node:fs';

import { openSlipway } from '../../../src/index.ts';

const [inventory = '', phase = '', prefix = '', delayMs = '0', only = ''] = process.argv.slice(2);

const slipway = await openSlipway(inventory, {
  env: process.env,
  ...(only !== '' && { only: only.split(',') }),
  holder: `killed-run, pid ${process.pid}`,
  listener: (event) => {
    if (event.event !== 'node-started' && event.event !== 'node-finished') return;
    // What is left to the next run is not begun in this one.
    if (event.event === 'node-finished' && event.result.result === 'skipped') return;
    const { id, phase: under, address } = event.node;
    if (under !== phase || !address.startsWith(prefix)) return;
    if (event.event === 'node-finished') kill(id);
    setTimeout(kill, Number(delayMs), id);
  },
});
await slipway.apply(await slipway.plan());
await slipway.close();

function kill(id: string): void {
  writeSync(1, `${id}\n`);
  process.kill(process.pid, 'SIGKILL');
}
