// The main job on an embedded default: real hosts in a lab on this machine become a cluster. npm run demo
// With --real they run Kubernetes' own packages and images, in place of stand-ins.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';

import { realKubernetes } from './demo/real-kubernetes.ts';
import { cleanUpOnSignals } from './lab/cleanup-on-signals.ts';
import { defaultKubernetesVersion } from './lab/kubernetes-repository.ts';
import { labInventory } from './lab/lab-inventory.ts';
import { labUnavailable } from './lab/lab-unavailable.ts';
import { startLab } from './lab/lab.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const slipway = [process.execPath, join(root, 'bin/slipway.cjs')];
const HOSTS = [
  { name: 'cp1', suite: 'bookworm' },
  { name: 'worker1', suite: 'trixie' },
  { name: 'worker2', suite: 'bookworm' },
] as const;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const title = (text: string): void => say(`\n${styleText(['bold', 'cyan'], `== ${text}`)}\n`);

/** The slipway that is running. */
let child: ChildProcess | undefined;

/** Runs slipway as a person would. @returns its exit code. */
async function run(argv: readonly string[]): Promise<number> {
  const [program = '', ...args] = argv;
  child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  child = undefined;
  return code ?? 1;
}

/** Lets slipway come to its own end, as it needs the hosts for that. */
async function endChild(signal: NodeJS.Signals): Promise<void> {
  if (child === undefined) return;
  // A Ctrl-C on a terminal reaches it by itself.
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  await once(child, 'exit');
}

async function demoOnLab(): Promise<number> {
  const startedAt = performance.now();
  title('Three Debian hosts, bare: systemd, sshd, apt, nothing of Kubernetes');
  await using lab = await startLab({ hosts: HOSTS, log: say });
  say(lab.hosts.map(({ name, suite, address }) => `  ${name}  ${address}  ${suite}`).join('\n'));
  await lab.bringPodNetwork();
  const directory = await mkdtemp(join(tmpdir(), 'slipway-demo-'));
  try {
    const inventory = join(directory, 'inventory.yaml');
    await writeFile(inventory, await labInventory(lab, { hosts: { worker2: { labels: { disk: 'fast' } } } }));
    const inLab = (...args: string[]): string[] =>
      lab.inNetwork([...slipway, ...args, '--inventory', inventory]);
    const steps: readonly (readonly [string, readonly string[]])[] = [
      ['slipway plan: what would be done, and nothing else', ['plan']],
      ['slipway apply: that plan, done and proven', ['apply', '--yes']],
      ['slipway status: the nodes as the cluster sees them', ['status']],
      ['slipway plan again: nothing is left', ['plan', '--detailed-exitcode']],
    ];
    for (const [name, args] of steps) {
      title(name);
      const code = await run(inLab(...args));
      if (code !== 0) {
        say(`slipway ${args.join(' ')} ended with exit code ${code}`);
        return code;
      }
    }
  } finally {
    await rm(directory, { recursive: true });
  }
  title(`Done in ${Math.round((performance.now() - startedAt) / 1000)} s; the hosts are taken down`);
  return 0;
}

const { values } = parseArgs({ options: { real: { type: 'boolean', default: false } } });
const reason = labUnavailable();
const real = values.real ? await realKubernetes(defaultKubernetesVersion, process.env) : { env: {} };
if (values.real && reason !== undefined) {
  say(`The demo's hosts cannot run here: ${reason}.`);
  process.exitCode = 1;
} else if ('missing' in real) {
  say(real.missing);
  process.exitCode = 1;
} else if (reason === undefined) {
  Object.assign(process.env, real.env);
  cleanUpOnSignals(say, endChild);
  process.exitCode = await demoOnLab();
} else {
  say(
    `The demo's hosts cannot run here: ${reason}. This is the plan of the example inventory.yaml instead, made offline.`,
  );
  process.exitCode = await run([
    ...slipway,
    'plan',
    '--offline',
    '--inventory',
    join(root, 'inventory.yaml'),
  ]);
}
