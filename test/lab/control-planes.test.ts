import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const HOSTS = [{ name: 'cp1' }, { name: 'cp2' }, { name: 'cp3' }] as const;
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`three control planes${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start(HOSTS);
    const [first] = cluster.lab.hosts;
    await cluster.writeInventory({
      controlPlanes: HOSTS.map(({ name }) => name),
      overlay: { kubernetes: { controlPlaneEndpoint: `${first?.address}:6443` } },
    });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it('join one after another, and leave neither token nor certificates behind', async () => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    const { stdout: nodes } = await cluster.lab.exec('cp1', `${KUBECTL} get nodes`);
    expect(nodes.match(/\sReady\s+control-plane\s/g)).toHaveLength(3);
    const { stdout: secrets } = await cluster.lab.exec(
      'cp1',
      `${KUBECTL} -n kube-system get secrets -o name`,
    );
    expect(secrets).not.toContain('kubeadm-certs');
  });

  it('have nothing left to do', async () => {
    expect(await cluster.pending()).toEqual([]);
  });

  it('are made whole where a join was cut off before it marked its node', async () => {
    await cluster.lab.exec('cp1', `${KUBECTL} label node cp3 node-role.kubernetes.io/control-plane-`);
    expect(await cluster.pending()).toContain('change cp3/join/half-control-plane');
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });
});
