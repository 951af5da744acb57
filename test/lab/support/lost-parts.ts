import { expect } from 'vitest';

import { KUBEADM_OBJECTS } from '#catalog/kubeadm-objects.ts';
import { CONTROL_PLANE_LABEL } from '#facts/api.ts';

import type { LabCluster, Outcome } from './lab-cluster.ts';

export const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

/** A command that deletes one of kubeadm's objects. */
export function deleted(id: string): string {
  const { namespace } = KUBEADM_OBJECTS.find((object) => object.id === id) ?? {};
  return `${KUBECTL} ${namespace === undefined ? '' : `-n ${namespace} `}delete ${id.toLowerCase()} --ignore-not-found`;
}

/** What is lost: on which host, what the plan then names, and the command that does it. */
type Loss = readonly [host: string, named: string, command: string];

/** The kubelet takes a moment to stop what has no manifest any more; an API server without etcd is not ready. */
const UNTIL_AWAY =
  'for i in $(seq 120); do curl -skf -o /dev/null https://127.0.0.1:6443/readyz || break; sleep 0.5; done';

/** One of each kind of part, lost with its daemon running or restarted, gone or empty. */
export const ONE_OF_EACH: readonly Loss[] = [
  ['cp1', 'DaemonSet/kube-proxy', deleted('DaemonSet/kube-proxy')],
  ['cp1', 'Deployment/coredns', deleted('Deployment/coredns')],
  ['cp1', 'ConfigMap/kubeadm-config', deleted('ConfigMap/kubeadm-config')],
  ['cp1', 'kubeadm:get-nodes', deleted('ClusterRoleBinding/kubeadm:get-nodes')],
  [
    'cp1',
    'API server',
    `${KUBECTL} delete clusterrolebinding kubeadm:cluster-admins; rm /etc/kubernetes/super-admin.conf`,
  ],
  ['cp1', 'kube-controller-manager.yaml', 'rm /etc/kubernetes/manifests/kube-controller-manager.yaml'],
  ['cp1', 'kube-apiserver.yaml', `rm /etc/kubernetes/manifests/kube-apiserver.yaml; ${UNTIL_AWAY}`],
  ['cp1', 'etcd.yaml', `rm /etc/kubernetes/manifests/etcd.yaml; ${UNTIL_AWAY}`],
  ['cp1', 'admin.conf', 'rm /etc/kubernetes/admin.conf'],
  ['cp1', 'kubelet.conf', 'rm /etc/kubernetes/kubelet.conf; systemctl restart kubelet || :'],
  ['cp1', 'config.yaml', 'rm /var/lib/kubelet/config.yaml'],
  ['cp1', 'apiserver.crt', 'rm /etc/kubernetes/pki/apiserver*'],
  // kubeadm would keep either of them as it is.
  ['cp1', 'apiserver.key', 'rm /etc/kubernetes/pki/apiserver.key'],
  ['cp1', 'etcd/server.crt', ': >/etc/kubernetes/pki/etcd/server.crt'],
  ['w1', 'config.yaml', ': >/var/lib/kubelet/config.yaml'],
  ['w1', 'kubeadm-flags.env', ': >/var/lib/kubelet/kubeadm-flags.env'],
  ['w1', 'kubelet.conf', 'rm /etc/kubernetes/kubelet.conf; systemctl restart kubelet || :'],
  [
    'w1',
    'kubelet-client-current.pem',
    'rm /var/lib/kubelet/pki/kubelet-client-*; systemctl restart kubelet || :',
  ],
  ['w1', 'config.yaml', 'rm /var/lib/kubelet/config.yaml; systemctl restart kubelet || :'],
  ['w1', 'ca.crt', 'rm /etc/kubernetes/pki/ca.crt'],
  ['cp1', CONTROL_PLANE_LABEL, `${KUBECTL} label node cp1 ${CONTROL_PLANE_LABEL}-`],
];

