import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const RESET =
  'kubeadm reset --force >/dev/null 2>&1; rm -f /etc/cni/net.d/10-calico.conflist /run/slipway/*.log; true';

/** Seconds after kubeadm has begun; stand-ins are done with an init in 5 s, and with a join in 2 s. */
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const INIT_CUTS = isReal ? [0.5, 1, 2, 3, 5, 8, 12] : [0.2, 1, 2, 3.5];
const JOIN_CUTS = isReal ? [0.5, 1, 2, 3, 5, 8] : [0.1, 0.6, 1.2];

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`power cuts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
    await leftByNextRun('--only', 'preflight,swap,kernel,runtime,kubernetes');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  /** What is left to do after a run that must go on to the end. */
  async function leftByNextRun(...args: readonly string[]): Promise<readonly string[]> {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...args);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    const { nodes } = await cluster.plan(...args);
    return nodes.flatMap(({ id, outcome }) => (outcome.answer === 'none' ? [] : [id]));
  }

  interface Cut {
    readonly host: string;
    readonly verb: 'init' | 'join';
    readonly afterS: number;
    readonly act: () => Promise<unknown>;
  }

  /** Applies, and does something so many seconds after kubeadm has begun on a host. */
  async function applyAnd({ host, verb, afterS, act }: Cut, ...args: readonly string[]): Promise<void> {
    const running = cluster.slipway('apply', '--yes', ...args);
    await cluster.lab.exec(
      host,
      `until [ -s /run/slipway/slipway-kubeadm-${verb}.log ]; do sleep 0.02; done`,
    );
    await sleep(afterS * 1000);
    await act();
    // It may have come too late, or have been ridden out.
    const { code, stdout, stderr } = await running;
    expect([0, 1, 6], `${stdout}\n${stderr}`).toContain(code);
  }

  async function loseWorker(): Promise<void> {
    await cluster.lab.exec('w1', RESET);
    await cluster.lab.exec('cp1', `${KUBECTL} delete node w1 --ignore-not-found`);
  }

  async function loseAll(): Promise<void> {
    await cluster.lab.exec('w1', RESET);
    await cluster.lab.exec('cp1', RESET);
  }

  async function unplug(host: string, forS: number): Promise<void> {
    await cluster.lab.cutNetwork(host);
    await sleep(forS * 1000);
    await cluster.lab.restoreNetwork(host);
  }

  async function powerCycle(host: string): Promise<void> {
    await cluster.lab.powerOff(host);
    await cluster.lab.powerOn(host);
  }

  async function reboot(host: string): Promise<void> {
    const before = await cluster.lab.bootId(host);
    await cluster.lab.exec(host, 'systemctl reboot', { nothrow: true });
    await cluster.lab.waitUntilRebooted(host, before);
  }

  it.each(INIT_CUTS)('a control plane that loses its power %s s into its init comes up', async (afterS) => {
    await loseAll();
    await applyAnd({ host: 'cp1', verb: 'init', afterS, act: () => powerCycle('cp1') }, '--limit', 'cp1');
    expect(await leftByNextRun('--limit', 'cp1')).toEqual([]);
  });

  it.each(JOIN_CUTS)('a worker that loses its power %s s into its join comes up', async (afterS) => {
    await loseWorker();
    await applyAnd({ host: 'w1', verb: 'join', afterS, act: () => powerCycle('w1') });
    expect(await leftByNextRun()).toEqual([]);
  });

  it.each(JOIN_CUTS)('a worker whose cable is pulled %s s into its join comes up', async (afterS) => {
    await loseWorker();
    await applyAnd({ host: 'w1', verb: 'join', afterS, act: () => unplug('w1', 4) });
    expect(await leftByNextRun()).toEqual([]);
  });

  it.each(JOIN_CUTS.slice(0, 3))(
    'a control plane that loses its power %s s into the join of a worker comes up',
    async (afterS) => {
      await loseWorker();
      await applyAnd({ host: 'w1', verb: 'join', afterS, act: () => powerCycle('cp1') });
      expect(await leftByNextRun()).toEqual([]);
    },
  );

  it('a control plane whose cable is pulled in its init comes up', async () => {
    await loseAll();
    await applyAnd({ host: 'cp1', verb: 'init', afterS: 1, act: () => unplug('cp1', 3) });
    expect(await leftByNextRun()).toEqual([]);
  });

  it.each([
    ['cp1', 'init', 1.5],
    ['w1', 'join', 0.5],
  ] as const)('%s that is rebooted while a run works on it comes up', async (host, verb, afterS) => {
    await loseAll();
    await applyAnd({ host, verb, afterS, act: () => reboot(host) });
    expect(await leftByNextRun()).toEqual([]);
  });
});
