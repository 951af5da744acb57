// What asking costs the host that is asked, on this machine and side by side with the hand-written probe:
//   node scripts/bench/probe-cost.ts [ROUNDS]
// Nothing is changed: both programs only read.
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { argv } from 'node:process';

import { buildGraph } from '#engine/build-graph.ts';
import { factsByHost } from '#engine/observe.ts';
import { packageState } from '#facts/package.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { groupFacts, probeScript } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { handWrittenProbe, packageNames, workOn } from './work.ts';

const rounds = Number(argv[2] ?? 10);
// A host has its own name in /etc/hosts, as a rule: this machine has its.
const worker = hostname();
const inventory = {
  kubernetes: { version: '1.34.9', controlPlaneEndpoint: 'api.example.com:6443' },
  network: { plugin: 'none' },
  hosts: [
    { name: 'cp1', address: '10.20.0.1', role: 'control-plane' },
    { name: worker, address: '10.20.0.2' },
  ],
};
const options = { path: 'inventory.yaml', directory: '/', env: { HOME: '/root' }, secrets: 'skip' } as const;
const { cluster } = await parseInventory(JSON.stringify(inventory), options);
const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map() });
const groups = groupFacts(factsByHost(graph.nodes).get(worker) ?? []);
// A host that is done has its packages: here those stand for them that this machine has anyhow.
const installed = ['apt', 'base-files', 'bash', 'coreutils', 'dash', 'dpkg', 'grep'];
const isPackage = ({ family }: (typeof groups)[number]): boolean =>
  ['package', 'install-effects'].includes(family.name);
const done = [
  ...groups.filter((group) => !isPackage(group)),
  ...groupFacts(installed.map((name) => packageState(name, null))),
];
const questions = groups.reduce((sum, group) => sum + group.questions.length, 0);

const work = workOn(Object.fromEntries(packageNames.map((name) => [name, '1'])));
const programs = [
  { name: 'hand-written, 25 questions', script: handWrittenProbe(work) },
  { name: `slipway, ${questions} questions of a worker that is done`, script: probeScript(done, 'nonce') },
  { name: 'the same, packages to be looked up', script: probeScript(groups, 'nonce') },
  ...[...done, ...groups.filter(isPackage)].map((group) => ({
    name: `  ${group.family.name} (${group.questions.length})${groups.includes(group) && isPackage(group) ? ', looked up' : ''}`,
    script: probeScript([group], 'nonce'),
  })),
];
const cpu = new Map(programs.map(({ name }) => [name, 0]));
// In turn, so that a busy moment falls on all alike.
for (let round = 0; round < rounds; round += 1) {
  for (const { name, script } of programs) cpu.set(name, (cpu.get(name) ?? 0) + cpuMs(script));
}
const base = cpu.get(programs[0]?.name ?? '') ?? 1;
for (const [name, total] of cpu) {
  process.stdout.write(
    `${name}: ${(total / base).toFixed(2)} x (${(total / rounds).toFixed(1)} ms of CPU)\n`,
  );
}

/** Of a shell and all it starts. */
function cpuMs(script: string): number {
  const timed = 'TIMEFORMAT="%3U %3S"; time sh -c "$1" >/dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', timed, 'bash', script], { encoding: 'utf8' });
  const [user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return (user + system) * 1000;
}
