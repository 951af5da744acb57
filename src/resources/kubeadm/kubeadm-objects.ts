import { KUBEADM_OBJECTS, type KubeadmObject } from '#catalog/kubeadm-objects.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import type { Difference } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import type { ApiReady } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

import { phasesStep } from './kubeadm-phases.ts';

export interface Mending {
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
}

/** What is lost of kubeadm's objects, or was not made yet, by the phases that make it. */
export function lostObjects(cluster: Cluster, host: Host, { objects }: ApiReady): Mending {
  const skipped: readonly string[] = cluster.kubernetes.skipPhases;
  const lost = KUBEADM_OBJECTS.filter(
    ({ id, phase }) => !objects.includes(id) && !skipped.includes(phase.join('/')),
  );
  const readers = lost.filter((object) => isReader(object) && !lost.some(isConfigurationOf(object)));
  const phases = [
    ...new Set(lost.filter((object) => !readers.includes(object)).map(({ phase }) => phase.join(' '))),
  ];
  const ids = new Set(lost.map(({ id }) => id));
  return {
    differences: lost.map((object) => ({
      what: [object.namespace, object.id].filter(Boolean).join(' '),
      from: null,
      to: readers.includes(object) ? 'made anew' : `kubeadm init phase ${object.phase.join(' ')}`,
    })),
    steps: [
      ...(phases.length > 0 ? [phasesStep(cluster, host, phases)] : []),
      ...(readers.length > 0 ? [createStep(readers)] : []),
      ...WORKLOADS.filter(({ id, account }) => ids.has(account) && !ids.has(id)).map(restartStep),
    ],
  };
}

/**
 * The phases of `upload-config` would also upload what the inventory says now. So who may read a configuration that is
 * there is made without them.
 */
const isReader = ({ phase: [phase], kind }: KubeadmObject): boolean =>
  phase === 'upload-config' && kind !== 'ConfigMap';

const isConfigurationOf =
  ({ phase: [, part] }: KubeadmObject) =>
  (other: KubeadmObject): boolean =>
    other.kind === 'ConfigMap' && other.phase[0] === 'upload-config' && other.phase[1] === part;

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/uploadconfig/uploadconfig.go */
const GROUPS = ['system:bootstrappers:kubeadm:default-node-token', 'system:nodes'];

function reader({ apiVersion, kind, name, namespace = '', phase: [, part = ''] }: KubeadmObject): JsonObject {
  const head = { apiVersion, kind, metadata: { name, namespace } };
  if (kind === 'Role') {
    const rule = {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: [`${part}-config`],
      verbs: ['get'],
    };
    return { ...head, rules: [rule] };
  }
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    ...head,
    roleRef: { apiGroup, kind: 'Role', name },
    subjects: GROUPS.map((group) => ({ apiGroup, kind: 'Group', name: group })),
  };
}

const createStep = (objects: readonly KubeadmObject[]): Step => ({
  do: 'run',
  summary: `create ${objects.map(({ id }) => id).join(', ')} in kube-system`,
  script: sh`${embed(kubectl)} create -f -`,
  stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.map(reader) }),
});

const WORKLOADS = [
  { id: 'Deployment/coredns', account: 'ServiceAccount/coredns', workload: 'deployment/coredns' },
  { id: 'DaemonSet/kube-proxy', account: 'ServiceAccount/kube-proxy', workload: 'daemonset/kube-proxy' },
] as const;

/** Pods hold tokens of the account that was, and another of the same name does not make them valid. */
const restartStep = ({ workload }: (typeof WORKLOADS)[number]): Step => ({
  do: 'run',
  summary: `start the pods of kube-system ${workload} anew, whose account was lost`,
  script: sh`${embed(kubectl)} -n kube-system rollout restart ${workload}`,
});
