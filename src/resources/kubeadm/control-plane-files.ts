import { initConfig } from '#configuration/kubeadm-config.ts';
import { CONTROL_PLANE_FILES, IRREPLACEABLE, KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, none, refused, resource, type Resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { type ApiState, apiState } from '#facts/api.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { type PathKind, pathKind } from '#facts/path.ts';

const CONFIG = '/run/slipway/kubeadm-phase.yaml';

/**
 * Nothing that kubeadm left on a finished control plane is lost. What is, is brought back by kubeadm's own phase for
 * it, and by no more than that: an init would be far too much for a file.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init-phase/ (v1.34)
 */
export function controlPlaneFiles(cluster: Cluster, host: Host): Resource {
  const paths = [...CONTROL_PLANE_FILES.map(({ path }) => path), ...IRREPLACEABLE, KUBEADM_FILES.etcdData];
  return resource({
    address: 'control-plane-files',
    facts: {
      api: at(CLUSTER, apiState),
      // kubelet-finalize, after which only the addons are left, makes it so.
      isFinalized: fileMentions(KUBEADM_FILES.kubelet, 'kubelet-client-current.pem'),
      ...Object.fromEntries(paths.map((path) => [path, pathKind(path)])),
    },
    diff: ({ api, isFinalized, ...kinds }) => {
      const found: Readonly<Record<string, PathKind>> = kinds;
      if (!isFinished(cluster, host, api, isFinalized)) return none('it is no finished control plane yet');
      const isLost = (path: string): boolean => found[path] === 'absent';
      const gone = IRREPLACEABLE.filter((path) => isLost(path) && !isKeyOfExternalAuthority(path, isLost));
      if (gone.length > 0) {
        return refused(
          'ControlPlaneFiles',
          `${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} lost, and made anew would be trusted by nothing in the cluster`,
          `bring ${gone.length === 1 ? 'it' : 'them'} back from a backup, or from the same path of another control plane`,
        );
      }
      const lost = CONTROL_PLANE_FILES.filter(({ path }) => isLost(path));
      if (lost.some(({ path }) => path.endsWith('/etcd.yaml')) && isLost(KUBEADM_FILES.etcdData)) {
        return refused(
          'ControlPlaneFiles',
          `${KUBEADM_FILES.etcdData} is lost with etcd's manifest: a new etcd would be an empty one`,
          'restore etcd from a snapshot, or reset this control plane (kubeadm reset) and let it join anew',
        );
      }
      if (lost.length === 0) return none('nothing that kubeadm left here is lost');
      return change(
        lost.map(({ path, phase }) => ({
          what: path,
          from: null,
          to: `kubeadm init phase ${phase.join(' ')}`,
        })),
        [phasesStep(cluster, host, [...new Map(lost.map(({ phase }) => [phase.join(' '), phase])).values()])],
      );
    },
  });
}

/** kubeadm marks a control plane last; of the first one its kubelet.conf tells, when no API server does. */
function isFinished(cluster: Cluster, host: Host, api: ApiState, isFinalized: boolean): boolean {
  if (api.state === 'ready') {
    return 'node-role.kubernetes.io/control-plane' in (api.nodes[host.name]?.labels ?? {});
  }
  return isFinalized && host.name === firstControlPlane(cluster).name;
}

/** Of an authority whose certificates are signed elsewhere, kubeadm never has the key. */
const isKeyOfExternalAuthority = (path: string, isLost: (path: string) => boolean): boolean =>
  path.endsWith('ca.key') && !isLost(path.replace(/key$/, 'crt'));

/** @param phases as kubeadm names them: `['certs', 'apiserver']`. */
export const phasesStep = (
  cluster: Cluster,
  host: Host,
  phases: readonly (readonly string[])[],
): RunStep => ({
  do: 'run',
  summary: `kubeadm init phase ${phases.map((phase) => phase.join(' ')).join(', ')}`,
  script: lines(
    sh`umask 077; mkdir -p /run/slipway; cat >${CONFIG}; trap ${`rm -f ${CONFIG}`} EXIT; umask 022`,
    ...phases.map((phase) => sh`kubeadm init phase ${phase} --config=${CONFIG}`),
  ),
  stdin: initConfig(cluster, host),
  timeoutMs: 180_000,
});
