// One run of slipway over the benchmark's work, in a process of its own:
//   node slipway-run.ts plan|apply INVENTORY WORK CONCURRENCY
import { readFile } from 'node:fs/promises';
import { argv, env, resourceUsage } from 'node:process';

import { startAsLaunched } from './as-launched.ts';
import type { Work } from './work.ts';

startAsLaunched();
const { boundGarbage } = await import('../../src/cli/bound-garbage.ts');
boundGarbage();
const { Run } = await import('#engine/run.ts');
const { Session } = await import('#engine/session.ts');
const { loadInventory } = await import('#inventory/load-inventory.ts');
const { observer } = await import('#transport/observer.ts');
const { sshTransport } = await import('#transport/ssh-transport.ts');
const { controlPlaneSpeaker } = await import('#phases/control-plane-speaker.ts');
const { workPhase } = await import('./work-phase.ts');

const [, , mode = 'plan', inventory = '', work = '', concurrency = '50'] = argv;
const { cluster } = await loadInventory(inventory, { env });
let startedAt: number | undefined;
let answeredAt = 0;
const session = new Session({
  cluster,
  workflow: {
    name: 'bench',
    summary: 'the work of the benchmark',
    phases: [workPhase(JSON.parse(await readFile(work, 'utf8')) as Work)],
    isDestructive: false,
    speaker: controlPlaneSpeaker,
  },
  fetchFile: () => Promise.reject(new Error('the work has no files to fetch')),
  transport: sshTransport({ settings: cluster.ssh, env: {} }),
  observe: observer,
  listener: ({ event }) => {
    if (event === 'connecting') startedAt ??= performance.now();
    if (event === 'observed') answeredAt = performance.now();
  },
  signal: new AbortController().signal,
  concurrency: Number(concurrency),
  holder: mode === 'apply' ? 'the benchmark' : undefined,
});
const run = new Run(session, { artifacts: new Map() });
const plan = await run.plan();
const count = (answer: string): number =>
  plan.nodes.filter(({ outcome }) => outcome.answer === answer).length;
const failed = mode === 'apply' ? (await run.apply(plan)).failed.length : undefined;
const executions = await session.connections.executions();
const unreachable = plan.hosts.filter((host) => host.unreachable !== undefined);
await session.close();
const pending = plan.nodes.filter(({ outcome }) => outcome.answer !== 'none').slice(0, 5);
const told = {
  hosts: plan.hosts.length,
  unreachable: unreachable.length,
  none: count('none'),
  change: count('change'),
  refused: count('refused'),
  executions,
  residentMb: resourceUsage().maxRSS / 1000,
  answeredMs: answeredAt - (startedAt ?? 0),
  failed,
  pending: pending.map(({ id, outcome }) => ({ id, outcome })),
};
process.stdout.write(`${JSON.stringify(told)}\n`);
