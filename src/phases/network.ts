import { calicoOperatorImages } from '#catalog/calico.ts';
import { calicoInstall } from '#checks/preflight/calico-install.ts';
import { calicoPoolCheck } from '#checks/preflight/calico-pool.ts';
import { pinnedArtifact } from '#core/artifact.ts';
import type { Cluster } from '#core/cluster.ts';
import type { ManifestSource } from '#core/manifest-source.ts';
import type { CalicoInstall, CalicoNetwork } from '#core/network.ts';
import type { ClusterContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { calicoCustomResources } from '#objects/calico-custom-resources.ts';
import { renderCalico, renderOperator } from '#objects/calico-manifest.ts';
import { calicoSettings, poolObjects, servicesEndpoint } from '#objects/calico-settings.ts';
import { CALICO_TYPHA, calicoControllers, calicoNode, TIGERA_OPERATOR } from '#objects/calico-workloads.ts';
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
  const { podSubnet } = cluster.kubernetes;
  return [
    rolledOut(
      manifest({
        name: `calico v${wanted.version}`,
        content:
          text &&
          joined(
            servicesEndpoint(cluster, wanted),
            renderCalico(text, wanted, podSubnet),
            poolObjects(wanted, podSubnet),
          ),
      }),
      {
        of: [
          calicoNode(wanted),
          calicoControllers(wanted),
          ...(wanted.typhaReplicas === undefined ? [] : [CALICO_TYPHA]),
        ],
        timeoutSeconds: rolloutSeconds(cluster.hosts.length),
      },
    ),
    calicoPoolCheck(cluster, wanted),
    ...(wanted.pools === undefined ? [calicoPools(cluster, wanted)] : []),
    ...settings(cluster, wanted),
  ];
}

/** Objects one after another. */
const joined = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('---\n');

/** What both ways have in common: objects that Calico reads. */
function settings({ kubernetes: { podSubnet } }: Cluster, wanted: CalicoNetwork): readonly Resource[] {
  const content = calicoSettings(wanted, podSubnet);
  return content === '' ? [] : [manifest({ name: 'calico-settings', content })];
}

/**
 * Definitions, the operator, and what it is told to install, in this order: each needs the one before.
 *
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/self-managed-onprem/onpremises (3.32)
 */
function byOperator({ cluster, artifacts }: ClusterContext, wanted: CalicoNetwork): readonly Resource[] {
  const { install, version } = wanted;
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
        content: operator && renderOperator(operator, wanted, servicesEndpoint(cluster, wanted)),
      }),
      { of: [TIGERA_OPERATOR], timeoutSeconds: rolloutSeconds() },
    ),
    rolledOut(
      operatorReady({
        ...manifest({
          name: 'calico-installation',
          content: calicoCustomResources(wanted, cluster.kubernetes.podSubnet),
        }),
        supplies: { images: () => calicoOperatorImages(version, wanted.registry) ?? [] },
      }),
      { of: [calicoNode(wanted)], timeoutSeconds: OPERATOR_SECONDS + rolloutSeconds(cluster.hosts.length) },
    ),
    calicoPoolCheck(cluster, wanted),
    ...settings(cluster, wanted),
  ];
}

/** How long the operator may take to make Calico of it, before its pods start. */
const OPERATOR_SECONDS = 600;

const sourcesOf = (install: CalicoInstall): readonly ManifestSource[] =>
  install.by === 'operator' ? [install.crds, install.manifest] : [install.manifest];
