import { PATCH_PATH } from '#configuration/kubelet-configuration.ts';
import { SCHEDULER_CONFIGURATION } from '#configuration/scheduler-configuration.ts';
import { changeOr, foretold, type Outcome, type Resource, resource } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import { STARTS_LATER_DIRECTORY } from '#distributions/debian/starts-later.ts';
import { BUNDLE_DIRECTORY } from '#facts/bundle-state.ts';
import { PARKED_MANIFESTS, RESTORE_DIRECTORY } from '#facts/etcd-tools.ts';
import { existingPaths } from '#facts/existing-paths.ts';

import { ifLeft, LEFT } from './kubeadm-reset.ts';

/**
 * What `kubeadm reset` does not know of: files of Calico, of kubeadm's upgrades, of the kubelet's pods, and slipway's own.
 *
 * @see https://docs.tigera.io/calico/latest/reference/installation/api (3.32: CNI directories; the manifest's hostPath volumes)
 * @see https://github.com/containernetworking/plugins/tree/v1.8.0/plugins/ipam/host-local (networks/NAME)
 * @see https://www.cni.dev/docs/cnitool/ and libcni v1.3.0 (results/NAME-CONTAINER-INTERFACE)
 */
const LEFTOVERS = [
  '/etc/cni/net.d/10-calico.conflist',
  '/etc/cni/net.d/calico-kubeconfig',
  '/opt/cni/bin/calico',
  '/opt/cni/bin/calico-ipam',
  '/var/lib/calico',
  '/var/log/calico',
  '/run/calico',
  '/var/lib/cni/networks/k8s-pod-network',
  '/var/lib/cni/results/k8s-pod-network-*',
  '/var/log/pods',
  '/var/log/containers',
  '/etc/kubernetes/tmp',
  SCHEDULER_CONFIGURATION,
  PATCH_PATH,
  PARKED_MANIFESTS,
  RESTORE_DIRECTORY,
  BUNDLE_DIRECTORY,
  STARTS_LATER_DIRECTORY,
  '/run/slipway',
];

const NAMED = 6;

/** Files and directories that a cluster leaves on a host, each known by its name. */
export const noFileLeftovers: Resource = resource({
  address: 'file-leftovers',
  facts: { found: existingPaths(LEFTOVERS) },
  diff: ({ found }) =>
    changeOr(
      'no file of a cluster is left',
      found.slice(0, NAMED).map((path, index) => ({
        what: path,
        from: index === NAMED - 1 && found.length > NAMED ? `left, and ${found.length - NAMED} more` : 'left',
        to: null,
      })),
      () => [removal(found)],
    ),
});

const removal = (paths: readonly string[]): Step =>
  run(
    'remove files that the cluster left',
    lines(
      // Calico mounts a file system of cgroups there.
      sh`if mountpoint -q /run/calico/cgroup 2>/dev/null; then umount /run/calico/cgroup; fi`,
      command('rm', '-rf', '--one-file-system', '--', ...paths),
    ),
  );

/** Pods write some of them until `kubeadm reset` has stopped them, and it takes some away itself. */
export const foreseenFiles = (now: Outcome) => foretold(now, [ifLeft(removal([LEFT]))]);