/** The others of these kinds. */
export const SIBLINGS: readonly Loss[] = [
  ['cp1', 'ConfigMap/kubelet-config', deleted('ConfigMap/kubelet-config')],
  ['cp1', 'ConfigMap/kube-proxy', deleted('ConfigMap/kube-proxy')],
  ['cp1', 'ConfigMap/cluster-info', deleted('ConfigMap/cluster-info')],
  ['cp1', 'Role/kubeadm:kubelet-config', deleted('Role/kubeadm:kubelet-config')],
  ['cp1', 'ServiceAccount/kube-proxy', deleted('ServiceAccount/kube-proxy')],
  ['cp1', 'ServiceAccount/coredns', deleted('ServiceAccount/coredns')],
  ['cp1', 'API server', `${KUBECTL} delete clusterrolebinding kubeadm:cluster-admins`],
  ['cp1', 'kube-scheduler.yaml', 'rm /etc/kubernetes/manifests/kube-scheduler.yaml'],
  ['cp1', 'scheduler.conf', 'rm /etc/kubernetes/scheduler.conf /etc/kubernetes/controller-manager.conf'],
  ['cp1', 'kubelet.conf', 'rm /etc/kubernetes/kubelet.conf'],
  ['cp1', 'kubelet-client-current.pem', 'rm /var/lib/kubelet/pki/kubelet-client-*'],
  ['cp1', 'kubeadm-flags.env', 'rm /var/lib/kubelet/kubeadm-flags.env'],
  ['cp1', 'instance-config.yaml', 'rm /var/lib/kubelet/instance-config.yaml'],
  ['cp1', 'pki/kubelet.crt', 'rm /var/lib/kubelet/pki/kubelet.crt'],
  ['cp1', 'front-proxy-client.key', 'rm /etc/kubernetes/pki/front-proxy-client.*'],
  ['cp1', 'scheduler.conf', ': >/etc/kubernetes/scheduler.conf'],
  ['w1', 'kubelet.conf', ': >/etc/kubernetes/kubelet.conf; systemctl restart kubelet || :'],
  ['cp1', 'etcd/peer.crt', 'cd /etc/kubernetes/pki/etcd; rm server.* peer.* healthcheck-client.*'],
  ['w1', 'kubelet.conf', 'rm /etc/kubernetes/kubelet.conf'],
  ['w1', 'kubelet-client-current.pem', 'rm /var/lib/kubelet/pki/kubelet-client-*'],
  ['w1', 'kubelet-client-current.pem', 'rm /var/lib/kubelet/pki/kubelet-client-2*'],
  ['w1', 'config.yaml', 'rm /var/lib/kubelet/config.yaml'],
  ['w1', 'kubeadm-flags.env', 'rm /var/lib/kubelet/kubeadm-flags.env'],
  ['w1', 'instance-config.yaml', 'rm /var/lib/kubelet/instance-config.yaml'],
  ['w1', 'pki/kubelet.key', 'rm /var/lib/kubelet/pki/kubelet.key; systemctl restart kubelet || :'],
  ['cp1', 'taint', `${KUBECTL} taint node cp1 ${CONTROL_PLANE_LABEL}:NoSchedule-`],
];

/**
 * What is wrong with how a converged cluster of cp1 and w1 gets back what it lost: nothing, where the plan names it, the
 * smallest means mend it, and nothing else moves.
 */
export async function faultsOfMending(
  cluster: LabCluster,
  [host, named, command]: Loss,
): Promise<readonly string[]> {
  const before = await identity(cluster);
  await shell(cluster, host, command);
  const planned = flat(await cluster.slipway('plan'));
  await applied(cluster);
  const after = await identity(cluster);
  return [
    ...(planned.includes(named) ? [] : [`the plan does not name ${named}: ${planned}`]),
    ...TOO_MUCH.filter((words) => planned.includes(words)).map((words) => `the plan says: ${words}`),
    ...(after === before ? [] : [`it is another cluster: ${before}, then ${after}`]),
    ...(await cluster.pending()),
  ];
}

const TOO_MUCH = ['delete node', 'kubeadm reset', 'begun, not finished'];

/** What identifies the cluster and its nodes: none of it may change while something small is mended. */
export const identity = async (cluster: LabCluster): Promise<string> =>
  [
    await shell(
      cluster,
      'cp1',
      `sha256sum /etc/kubernetes/pki/ca.crt; ${KUBECTL} get namespace kube-system -o jsonpath='{.metadata.uid}'`,
    ),
    await shell(
      cluster,
      'cp1',
      `${KUBECTL} get nodes -o jsonpath='{range .items[*]}{.metadata.name}={.metadata.uid} {end}'`,
    ),
  ].join('\n');

export async function applied(cluster: LabCluster, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...args);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
}

export const shell = async ({ lab }: LabCluster, host: string, script: string): Promise<string> =>
  (await lab.exec(host, 'sh', { input: script })).stdout.trim();

/** Tables are wrapped to the width of the output. */
export const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
