import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const HOSTS = [{ name: 'cp1' }, { name: 'w1' }] as const;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`faults${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster | undefined;
  afterEach(() => cluster?.[Symbol.asyncDispose]());

  /** The resource that is under way, for how long, and the phases of that run: others would go on beside it. */
  const KILLS: readonly (readonly [phase: string, address: string, delayMs: number, only: string])[] = [
    ['swap', 'swap', 20, 'preflight,swap'],
    ['kernel', 'sysctl', 0, 'preflight,kernel'],
    ['runtime', 'packages', 800, 'preflight,runtime'],
    ['runtime', 'file:/etc/containerd/config.toml', 50, 'preflight,runtime'],
    ['kubernetes', 'packages', 800, 'preflight,kubernetes'],
    ['control-plane', 'kubeadm-init', 300, ''],
    ['control-plane', 'kubeadm-init', 1200, ''],
    ['network', 'manifest', 0, ''],
    ['join', 'kubeadm-join', 300, ''],
    ['nodes', 'node-labels', 0, ''],
    ['verify', 'node-ready', 0, ''],
  ];

  it('a controller killed in the middle of each phase leaves hosts from which the next run converges', async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', swap: true }], {
      hosts: { w1: { labels: { disk: 'fast' } } },
    });
    for (const [phase, address, delayMs, only] of KILLS) {
      const { code, stderr } = await cluster.script('killed-run.ts', phase, address, String(delayMs), only);
      // On a slow machine the node has become Ready in between, and there is nothing to wait for.
      if (phase === 'verify' && code === 0) continue;
      expect(code, `${phase} ${address} was not under way: ${stderr}`).toBeNull();
    }
    const { code, stderr, stdout } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });

  it('a second run on the same hosts is refused, and names the first', async () => {
    cluster = await LabCluster.start(HOSTS);
    const first = cluster.slipway('apply', '--yes');
    await sleep(3000);
    const second = await cluster.slipway('apply', '--yes');
    expect(second.code, second.stderr).toBe(5);
    expect(second.stderr).toMatch(/locked by another run: .*pid \d+/);
    expect((await first).code).toBe(0);
  });

  it('a host that is off from the start is told apart, and the others are done', async () => {
    cluster = await LabCluster.start([...HOSTS, { name: 'w2' }]);
    await cluster.lab.powerOff('w2');
    const { code, stderr, stdout } = await cluster.slipway('apply', '--yes');
    expect(code, stderr).toBe(6);
    expect(stdout + stderr).toMatch(/w2.*(no route|timed out|unreachable|not be reached)/i);
    const { stdout: nodes } = await cluster.lab.exec(
      'cp1',
      'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes',
    );
    expect(nodes).toMatch(/w1\s+Ready/);
    await cluster.lab.powerOn('w2');
    expect((await cluster.slipway('apply', '--yes')).code).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });

  it('a host that dies half-way fails alone, and joins in the next run', async () => {
    cluster = await LabCluster.start([...HOSTS, { name: 'w2' }]);
    const running = cluster.slipway('apply', '--yes');
    await sleep(6000);
    await cluster.lab.powerOff('w2');
    const { code, stdout, stderr } = await running;
    expect([1, 6], stderr).toContain(code);
    expect(stdout + stderr).toContain('w2');
    const { stdout: nodes } = await cluster.lab.exec(
      'cp1',
      'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes',
    );
    expect(nodes).toMatch(/w1\s+Ready/);
    await cluster.lab.powerOn('w2');
    expect((await cluster.slipway('apply', '--yes')).code).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });
});
