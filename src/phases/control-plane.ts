import { writeRecord } from '#configuration/stored-configuration.ts';
import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { firstControlPlane, type Host } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { rememberLast } from '#core/remember-last.ts';
import type { PhaseRef } from '#core/resource.ts';
import { certificateNames, namesStep } from '#resources/kubeadm/certificate-names.ts';
import { controlPlaneFiles } from '#resources/kubeadm/control-plane-files.ts';
import { kubeadmInit } from '#resources/kubeadm/kubeadm-init.ts';
import { kubeletConfigMap, kubeletConfigStep } from '#resources/kubelet/kubelet-config-map.ts';
import { kubeVipAfterInit } from '#resources/load-balancer/kube-vip.ts';
import { afterControlPlanes, REWRITTEN, UPGRADE_PHASE } from '#resources/upgrade/due.ts';

import { PREPARED } from './prepared.ts';

/** The cluster's first control plane. */
export const controlPlane: Phase = {
  name: 'control-plane',
  summary: 'kubeadm init on the first control plane, gone on with where it was cut off',
  needs: ({ cluster, host }) => [
    ...PREPARED,
    'load-balancer',
    ...(host.role === 'control-plane' ? upgradedControlPlanes(cluster.hosts) : []),
  ],
  resources: ({ cluster, host }) => {
    const { loadBalancer: balancer } = cluster.kubernetes;
    return host.name === firstControlPlane(cluster).name
      ? [
          controlPlaneFiles(cluster, host),
          kubeadmInit(cluster),
          ...(balancer.type === 'kube-vip' ? kubeVipAfterInit(cluster, balancer, host) : []),
          ...clusterSettings(cluster),
          afterControlPlanes(certificateNames(cluster), cluster, [namesStep(REWRITTEN)]),
          afterControlPlanes(kubeletConfigMap(cluster), cluster, [
            kubeletConfigStep(writeRecord(cluster.kubernetes.kubelet), REWRITTEN),
          ]),
        ]
      : [];
  },
};

/** Whatever the cluster is asked for is done by control planes of one version. */
const upgradedControlPlanes = rememberLast((hosts: readonly Host[]): readonly PhaseRef[] =>
  hosts.flatMap(({ name, role }) => (role === 'control-plane' ? [{ host: name, phase: UPGRADE_PHASE }] : [])),
);
