import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { CONTROL_PLANE_LABEL } from '#facts/api.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { loadBalancer } from './support/load-balancer-process.ts';

const HOSTS = [{ name: 'cp1' }, { name: 'cp2' }, { name: 'cp3' }] as const;
const ASK = join(import.meta.dirname, 'support', 'ask-api-server.ts');
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

const reason = labUnavailable();

const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);

/** Kills kubeadm's join as soon as it has printed a line. */
const killedAt = (line: string): string => `
  until grep -qsF '${line}' /run/slipway/slipway-kubeadm-join.log; do sleep 0.02; done
  systemctl kill -s KILL --kill-who=all slipway-kubeadm-join
  sleep 2`;

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

  const uids = async (): Promise<string> =>
    (await cluster.lab.exec('cp1', `${KUBECTL} get nodes -o jsonpath='{.items[*].metadata.uid}'`)).stdout;

  async function applied(): Promise<void> {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  }

  it.each([
    ['the label of a control plane', `${KUBECTL} label node cp3 ${CONTROL_PLANE_LABEL}-`],
    ['its labels', `${KUBECTL} label node cp3 ${CONTROL_PLANE_LABEL}- ${EXCLUDED}-`],
    [
      "its kubelet's configuration and flags",
      'rm /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env',
    ],
    ["its kubelet's credentials", 'rm /var/lib/kubelet/pki/kubelet-client-*; systemctl restart kubelet || :'],
    ["its kubelet's kubeconfig", 'rm /etc/kubernetes/kubelet.conf'],
    [
      'certificates and manifests',
      'rm /etc/kubernetes/pki/apiserver.* /etc/kubernetes/manifests/{kube-scheduler,etcd}.yaml',
    ],
  ])('that have lost %s are not reset, and get it back', async (_, loss) => {
    const before = await uids();
    await cluster.lab.exec('cp3', 'bash', { input: loss });
    const plan = await cluster.plan();
    const answers = new Map(plan.nodes.map(({ id, outcome }) => [id, outcome.answer]));
    expect(answers.get('cp3/join/half-control-plane')).toBe('none');
    expect(answers.get('cp3/join/stale-node:cp3')).toBe('none');
    expect([...answers.values()]).toContain('change');
    await applied();
    expect(await uids()).toBe(before);
  });

  it('whose node was deleted register it again, and are not reset', async () => {
    await cluster.lab.exec('cp1', `${KUBECTL} delete node cp3`);
    const { nodes } = await cluster.plan();
    const half = nodes.find(({ id }) => id === 'cp3/join/half-control-plane');
    expect(half?.outcome.answer).toBe('none');
    await applied();
  });

  it.each([
    '[control-plane] Creating static Pod manifest for "kube-scheduler"',
    '[etcd] Waiting for the new etcd member',
    ...(isReal
      ? [
          '[kubelet-start] Starting the kubelet',
          '[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap',
        ]
      : []),
  ])('are made whole where a join was cut off at: %s', async (line) => {
    await cluster.lab.exec('cp3', 'kubeadm reset --force >/dev/null 2>&1; rm -f /run/slipway/*.log');
    await cluster.lab.exec('cp1', `${KUBECTL} delete node cp3 --ignore-not-found`);
    const running = cluster.slipway('apply', '--yes');
    await cluster.lab.exec('cp3', 'sh', { input: killedAt(line) });
    expect((await running).code).toBe(1);
    expect(await cluster.pending()).toContain('change cp3/join/half-control-plane');
    await applied();
  });

  it('with the first of them off, the cluster is planned, shown and reached through another', async () => {
    await cluster.lab.powerOff('cp1');
    const nodes = async (): Promise<string> => (await cluster.lab.exec('cp2', `${KUBECTL} get nodes`)).stdout;
    // Where the first one led, another one has to take over before it is missed, and may miss the others for a moment.
    await expect
      .poll(nodes, { timeout: 180_000 })
      .toMatch(/^cp1\s+NotReady[^]*^cp2\s+Ready[^]*^cp3\s+Ready/m);

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
