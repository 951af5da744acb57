import type { Cluster, Host } from '#core/cluster.ts';
import { sh } from '#core/shell.ts';
import { LOGINS_DIRECTORY } from '#resources/kubelet/kubelet-logins.ts';

/**
 * kubeadm's command for a control plane, after its images where a login is needed for them that kubeadm cannot give:
 * it pulls through the container runtime without one. containerd and CRI-O have the login in their configuration, and
 * Docker takes it from its client alone.
 *
 * @see https://docs.docker.com/reference/cli/docker/ (28.x, --config)
 */
export function pulledFirst(
  { kubernetes, registries }: Cluster,
  { runtime, role }: Host,
  kubeadm: readonly string[],
): readonly string[] {
  const { version, imageRepository } = kubernetes;
  const hasLogin = registries.some(
    ({ host, endpoint }) => endpoint.login !== undefined && imageRepository.split('/')[0] === host,
  );
  if (role !== 'control-plane' || runtime.type !== 'docker' || !hasLogin) return kubeadm;
  const script = sh`kubeadm config images list --kubernetes-version=${`v${version}`} --image-repository=${imageRepository} | while read -r image; do
  docker image inspect "$image" >/dev/null 2>&1 || docker --config ${LOGINS_DIRECTORY} pull --quiet "$image" || exit 1
done || exit 1
exec "$@"`;
  return ['sh', '-c', script, 'sh', ...kubeadm];
}
