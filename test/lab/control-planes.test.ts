import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import type { Lab } from '../../scripts/lab/lab.ts';
import { LabCluster } from './support/lab-cluster.ts';

const HOSTS = [{ name: 'cp1' }, { name: 'cp2' }, { name: 'cp3' }] as const;
const ASK = join(import.meta.dirname, 'support', 'ask-api-server.ts');
const BALANCER = join(import.meta.dirname, 'support', 'load-balancer.ts');
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`three control planes${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let balancer: ChildProcess;
  beforeAll(async () => {
    cluster = await LabCluster.start(HOSTS);
    balancer = await loadBalancer(cluster.lab);
    await cluster.writeInventory({
      controlPlanes: HOSTS.map(({ name }) => name),
      overlay: {
        kubernetes: { controlPlaneEndpoint: `${cluster.lab.gateway}:6443` },
        // Nodes that are not Ready are waited for no longer than that.
        verify: { timeout: 10 },
      },
    });
  });
  afterAll(async () => {
    balancer?.kill();
    await cluster?.[Symbol.asyncDispose]();
  });

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

  it('with the first of them off, the cluster is planned, shown and reached through another', async () => {
    await cluster.lab.powerOff('cp1');
    const nodes = async (): Promise<string> => (await cluster.lab.exec('cp2', `${KUBECTL} get nodes`)).stdout;
    await expect.poll(nodes, { timeout: 60_000 }).toMatch(/^cp1\s+NotReady/m);

    const planned = await cluster.slipway('plan', '--format', 'json');
    expect(planned.code, planned.stderr).toBe(6);
    const plan = JSON.parse(planned.stdout) as Plan;
    expect(plan.hosts).toEqual([
      expect.objectContaining({ name: 'cp1', unreachable: expect.stringContaining('cp1') as string }),
      { name: 'cp2' },
      { name: 'cp3' },
    ]);
    expect(plan.nodes.filter(({ outcome }) => outcome.answer !== 'none')).toEqual([]);
    expect(plan.nodes.find(({ address }) => address === 'node-ready:cp3')?.runsOn).toBe('cp2');

    const { code, stdout, stderr } = await cluster.slipway('status');
    expect(code, stderr).toBe(6);
    expect(stdout).toMatch(/^cp1 +control-plane +NotReady .* unreachable$/m);
    expect(stdout).toMatch(/^cp2 +control-plane +Ready .* converged$/m);
    expect(stdout).toMatch(/^cp3 +control-plane +Ready .* converged$/m);
    expect(stdout).toMatch(/^2 of 3 nodes Ready, 2 of 3 hosts converged$/m);

    for (const through of [[], ['--tunnel']]) {
      const asked = await cluster.slipway('kubeconfig', ...through, '--', process.execPath, ASK);
      expect(asked, asked.stderr).toMatchObject({ code: 0, stdout: 'ok' });
    }
    const verified = await cluster.slipway('verify');
    expect(verified.stdout).toMatch(/^ok +ApiServer/m);
    expect(verified.stdout).toMatch(/^FAILED +NodesReady +cp1 is not Ready/m);
  });
});

/** Stands before the API servers of all hosts, at the lab's gateway. */
async function loadBalancer(lab: Lab): Promise<ChildProcess> {
  const servers = lab.hosts.map(({ address }) => address);
  const [program = '', ...args] = lab.inNetwork([
    process.execPath,
    BALANCER,
    lab.gateway,
    '6443',
    ...servers,
  ]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
