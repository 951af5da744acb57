import { criSocket } from '#catalog/cri-sockets.ts';
import type { HostKind } from '#core/cluster.ts';
import { type PathKind, pathKind } from '#facts/path.ts';

/** kubeadm as its package puts it. */
export const kubeadmProgram = pathKind('/usr/bin/kubeadm');

/**
 * The one command that clears a host of what another cluster, or another configuration, left. kubeadm refuses to choose
 * where several runtimes have a socket, so it is told which; where it is not there yet, what was found goes by name.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/ (v1.34)
 */
export const clearedBy = (
  { runtime }: Pick<HostKind, 'runtime'>,
  found: readonly string[],
  program: PathKind,
): string =>
  program === 'absent'
    ? `rm -rf ${found.join(' ')}`
    : `kubeadm reset --force --cri-socket=${criSocket(runtime)}`;
