import { createHash } from 'node:crypto';

import type { ArtifactRef } from '#core/artifact.ts';
import { type CalicoInstall, type CalicoNetwork, type ManifestSource } from '#core/cluster.ts';
import type { ClusterContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { podsOf } from '#facts/pods.ts';
import { renderCalico, withRegistry } from '#objects/calico-manifest.ts';
import { calicoCustomResources } from '#objects/calico-custom-resources.ts';
import { calicoPools } from '#resources/cluster/calico-pools.ts';
import { calicoPoolCheck } from '#checks/preflight/calico-pool.ts';
import { check } from '#checks/preflight/check.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { calicoControllers, calicoNode } from '#resources/cluster/network-pods.ts';
import { operatorReady, operatorReadyStep } from '#resources/cluster/operator-ready.ts';
import { rolloutStep } from '#resources/cluster/rollout-wait.ts';

/** The pod network. */
export const network: Phase = {
  name: 'network',
  summary: "Calico, applied on the server side with the cluster's pod subnet and address autodetection",
  needs: () => ['control-plane'],
  forCluster: (context) => {
    const { network: wanted } = context.cluster;
    return wanted.plugin === 'calico'
      ? [oneInstall(wanted), ...INSTALLS[wanted.install.by](context, wanted)]
      : [];
  },
  artifacts: ({ network: wanted }) =>
    wanted.plugin === 'calico' ? sourcesOf(wanted.install).map(pinned) : [],
};

/** The table of ways to install Calico. */
const INSTALLS: Readonly<
  Record<CalicoInstall['by'], (context: ClusterContext, wanted: CalicoNetwork) => readonly Resource[]>
> = { manifest: byManifest, operator: byOperator };

function byManifest({ cluster, artifacts }: ClusterContext, wanted: CalicoNetwork): readonly Resource[] {
  const text = artifacts.get(wanted.install.manifest.location);
  return [
    manifest({
      name: `calico v${wanted.version}`,
      content: text && renderCalico(text, wanted, cluster.kubernetes.podSubnet),
      after: [rolloutStep(calicoNode(wanted), cluster.hosts.length), rolloutStep(calicoControllers(wanted))],
    }),
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
      definitions: ['installations.operator.tigera.io', 'apiservers.operator.tigera.io'],
    }),
    manifest({
      name: `tigera-operator v${version}`,
      content: operator && withRegistry(operator, registry),
      after: [rolloutStep(TIGERA_OPERATOR)],
    }),
    manifest({
      name: 'calico-installation',
      content: calicoCustomResources(wanted, cluster.kubernetes.podSubnet),
      after: [operatorReadyStep, rolloutStep(calicoNode(wanted), cluster.hosts.length)],
    }),
    operatorReady,
  ];
}

/** @see https://github.com/projectcalico/calico/blob/v3.32.1/manifests/tigera-operator.yaml */
const TIGERA_OPERATOR = {
  kind: 'Deployment',
  namespace: 'tigera-operator',
  name: 'tigera-operator',
  selector: 'name=tigera-operator',
} as const;

/** Two installations of Calico would fight over every node. */
function oneInstall(wanted: CalicoNetwork): Resource {
  const { by } = wanted.install;
  const [other, namespace] =
    by === 'operator' ? (['manifest', 'kube-system'] as const) : (['operator', 'calico-system'] as const);
  return check({
    name: 'CalicoInstall',
    facts: { pods: podsOf(namespace, calicoNode(wanted).selector) },
    judge: ({ pods }) =>
      pods.length === 0
        ? `Calico is not there by ${other}`
        : {
            why: `Calico was installed by ${other}, and the inventory wants it by ${by}`,
            hint: `write network.install: ${other} into the inventory, or remove that Calico first: https://docs.tigera.io/calico/latest/operations/operator-migration`,
          },
  });
}

const sourcesOf = (install: CalicoInstall): readonly ManifestSource[] =>
  install.by === 'operator' ? [install.crds, install.manifest] : [install.manifest];

const pinned = ({ location, sha256 }: ManifestSource): ArtifactRef => ({
  location,
  pin: `sha256:${sha256}`,
  verify: (text) => mismatch(text, sha256),
});

function mismatch(text: string, sha256: string): string | undefined {
  const found = createHash('sha256').update(text).digest('hex');
  return found === sha256 ? undefined : `its sha256 is ${found}, wanted ${sha256}`;
}
