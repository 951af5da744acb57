import { minorNumber } from '#catalog/kubernetes.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { peerAddress } from '#configuration/load-balancer.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import type { KubeVipBalancer } from '#core/load-balancer.ts';
import { deferred, gated, type Resource, resource } from '#core/resource.ts';
import { type ApiState, apiState, isMarked } from '#facts/api.ts';
import { fileContent } from '#facts/file.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { kubeVipManifest } from '#objects/kube-vip.ts';
import { diffFile } from '#resources/files/diff-file.ts';

const MANIFEST = '/etc/kubernetes/manifests/kube-vip.yaml';
const ADMIN = '/etc/kubernetes/admin.conf';
const SUPER_ADMIN = '/etc/kubernetes/super-admin.conf';

/**
 * Whether `kubeadm init` comes to its API server by the virtual address: until 1.36.1 it did, and the admin could do
 * nothing before it had bound him to his role, by that way.
 *
 * @see https://github.com/kube-vip/kube-vip/issues/684
 * @see https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.36.md#changelog-since-v1360 (kubeadm init uses localAPIEndpoint)
 */
function needsSuperAdmin({ kubernetes: { version } }: Cluster): boolean {
  const [minor, patch] = [minorNumber(version), Number(version.split('.')[2])];
  return minor < 36 || (minor === 36 && patch < 1);
}

/** Whether kube-vip has another kubeconfig on a host until it is a finished control plane. */
const isSwitched = (cluster: Cluster, { name }: Host): boolean =>
  needsSuperAdmin(cluster) && firstControlPlane(cluster).name === name;

/** kube-vip's static pod. It is there before kubeadm is: the kubelet starts it with the API server. */
export function kubeVip(cluster: Cluster, balancer: KubeVipBalancer, host: Host): Resource {
  const address = peerAddress(host);
  return resource({
    address: `file:${MANIFEST}`,
    facts: {
      found: fileContent(MANIFEST),
      ...(isSwitched(cluster, host) && initFacts),
    },
    diff: ({ found, api, isFinalized }) => {
      const isBefore = isSwitched(cluster, host) && !isInitialized(host, { api, isFinalized });
      const kubeconfig = isBefore ? SUPER_ADMIN : ADMIN;
      const content = kubeVipManifest(balancer, { address, kubeconfig });
      return diffFile(found, { path: MANIFEST, content, mode: 0o600, isOwn: () => true });
    },
  });
}

const initFacts = {
  api: apiState,
  // kubelet-finalize, after which only the addons are left, makes it so.
  isFinalized: fileMentions(KUBEADM_FILES.kubelet, 'kubelet-client-current.pem'),
};

interface InitAnswers {
  readonly api: ApiState | undefined;
  readonly isFinalized: boolean | undefined;
}

const isInitialized = ({ name }: Host, { api, isFinalized }: InitAnswers): boolean =>
  isFinalized === true || (api !== undefined && isMarked(api, name));

/** Once init is done, kube-vip is content with the admin; on other hosts it always was. */
export const kubeVipAfterInit = (
  cluster: Cluster,
  balancer: KubeVipBalancer,
  host: Host,
): readonly Resource[] => {
  const afterInit = { ...kubeVip(cluster, balancer, host), address: 'kube-vip-kubeconfig' };
  return isSwitched(cluster, host)
    ? [
        gated(afterInit, initFacts, (answers, context, decide) =>
          isInitialized(host, answers)
            ? decide()
            : deferred(
                { host: context.host, phase: 'control-plane' },
                `the end of kubeadm init: until then kube-vip needs ${SUPER_ADMIN}`,
                afterInit.diff({ ...answers, isFinalized: true } as never, context),
              ),
        ),
      ]
    : [];
};
