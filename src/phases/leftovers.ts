import type { Phase } from '#core/phase.ts';
import { ownFile } from '#resources/files/own-file.ts';
import { CALICO_INTERFACES_FILE } from '#resources/host/network-manager.ts';
import { noFirewalldOpening } from '#resources/host/firewalld.ts';
import { noEtcdBackup } from '#resources/etcd/etcd-backup.ts';
import { foreseenFiles, noFileLeftovers } from '#resources/removal/file-leftovers.ts';
import { noMigDevices } from '#resources/nvidia/mig-devices.ts';
import { afterReset } from '#resources/removal/kubeadm-reset.ts';
import { foreseenBalancer, noLoadBalancerLeftovers } from '#resources/removal/load-balancer-leftovers.ts';
import { foreseenNetwork, noNetworkLeftovers } from '#resources/removal/network-leftovers.ts';

/** What kubeadm reset leaves, each thing by its name. */
export const leftovers: Phase = {
  name: 'leftovers',
  summary: 'what pod networks, kube-proxy, the kubelet and slipway leave on hosts, by name',
  hosts: 'all',
  needs: () => ['reset'],
  resources: ({ cluster, host }) => {
    const reset = { host: host.name, phase: 'reset' };
    return [
      ...(host.role === 'control-plane' ? [afterReset(cluster, reset, noEtcdBackup())] : []),
      afterReset(cluster, reset, noLoadBalancerLeftovers(cluster), foreseenBalancer(cluster)),
      afterReset(cluster, reset, noNetworkLeftovers(cluster), foreseenNetwork),
      afterReset(cluster, reset, noFileLeftovers, foreseenFiles),
      ...(host.gpu === false ? [] : [afterReset(cluster, reset, noMigDevices)]),
      ...(host.firewalld === undefined ? [] : [afterReset(cluster, reset, noFirewalldOpening)]),
      ...(host.networkManager === undefined
        ? []
        : [afterReset(cluster, reset, ownFile(CALICO_INTERFACES_FILE, null))]),
    ];
  },
};
