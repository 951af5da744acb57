import { addonSources, type AddonName, addonVersions, schedulerPluginsVersion } from '#catalog/addons.ts';
import type { Addons, AddonSet, Chart, Kustomization, Manifests } from '#core/addons.ts';
import type { JsonObject } from '#core/json.ts';
import type { Kubernetes, ManifestSource } from '#core/cluster.ts';

import { addonOrder } from './addon-order.ts';
import { localPath, type Places } from './values/local-path.ts';
import type { InventoryDocument } from './schema.ts';

type AddonsDocument = NonNullable<InventoryDocument['addons']>;
type Written = NonNullable<AddonsDocument['volcano']>;

/** How long images may take to come over a slow line, and pods to start. */
const TIMEOUT_SECONDS = 600;

/** @see https://github.com/kubernetes-sigs/scheduler-plugins/blob/v0.34.7/manifests/install/charts/as-a-second-scheduler/values.yaml */
const PLUGINS = [
  'Coscheduling',
  'CapacityScheduling',
  'NodeResourceTopologyMatch',
  'NodeResourcesAllocatable',
];

/** The addons of a valid inventory: those slipway knows first, then the operator's, in the order they ask for. */
export function buildAddons(
  document: AddonsDocument | undefined,
  kubernetes: Kubernetes,
  places: Places,
): Addons {
  const { prune = false, manifests = [], charts = [] } = document ?? {};
  return {
    isPruning: prune,
    sets: [
      ...knownAddons(document ?? {}, kubernetes, places),
      ...addonOrder([...manifests, ...charts]).ordered.map((written) =>
        'chart' in written ? buildChart(written, kubernetes, places) : buildManifests(written, places),
      ),
    ],
  };
}

function knownAddons(document: AddonsDocument, kubernetes: Kubernetes, places: Places): readonly AddonSet[] {
  const { mirror } = document;
  const metrics = document['metrics-server'];
  const plugins = document['scheduler-plugins'];
  const localPaths = document['local-path-provisioner'];
  const known = <Name extends AddonName>(name: Name, written: Written, fallback?: string) => {
    const { manifest, timeout: timeoutSeconds = TIMEOUT_SECONDS } = written;
    const version = written.version?.replace(/^v/, '') ?? fallback;
    if (manifest !== undefined) {
      const sources = [sourceOf(manifest, places)];
      return { name, ...(version !== undefined && { version }), sources, isOwn: true, timeoutSeconds };
    }
    const newest = version ?? addonVersions(name)[0] ?? '';
    const sources = sourcesOf(name, newest, mirror?.replace(/\/+$/, ''));
    return { name, version: newest, sources, isOwn: false, timeoutSeconds };
  };
  const pluginsVersion = plugins?.version?.replace(/^v/, '') ?? schedulerPluginsVersion(kubernetes.version);
  return [
    ...(metrics === undefined
      ? []
      : [
          {
            ...known('metrics-server', metrics),
            extraArgs: metrics.extraArgs ?? kubeletFlags(kubernetes),
          },
        ]),
    ...(document.volcano === undefined ? [] : [known('volcano', document.volcano)]),
    ...(plugins === undefined
      ? []
      : [
          {
            ...known('scheduler-plugins', plugins, pluginsVersion),
            version: pluginsVersion,
            imageRepository: plugins.imageRepository ?? 'registry.k8s.io/scheduler-plugins',
            schedulerName: plugins.schedulerName ?? 'scheduler-plugins-scheduler',
            plugins: plugins.plugins ?? PLUGINS,
            pluginConfig: (plugins.pluginConfig ?? []) as readonly JsonObject[],
          },
        ]),
    ...(localPaths === undefined
      ? []
      : [
          {
            ...known('local-path-provisioner', localPaths),
            path: localPaths.path ?? '/opt/local-path-provisioner',
            isDefault: localPaths.isDefault ?? false,
          },
        ]),
  ];
}

const sourceOf = (
  { url, path, sha256 }: NonNullable<Written['manifest']>,
  places: Places,
): ManifestSource => ({
  location: path === undefined ? (url ?? '') : localPath(path, places),
  sha256: sha256.toLowerCase(),
});

function sourcesOf(name: AddonName, version: string, mirror: string | undefined): readonly ManifestSource[] {
  const sources = addonSources(name, version, mirror);
  if (sources === undefined) throw new TypeError(`${name} ${version} is not in the catalog`);
  return sources;
}

/**
 * A kubelet's certificate is its own work, unless the cluster signs it.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs (v1.34)
 */
const kubeletFlags = ({ kubelet }: Kubernetes): readonly string[] =>
  kubelet['serverTLSBootstrap'] === true ? [] : ['--kubelet-insecure-tls'];

function buildManifests(
  {
    name,
    path,
    url,
    sha256,
    kustomize,
    timeout: timeoutSeconds = TIMEOUT_SECONDS,
  }: NonNullable<AddonsDocument['manifests']>[number],
  places: Places,
): Manifests | Kustomization {
  if (kustomize !== undefined)
    return { name, kind: 'kustomization', directory: localPath(kustomize, places), timeoutSeconds };
  return {
    name,
    kind: 'manifests',
    location: url ?? localPath(path ?? '', places),
    ...(url !== undefined && sha256 !== undefined && { sha256: sha256.toLowerCase() }),
    timeoutSeconds,
  };
}

function buildChart(
  written: NonNullable<AddonsDocument['charts']>[number],
  kubernetes: Kubernetes,
  places: Places,
): Chart {
  const {
    name,
    chart,
    repository,
    version,
    namespace = 'default',
    values = {},
    runsOn = 'controller',
    timeout: timeoutSeconds = TIMEOUT_SECONDS,
  } = written;
  return {
    name,
    kind: 'chart',
    chart: isChartPath(chart) ? localPath(chart, places) : chart,
    ...(repository !== undefined && { repository }),
    ...(version !== undefined && { version }),
    namespace,
    values: values as JsonObject,
    kubernetesVersion: kubernetes.version,
    runsOn,
    timeoutSeconds,
  };
}

/** A chart on disk, as helm tells one from a name: by its first character. */
export const isChartPath = (chart: string): boolean => /^(\.{0,2}\/|~\/|\.)/.test(chart);
