import { setTimeout as sleep } from 'node:timers/promises';

import type { LabCluster, Outcome } from './lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const RESET =
  'kubeadm reset --force >/dev/null 2>&1; rm -f /etc/cni/net.d/10-calico.conflist /run/slipway/*.log; true';

/** Seconds after kubeadm has begun; stand-ins are done with an init in 5 s, and with a join in 2 s. */
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
export const INIT_CUTS = isReal ? [0.5, 1, 2, 3, 5, 8, 12] : [0.2, 1, 2, 3.5];
export const JOIN_CUTS = isReal ? [0.5, 1, 2, 3, 5, 8] : [0.1, 0.6, 1.2];

interface Cut {
  readonly host: string;
  readonly verb: 'init' | 'join';
  readonly afterS: number;
  readonly act: () => Promise<unknown>;
}

/** Something happens to hosts of a cluster (`cp1` and workers) while a run works on them. */
export class Cuts {
  readonly #cluster: LabCluster;

  constructor(cluster: LabCluster) {
    this.#cluster = cluster;
  }

  /** What is left to do after a run that must go on to the end. */
  async leftByNextRun(...args: readonly string[]): Promise<readonly string[]> {
    const { code, stdout, stderr } = await this.#cluster.slipway('apply', '--yes', ...args);
    if (code !== 0) throw new Error(`the next run ended with ${code}: ${stdout}\n${stderr}`);
    const { nodes } = await this.#cluster.plan(...args);
    return nodes.flatMap(({ id, outcome }) => (outcome.answer === 'none' ? [] : [id]));
  }

  /** Applies, and does something so many seconds after kubeadm has begun on each of some hosts. */
  async applyAnd(cuts: readonly Cut[], ...args: readonly string[]): Promise<Outcome> {
    const running = this.#cluster.slipway('apply', '--yes', ...args);
    await Promise.all(
      cuts.map(async ({ host, verb, afterS, act }) => {
        await this.#cluster.lab.exec(
          host,
          `until [ -s /run/slipway/slipway-kubeadm-${verb}.log ]; do sleep 0.02; done`,
        );
        await sleep(afterS * 1000);
        await act();
      }),
    );
    // It may have come too late, or have been ridden out.
    const outcome = await running;
    const { code, stdout, stderr } = outcome;
    if (![0, 1, 6].includes(code ?? -1)) throw new Error(`the run ended with ${code}: ${stdout}\n${stderr}`);
    return outcome;
  }

  async loseWorkers(...workers: readonly string[]): Promise<void> {
    for (const worker of workers) await this.#cluster.lab.exec(worker, RESET);
    await this.#cluster.lab.exec('cp1', `${KUBECTL} delete node ${workers.join(' ')} --ignore-not-found`);
  }

  async loseAll(): Promise<void> {
    for (const { name } of this.#cluster.lab.hosts) await this.#cluster.lab.exec(name, RESET);
  }

  async unplug(host: string, forS: number): Promise<void> {
    await this.#cluster.lab.cutNetwork(host);
    await sleep(forS * 1000);
    await this.#cluster.lab.restoreNetwork(host);
  }

  async powerCycle(host: string): Promise<void> {
    await this.#cluster.lab.powerOff(host);
    await this.#cluster.lab.powerOn(host);
  }

  async reboot(host: string): Promise<void> {
    const before = await this.#cluster.lab.bootId(host);
    await this.#cluster.lab.exec(host, 'systemctl reboot', { nothrow: true });
    await this.#cluster.lab.waitUntilRebooted(host, before);
  }
}
