import { createHash } from 'node:crypto';

import { type CalicoNetwork, firstControlPlane } from '#core/cluster.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import { renderCalico } from '#resources/calico-manifest.ts';
import { manifest } from '#resources/manifest.ts';

/** The pod network. */
export const network: Phase = {
  name: 'network',
  summary: "Calico, applied on the server side with the cluster's pod subnet and address autodetection",
  needs: () => ['control-plane'],
  resources: ({ cluster, host, artifacts }) =>
    cluster.network.plugin === 'calico' && host.name === firstControlPlane(cluster).name
      ? [
          manifest({
            cluster,
            name: `calico v${cluster.network.version}`,
            content: calico(cluster, cluster.network, artifacts),
          }),
        ]
      : [],
  artifacts: ({ network: wanted }) => {
    if (wanted.plugin !== 'calico') return [];
    const { location, sha256 } = wanted.manifest;
    return [{ location, pin: `sha256:${sha256}`, verify: (text) => mismatch(text, sha256) }];
  },
};

function calico(
  { kubernetes }: PhaseContext['cluster'],
  wanted: CalicoNetwork,
  artifacts: PhaseContext['artifacts'],
): string | undefined {
  const text = artifacts.get(wanted.manifest.location);
  return text === undefined ? undefined : renderCalico(text, wanted, kubernetes.podSubnet);
}

function mismatch(text: string, sha256: string): string | undefined {
  const found = createHash('sha256').update(text).digest('hex');
  return found === sha256 ? undefined : `its sha256 is ${found}, wanted ${sha256}`;
}
