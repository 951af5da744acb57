// A run that prints the id of each node as it is begun, and last what was not done.
//
//   node announced-run.ts INVENTORY HOST PHASES
import { writeSync } from 'node:fs';

import { openSlipway } from '../../../src/index.ts';

const [inventory = '', host = '', phases = ''] = process.argv.slice(2);

const slipway = await openSlipway(inventory, {
  env: process.env,
  limit: [host],
  only: phases.split(','),
  holder: `announced-run, pid ${process.pid}`,
  listener: (event) => {
    if (event.event === 'node-started') writeSync(1, `${event.node.id}\n`);
  },
});
const { failed, unreachable } = await slipway.apply(await slipway.plan());
for (const one of [...failed, ...unreachable]) writeSync(1, `not done: ${JSON.stringify(one)}\n`);
await slipway.close();
