import type { ChildProcess } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EtcdStatus } from '#etcd/etcd-status.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';
import { loadBalancer } from './support/load-balancer-process.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const TRACES =
  'ls /etc/kubernetes/*.conf /etc/kubernetes/manifests/*.yaml /var/lib/etcd/member 2>/dev/null || :';
const POLL = { timeout: 90_000 };

const well = ({ code, stdout, stderr }: Outcome): void => expect(code, `${stdout}\n${stderr}`).toBe(0);

const reason = labUnavailable();
/** Where Kubernetes is a stand-in there is no etcd that members could be taken out of. */
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);

const nodesOf = async (cluster: LabCluster, through: string): Promise<string> =>
  (await cluster.lab.exec(through, `${KUBECTL} get nodes --no-headers`)).stdout;

describe.skipIf(reason !== undefined)(`workers that leave${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start(['cp1', 'w1', 'w2', 'w3'].map((name) => ({ name })));
    well(await cluster.slipway('apply', '--yes'));
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const podsOn = async (node: string): Promise<string> =>
    (
      await cluster.lab.exec('cp1', `${KUBECTL} get pods -A -o name --field-selector spec.nodeName=${node}`)
    ).stdout.trim();

  it('are drained, deleted and reset while they are alive, and a second plan is empty', async () => {
    await cluster.writeInventory({ hosts: { w1: { state: 'absent' } } });
    const pending = await cluster.pending();
    expect(pending).toEqual(
      expect.arrayContaining([
        'change w1/removed-nodes/drain:w1',
        'change w1/removed-nodes/removed-node:w1',
        'deferred w1/reset/kubeadm-reset',
      ]),
    );
    expect(pending.filter((id) => !id.includes(' w1/'))).toEqual([]);
    expect((await cluster.slipway('apply', '--yes')).stderr).toContain("--destroy 'w1'");
    well(await cluster.slipway('apply', '--yes', '--destroy', 'w1'));
    expect(await nodesOf(cluster, 'cp1')).not.toMatch(/^w1\s/m);
    expect((await cluster.lab.exec('w1', TRACES)).stdout).toBe('');
    expect(await cluster.pending()).toEqual([]);
    // Its DaemonSets' pods may be there for a minute, until the cluster collects them: nobody waits for that.
    await expect.poll(() => podsOn('w1'), POLL).toBe('');
  });

  it('are nodes again where the inventory wants them back', async () => {
    await cluster.writeInventory({});
    well(await cluster.slipway('apply', '--yes'));
    expect(await nodesOf(cluster, 'cp1')).toMatch(/^w1\s/m);
    expect(await cluster.pending()).toEqual([]);
  });

  it('that are killed half-way out are taken out by the same command', async () => {
    await cluster.writeInventory({ hosts: { w1: { state: 'absent' } } });
    const command = ['apply', '--yes', '--destroy', 'w1'] as const;
    const killed = await cluster.slipwayUntil(/removed-node:w1/, 'SIGKILL', ...command);
    expect(killed.code).toBe(null);
    well(await cluster.slipway(...command));
    expect(await cluster.pending()).toEqual([]);
  });

  it('and are dead are removed from the cluster alone', async () => {
    await cluster.lab.powerOff('w2');
    await expect.poll(() => nodesOf(cluster, 'cp1'), POLL).toMatch(/^w2\s+NotReady/m);
    await cluster.writeInventory({ hosts: { w1: { state: 'absent' }, w2: { state: 'absent' } } });
    const removed = await cluster.slipway('apply', '--yes', '--destroy', 'w2');
    well(removed);
    expect(removed.stdout).toContain("w2 is removed from the cluster's side alone");
    expect(await nodesOf(cluster, 'cp1')).not.toMatch(/^w2\s/m);
    expect(await cluster.pending()).toEqual([]);
  });

  it('are removed by their name, once somebody says yes', async () => {
    expect((await cluster.slipway('remove', 'w3')).code).toBe(3);
    well(await cluster.slipway('remove', 'w3', '--plan'));
    expect(await nodesOf(cluster, 'cp1')).toMatch(/^w3\s/m);
    well(await cluster.slipway('remove', 'w3', '--yes'));
    expect(await nodesOf(cluster, 'cp1')).not.toMatch(/^w3\s/m);
    expect((await cluster.slipway('remove', 'cp1', '--yes')).stderr).toContain('the last control plane');
    const typo = await cluster.slipway('remove', 'w4', '--yes');
    expect(typo.code).toBe(3);
    expect(typo.stderr).toContain('the nodes are cp1');
  });
});

describe.skipIf(reason !== undefined || !isReal)(
  `control planes that leave${reason ? ` (skipped: ${reason})` : isReal ? '' : ' (skipped: no real etcd)'}`,
  () => {
    const FIRST = ['cp1', 'cp2', 'cp3'];
    let cluster: LabCluster;
    let balancer: ChildProcess;
    beforeAll(async () => {
      cluster = await LabCluster.start([...FIRST, 'cp4'].map((name) => ({ name })));
      balancer = await loadBalancer(cluster.lab);
      await write({ cp4: { state: 'absent' } });
      well(await cluster.slipway('apply', '--yes'));
    });
    afterAll(async () => {
      balancer?.kill();
      await cluster?.[Symbol.asyncDispose]();
    });

    const write = (hosts: Readonly<Record<string, { readonly state: string }>>): Promise<void> =>
      cluster.writeInventory({
        controlPlanes: [...FIRST, 'cp4'],
        hosts,
        overlay: { kubernetes: { controlPlaneEndpoint: `${cluster.lab.gateway}:6443` } },
      });
    const isServing = async (host: string): Promise<boolean> => {
      const asked = 'kubectl --kubeconfig /etc/kubernetes/admin.conf get --raw /readyz';
      return (await cluster.lab.exec(host, asked, { nothrow: true })).exitCode === 0;
    };
    const members = async (): Promise<readonly string[]> => {
      const { stdout } = await cluster.slipway('etcd', 'status', '--format', 'json');
      return (JSON.parse(stdout) as EtcdStatus).members.map(({ name }) => name).toSorted();
    };

    it('and are dead are replaced: the old member goes before the new one joins', async () => {
      await cluster.lab.powerOff('cp1');
      await expect.poll(() => nodesOf(cluster, 'cp2'), POLL).toMatch(/^cp1\s+NotReady/m);
      await write({ cp1: { state: 'absent' } });
      const replaced = await cluster.slipway('apply', '--yes', '--destroy', 'cp1');
      well(replaced);
      expect(await members()).toEqual(['cp2', 'cp3', 'cp4']);
      expect(await nodesOf(cluster, 'cp2')).not.toMatch(/^cp1\s/m);
      expect(await cluster.pending()).toEqual([]);
    });

    it('are refused where etcd would lose its quorum, with the numbers', async () => {
      await cluster.lab.powerOff('cp4');
      await write({ cp1: { state: 'absent' }, cp3: { state: 'absent' } });
      const refused = await cluster.slipway('apply', '--yes', '--destroy', 'cp3');
      expect(refused.code).toBe(1);
      expect(`${refused.stdout}${refused.stderr}`.replaceAll(/\s+/g, ' ')).toContain(
        'without cp3 etcd would have 2 members, of which 1 would be healthy, and 2 must agree',
      );
      expect(await members()).toEqual(['cp2', 'cp3', 'cp4']);
      await cluster.lab.powerOn('cp4');
      // Its Node has been Ready all the while: it was off for a shorter time than it takes to be missed.
      await expect.poll(() => isServing('cp4'), POLL).toBe(true);
    });

    it('and are alive leave nothing behind', async () => {
      await write({ cp1: { state: 'absent' }, cp3: { state: 'absent' } });
      well(await cluster.slipway('apply', '--yes', '--destroy', 'cp1, cp3'));
      expect(await members()).toEqual(['cp2', 'cp4']);
      expect((await cluster.lab.exec('cp3', TRACES)).stdout).toBe('');
      expect(await cluster.pending()).toEqual([]);
    });
  },
);
