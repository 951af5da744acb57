import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { etcdBackup, noEtcdBackup } from '#resources/etcd/etcd-backup.ts';

/** What of etcd is slipway's beside kubeadm's own. */
export const etcd: Phase = {
  name: 'etcd',
  summary: 'snapshots of etcd on a timer of the control planes',
  needs: () => ['control-plane', 'join'],
  resources: ({ cluster, host }) => {
    if (host.role !== 'control-plane') return [];
    const { etcdBackup: wanted } = cluster;
    const isWanted = wanted?.on === 'all' || host.name === firstControlPlane(cluster).name;
    return wanted !== null && isWanted ? etcdBackup(wanted) : [noEtcdBackup()];
  },
};
