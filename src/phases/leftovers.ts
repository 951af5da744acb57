import type { Phase } from '#core/phase.ts';
import { noEtcdBackup } from '#resources/etcd/etcd-backup.ts';
import { noFileLeftovers } from '#resources/removal/file-leftovers.ts';
import { afterReset } from '#resources/removal/kubeadm-reset.ts';
import { noNetworkLeftovers } from '#resources/removal/network-leftovers.ts';

/** What kubeadm reset leaves, each thing by its name. */
export const leftovers: Phase = {
  name: 'leftovers',
  summary: 'what pod networks, kube-proxy, the kubelet and slipway leave on hosts, by name',
  needs: () => ['reset'],
  resources: ({ cluster, host }) =>
    [
      ...(host.role === 'control-plane' ? [noEtcdBackup()] : []),
      noNetworkLeftovers(cluster),
      noFileLeftovers,
    ].map((rest) => afterReset({ host: host.name, phase: 'reset' }, rest)),
};
