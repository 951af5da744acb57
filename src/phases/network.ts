import { calicoInstall } from '#checks/preflight/calico-install.ts';
import { calicoPoolCheck } from '#checks/preflight/calico-pool.ts';
import { pinnedArtifact } from '#core/artifact.ts';
import { type CalicoInstall, type CalicoNetwork, type ManifestSource } from '#core/cluster.ts';
import type { ClusterContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { calicoCustomResources } from '#objects/calico-custom-resources.ts';
import { renderCalico, withRegistry } from '#objects/calico-manifest.ts';
import { calicoControllers, calicoNode, TIGERA_OPERATOR } from '#objects/calico-workloads.ts';
import { calicoPools } from '#resources/cluster/calico-pools.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { operatorReady } from '#resources/cluster/operator-ready.ts';
import { rolledOut, rolloutSeconds } from '#resources/cluster/rolled-out.ts';

/** The pod network. */
export const network: Phase = {
  name: 'network',
  summary: "Calico, applied on the server side with the cluster's pod subnet and address autodetection",
  needs: () => ['control-plane'],
  forCluster: (context) => {
    const { network: wanted } = context.cluster;
    return wanted.plugin === 'calico'
      ? [calicoInstall(wanted), ...INSTALLS[wanted.install.by](context, wanted)]
      : [];
  },
  artifacts: ({ network: wanted }) =>
    wanted.plugin === 'calico' ? sourcesOf(wanted.install).map(pinnedArtifact) : [],
};

/** The table of ways to install Calico. */
const INSTALLS: Readonly<
  Record<CalicoInstall['by'], (context: ClusterContext, wanted: CalicoNetwork) => readonly Resource[]>
> = { manifest: byManifest, operator: byOperator };

function byManifest({ cluster, artifacts }: ClusterContext, wanted: CalicoNetwork): readonly Resource[] {
  const text = artifacts.get(wanted.install.manifest.location);
  return [
    rolledOut(
      manifest({
        name: `calico v${wanted.version}`,
        content: text && renderCalico(text, wanted, cluster.kubernetes.podSubnet),
      }),
      {
        of: [calicoNode(wanted), calicoControllers(wanted)],
        timeoutSeconds: rolloutSeconds(cluster.hosts.length),
      },
    ),
    calicoPoolCheck(cluster),
    calicoPools(cluster, wanted),
  ];
}

/**
 * Definitions, the operator, and what it is told to install, in this order: each needs the one before.
 *
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/self-managed-onprem/onpremises (3.32)
 */
function byOperator({ cluster, artifacts }: ClusterContext, wanted: CalicoNetwork): readonly Resource[] {
  const { install, version, registry } = wanted;
  if (install.by !== 'operator') return [];
  const operator = artifacts.get(install.manifest.location);
  return [
    manifest({
      name: `calico-crds v${version}`,
      content: artifacts.get(install.crds.location),
    }),
    rolledOut(
      manifest({
        name: `tigera-operator v${version}`,
        content: operator && withRegistry(operator, registry),
      }),
      { of: [TIGERA_OPERATOR], timeoutSeconds: rolloutSeconds() },
    ),
    rolledOut(
      operatorReady(
        manifest({
          name: 'calico-installation',
          content: calicoCustomResources(wanted, cluster.kubernetes.podSubnet),
        }),
      ),
      { of: [calicoNode(wanted)], timeoutSeconds: OPERATOR_SECONDS + rolloutSeconds(cluster.hosts.length) },
    ),
  ];
}

/** How long the operator may take to make Calico of it, before its pods start. */
const OPERATOR_SECONDS = 600;

const sourcesOf = (install: CalicoInstall): readonly ManifestSource[] =>
  install.by === 'operator' ? [install.crds, install.manifest] : [install.manifest];
