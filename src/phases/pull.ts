import { isExternal } from '#configuration/etcd.ts';
import { firstControlPlane, hasKubeProxy, type Host } from '#core/cluster.ts';
import type { ClusterContext, Phase } from '#core/phase.ts';
import { rememberLast } from '#core/remember-last.ts';
import { calicoNodeImages } from '#objects/calico-manifest.ts';
import { type PulledImages, pulledImages } from '#resources/runtime/pulled-images.ts';

/** No phase needs it: it must not make anything wait. */
export const pull: Phase = {
  name: 'pull',
  summary: 'images of nodes to be, pulled in the background while other machines are made ready',
  // The first two may restart the runtime, and the last brings the program that asks it.
  needs: () => ['runtime', 'nvidia', 'kubernetes'],
  resources: ({ cluster, host, artifacts }) => {
    // Out of a bundle they have come already; Docker would want a login that its CRI socket is not given.
    const needsLogin = cluster.registries.some(({ endpoint }) => endpoint.login !== undefined);
    if (cluster.bundle !== undefined || (host.runtime.type === 'docker' && needsLogin)) return [];
    const wanted = imagesOf(host, { cluster, artifacts });
    const hasNone =
      wanted.images.length === 0 && wanted.kubeadm === undefined && wanted.unknownUntil === undefined;
    return hasNone ? [] : [pulledImages(wanted)];
  },
};

/** The first control plane pulls kubeadm's at once, in the foreground. */
function imagesOf(host: Host, context: ClusterContext): PulledImages {
  const { cluster } = context;
  const { version, imageRepository } = cluster.kubernetes;
  const { runtime, role } = host;
  const network = networkImages(context);
  if (host.name === firstControlPlane(cluster).name) return { runtime, ...network };
  if (role === 'control-plane') {
    const isWithoutEtcd = isExternal(cluster);
    return { runtime, ...network, kubeadm: { version, imageRepository, isWithoutEtcd } };
  }
  const proxy = hasKubeProxy(cluster) ? [`${imageRepository}/kube-proxy:v${version}`] : [];
  return { runtime, ...network, images: [runtime.sandboxImage, ...proxy, ...network.images] };
}

/** What runs on every node; the operator decides by itself what that is, and a login in a Secret is there only later. */
function networkImages({
  cluster,
  artifacts,
}: ClusterContext): Pick<PulledImages, 'images' | 'unknownUntil'> {
  const { network } = cluster;
  if (network.plugin !== 'calico' || network.install.by === 'operator' || network.imagePullSecrets.length > 0)
    return { images: [] };
  const text = artifacts.get(network.install.manifest.location);
  return text === undefined
    ? { images: [], unknownUntil: 'the manifest of Calico is fetched' }
    : { images: nodeImages(text, network) };
}

/** For all hosts alike. */
const nodeImages = rememberLast(calicoNodeImages);
