import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Plan } from '#core/plan.ts';

import { type LabInventoryOptions, labInventory } from '../../../scripts/lab/lab-inventory.ts';
import type { LabHostSpec } from '../../../scripts/lab/lab-options.ts';
import { kubernetesRepository } from '../../../scripts/lab/kubernetes-repository.ts';
import { type Lab, startLab } from '../../../scripts/lab/lab.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Outcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lab, an inventory of it, and slipway as a person runs it there. */
export class LabCluster implements AsyncDisposable {
  readonly lab: Lab;
  readonly directory: string;
  readonly inventory: string;

  private constructor(lab: Lab, directory: string) {
    this.lab = lab;
    this.directory = directory;
    this.inventory = join(directory, 'inventory.yaml');
  }

  /** @param versions of Kubernetes that its repository has; by default the one of the inventory. */
  static async start(
    hosts: readonly LabHostSpec[],
    options: LabInventoryOptions = {},
    versions?: readonly string[],
  ): Promise<LabCluster> {
    const repository = await kubernetesRepository(versions);
    const lab = await startLab({ hosts, repository });
    // Stand-ins take a quarter of the time the real programs do; real packages do not read the file.
    const pace = `echo '{"timeScale": 0.25}' >/etc/slipway-stand-in.json`;
    await Promise.all(lab.hosts.map(({ name }) => lab.exec(name, pace)));
    await lab.bringPodNetwork();
    const cluster = new LabCluster(lab, await mkdtemp(join(tmpdir(), 'slipway-lab-test-')));
    await cluster.writeInventory(options);
    return cluster;
  }

  async writeInventory(options: LabInventoryOptions): Promise<void> {
    await writeFile(this.inventory, await labInventory(this.lab, options));
  }

  /** Runs `slipway ARGS --inventory ...` in the lab's network. */
  async slipway(...args: readonly string[]): Promise<Outcome> {
    return this.run(this.words(args));
  }

  /** Runs slipway, and sends it a signal once its standard output matches. */
  async slipwayUntil(seen: RegExp, signal: NodeJS.Signals, ...args: readonly string[]): Promise<Outcome> {
    return this.run(this.words(args), (child, { stdout }) => {
      if (seen.test(stdout) && !child.killed) child.kill(signal);
    });
  }

  /** Runs slipway, and does each thing once, as soon as slipway has said what it waits for. It is over when all of it is. */
  async slipwayWhile(
    reactions: readonly { readonly seen: RegExp; readonly act: () => unknown }[],
    ...args: readonly string[]
  ): Promise<Outcome> {
    const waiting = new Set(reactions);
    const acting: unknown[] = [];
    const outcome = await this.run(this.words(args), (_, { stdout, stderr }) => {
      for (const reaction of waiting) {
        if (!reaction.seen.test(stdout) && !reaction.seen.test(stderr)) continue;
        waiting.delete(reaction);
        acting.push(reaction.act());
      }
    });
    await Promise.all(acting);
    for (const { seen } of waiting)
      throw new Error(`slipway did not say ${String(seen)}: ${outcome.stdout}${outcome.stderr}`);
    return outcome;
  }

  /** The inventory stands first: what follows `--` belongs to another program. */
  private words(args: readonly string[]): readonly string[] {
    return [join(root, 'src/main.ts'), '--inventory', this.inventory, ...args];
  }

  /** Runs the provision script on the inventory. */
  async provision(...args: readonly string[]): Promise<Outcome> {
    return this.run([join(root, 'scripts/provision.ts'), this.inventory, ...args]);
  }

  /** Runs a script of the tests with the inventory as its first argument. */
  async script(name: string, ...args: readonly string[]): Promise<Outcome> {
    return this.run([join(root, 'test/lab/support', name), this.inventory, ...args]);
  }

  /** Applies phases to one host, and does something once a node whose id begins so is under way. The output ends with what was not done. */
  async applyUntil(id: string, phases: string, act: () => Promise<void>): Promise<Outcome> {
    const [host = ''] = id.split('/');
    let acting: Promise<void> | undefined;
    const script = join(root, 'test/lab/support/announced-run.ts');
    const outcome = await this.run([script, this.inventory, host, phases], (_, { stdout }) => {
      if (`\n${stdout}`.includes(`\n${id}`)) acting ??= act();
    });
    if (acting === undefined) throw new Error(`${id} was not under way: ${outcome.stdout}${outcome.stderr}`);
    await acting;
    return outcome;
  }

  /** The plan as data. */
  async plan(...args: readonly string[]): Promise<Plan> {
    const { code, stdout, stderr } = await this.slipway('plan', '--format', 'json', ...args);
    if (code !== 0) throw new Error(`slipway plan ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Plan;
  }

  /** Ids of the nodes that a fresh plan would work on, each with its answer: `change cp1/swap/swap`. */
  async pending(): Promise<readonly string[]> {
    const { nodes } = await this.plan();
    return nodes.flatMap(({ id, outcome }) => (outcome.answer === 'none' ? [] : [`${outcome.answer} ${id}`]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab.down();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async run(
    argv: readonly string[],
    onOutput: (child: ChildProcess, output: Pick<Outcome, 'stdout' | 'stderr'>) => void = () => undefined,
  ): Promise<Outcome> {
    const [program = '', ...args] = this.lab.inNetwork([process.execPath, ...argv]);
    const env = {
      ...process.env,
      CI: 'true',
      XDG_CACHE_HOME: join(this.directory, 'cache'),
      // As bin/slipway.cjs has it: half of a short run is to read and compile modules.
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
    };
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
        onOutput(child, output);
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...output };
  }
}
