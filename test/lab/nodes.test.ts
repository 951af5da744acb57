import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { LabInventoryOptions } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const FILE = '/var/lib/kubelet/config.yaml';

const START: LabInventoryOptions = {
  hosts: {
    w1: {
      labels: { disk: 'fast' },
      taints: ['dedicated=batch:NoSchedule'],
      kubelet: { maxPods: 50 },
      packages: ['nfs-common'],
    },
  },
};

interface NodeObject {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly taints?: readonly { readonly key: string; readonly value?: string }[] };
  readonly status: { readonly capacity: { readonly pods: string } };
}

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`nodes on two hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }], START);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const node = async (name: string): Promise<NodeObject> => {
    const { stdout } = await cluster.lab.exec('cp1', `${KUBECTL} get node ${name} -o json`);
    return JSON.parse(stdout) as NodeObject;
  };
  const taints = async (name: string): Promise<readonly string[]> =>
    ((await node(name)).spec.taints ?? []).map(({ key }) => key).toSorted();
  const settings = async (host: string): Promise<string> =>
    (await cluster.lab.exec(host, `cat ${FILE}`)).stdout;
  const apply = async (): Promise<string> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
    return stdout;
  };

  it('have labels, taints, kubelet settings and packages from the start, and nothing left to do', async () => {
    await apply();
    expect((await node('w1')).metadata.labels).toMatchObject({ disk: 'fast' });
    expect(await taints('w1')).toEqual(['dedicated']);
    expect((await node('w1')).status.capacity.pods).toBe('50');
    expect((await node('cp1')).status.capacity.pods).toBe('110');
    expect((await cluster.lab.exec('w1', "dpkg-query -W -f='${Status}' nfs-common")).stdout).toContain(
      'installed',
    );
    expect(
      (await cluster.lab.exec('w1', 'systemctl show -p NRestarts --value kubelet')).stdout.trim(),
    ).toMatch(/^\d+$/);
  });

  it('lose what slipway set before, and keep what others set', async () => {
    await cluster.lab.exec(
      'cp1',
      `${KUBECTL} label node w1 mine=yes && ${KUBECTL} taint node w1 mine=yes:PreferNoSchedule`,
    );
    await cluster.writeInventory({
      hosts: {
        w1: { labels: { zone: 'a' }, taints: [], kubelet: { maxPods: 50 }, packages: ['nfs-common'] },
      },
    });
    expect(await cluster.pending()).toEqual([
      'change w1/nodes/node-labels:w1',
      'change w1/nodes/node-taints:w1',
    ]);
    await apply();
    const { labels } = (await node('w1')).metadata;
    expect(labels).toMatchObject({ zone: 'a', mine: 'yes' });
    expect(labels).not.toHaveProperty('disk');
    expect(await taints('w1')).toEqual(['mine']);
  });

  it('a control plane becomes schedulable, and is closed again', async () => {
    await cluster.writeInventory({ ...START, hosts: { ...START.hosts, cp1: { taints: [] } } });
    await apply();
    expect(await taints('cp1')).toEqual([]);
    await cluster.writeInventory(START);
    await apply();
    expect(await taints('cp1')).toEqual(['node-role.kubernetes.io/control-plane']);
  });

  it('a changed kubelet setting is planned on every node with its restart, and taken away again', async () => {
    const kubelet = { evictionHard: { 'memory.available': '300Mi' }, hairpinMode: 'hairpin-veth' };
    await cluster.writeInventory({
      overlay: { kubernetes: { kubelet } },
      hosts: {
        w1: { ...START.hosts?.['w1'], kubelet: { maxPods: 60, systemReserved: { memory: '200Mi' } } },
      },
    });
    const pending = await cluster.pending();
    expect(pending).toContain('change cp1/control-plane/kubelet-config');
    expect(pending).toContain(`change cp1/kubelet/file:${FILE}`);
    expect(pending).toContain(`change w1/kubelet/file:${FILE}`);
    expect(pending).toContain('change w1/kubelet/unit:kubelet.service');
    const { stdout } = await cluster.slipway('plan');
    expect(stdout).toMatch(/maxPods: 50 -> 60/);
    expect(stdout).toMatch(/Restarts\n {2}kubelet\.service\s+cp1, w1/);
    await apply();
    expect(await settings('cp1')).toMatch(/evictionHard:\n {2}memory\.available: 300Mi/);
    expect(await settings('w1')).toContain('maxPods: 60');
    await expect.poll(async () => (await node('w1')).status.capacity.pods, { timeout: 20_000 }).toBe('60');

    await cluster.writeInventory(START);
    await apply();
    expect(await settings('cp1')).not.toContain('evictionHard');
    expect(await settings('w1')).not.toMatch(/systemReserved|hairpin-veth/);
  });

  it('a setting that was changed by hand is mended', async () => {
    await cluster.lab.exec('w1', `sed -i 's/maxPods: 50/maxPods: 70/' ${FILE}`);
    expect(await cluster.pending()).toContain(`change w1/kubelet/file:${FILE}`);
    await apply();
    expect(await settings('w1')).toContain('maxPods: 50');
  });

  it('a changed flag of the kubelet is planned and set', async () => {
    await cluster.writeInventory({ hosts: { w1: { ...START.hosts?.['w1'], kubeletExtraArgs: { v: '3' } } } });
    expect(await cluster.pending()).toContain('change w1/kubelet/file:/var/lib/kubelet/kubeadm-flags.env');
    await apply();
    expect((await cluster.lab.exec('w1', 'cat /var/lib/kubelet/kubeadm-flags.env')).stdout).toContain(
      '--v=3',
    );
  });

  it('a setting that the kubelet does not take ends with its own words, and is mended by the next run', async () => {
    const kubelet = { maxPods: 50, cpuManagerPolicy: 'static' };
    await cluster.writeInventory({ hosts: { w1: { ...START.hosts?.['w1'], kubelet } } });
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('unable to determine reserved CPU resources for static policy');
    await cluster.writeInventory(START);
    await apply();
  });

  it('settings that only count while a cluster is made are refused, and named', async () => {
    await cluster.writeInventory({
      ...START,
      overlay: {
        kubernetes: {
          networking: { podSubnet: '10.200.0.0/16' },
          apiServer: { extraArgs: { 'audit-log-maxage': '30' } },
        },
      },
    });
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code).toBe(1);
    const said = (stdout + stderr).replaceAll(/\s+/g, ' ');
    expect(said).toContain('networking.podSubnet is 10.244.0.0/16, wanted 10.200.0.0/16');
    expect(said).toContain('apiServer.extraArgs is not set, wanted {"audit-log-maxage":"30"}');
    await cluster.writeInventory(START);
    expect(await cluster.pending()).toEqual([]);
  });
});
