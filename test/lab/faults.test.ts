import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const HOSTS = [{ name: 'cp1' }, { name: 'w1' }, { name: 'w2' }] as const;

/** An addon of the inventory's own. */
const EXTRAS = `apiVersion: v1
kind: ConfigMap
metadata: { name: extras, namespace: default }
data: { color: green }
`;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`faults${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster | undefined;
  afterEach(() => cluster?.[Symbol.asyncDispose]());

  /** The resource that is under way, for how long at most, and the phases of that run: others would go on beside it. */
  const KILLS: readonly (readonly [phase: string, address: string, delayMs: number, only: string])[] = [
    ['swap', 'swap', 20, 'preflight,swap'],
    ['kernel', 'sysctl', 0, 'preflight,kernel'],
    ['host', 'packages', 800, 'preflight,host'],
    ['runtime', 'packages', 800, 'preflight,runtime'],
    ['runtime', 'file:/etc/containerd/config.toml', 50, 'preflight,runtime'],
    ['kubernetes', 'packages', 800, 'preflight,kubernetes'],
    ['control-plane', 'kubeadm-init', 300, ''],
    ['control-plane', 'kubeadm-init', 1200, ''],
    ['kube-proxy', 'kube-proxy', 300, 'preflight,control-plane,kube-proxy'],
    ['network', 'manifest', 0, 'preflight,control-plane,network'],
    ['addons', 'manifest:extras', 100, 'preflight,control-plane,addons'],
    ['join', 'kubeadm-join', 300, ''],
    ['nodes', 'node-labels:w1', 0, ''],
    ['verify', 'node-ready:w1', 0, ''],
  ];

  it('a controller killed in the middle of each phase leaves hosts from which the next run converges', async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', swap: true }], {
      hosts: { w1: { labels: { disk: 'fast' }, packages: ['nfs-common'] } },
      overlay: { addons: { manifests: [{ name: 'extras', path: 'extras.yaml' }] } },
    });
    await writeFile(join(cluster.directory, 'extras.yaml'), EXTRAS);
    for (const [phase, address, delayMs, only] of KILLS) {
      // A machine that has yet to join is not Ready when the run begins, however fast or slow the hosts are.
      if (phase === 'verify') await takeOut(cluster, 'w1');
      const killed = await cluster.script('killed-run.ts', phase, address, String(delayMs), only);
      expect(killed, `${phase} ${address} was not under way: ${killed.stderr}`).toMatchObject({
        code: null,
        stdout: expect.stringContaining(`/${phase}/${address}`),
      });
    }
    const { code, stderr, stdout } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending(), `${stdout}\n${stderr}`).toEqual([]);
  });

  it('a host that is off from the start is told apart, and the others are done', async () => {
    cluster = await LabCluster.start(HOSTS);
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

  it('a second run is refused, and names the first; a host that dies half-way fails alone, and joins in the next run', async () => {
    const own = await LabCluster.start(HOSTS);
    cluster = own;
    const apply = () => own.slipway('apply', '--yes');
    const others: Outcome[] = [];
    const { code, stdout, stderr } = await own.slipwayWhile(
      [
        { seen: /"node-started"/, act: async () => others.push(await apply()) },
        {
          seen: /"node-started".*"w2\/kubernetes\/packages/,
          act: () => own.lab.powerOff('w2'),
        },
      ],
      'apply',
      '--yes',
      '--format',
      'ndjson',
    );
    const [refused] = others;
    expect(refused?.code, refused?.stderr).toBe(5);
    expect(refused?.stderr).toMatch(/locked by another run: .*pid \d+/);
    expect([1, 6], stderr).toContain(code);
    expect(stdout + stderr).toContain('w2');
    const { stdout: nodes } = await cluster.lab.exec(
      'cp1',
      'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes',
    );
    expect(nodes).toMatch(/w1\s+Ready/);
    await cluster.lab.powerOn('w2');
    const again = await apply();
    expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });
});

/** Makes a worker a machine that belongs to no cluster, and the cluster one that knows nothing of it. */
async function takeOut({ lab }: LabCluster, worker: string): Promise<void> {
  await lab.exec(worker, 'kubeadm reset -f');
  await lab.exec('cp1', `kubectl --kubeconfig /etc/kubernetes/admin.conf delete node ${worker}`);
}
