import { stringify } from 'yaml';

import { joinManifests } from '#core/join-manifests.ts';
import { freeMap, list, text, textList } from '#core/schema.ts';
import { objectTemplates, writeObjects } from '#objects/object-templates.ts';

import { defineAddon } from './addon.ts';

const NAMESPACE = 'scheduler-plugins';

/** The same in the three releases. The files under manifests/crds are links to these. */
const FILES = {
  'manifests/capacityscheduling/crd.yaml': 'eb92b2f26b18af47a430007c5bb1135186445d07eb96a0d6eb9e2ef77238e1d0',
  'manifests/coscheduling/crd.yaml': 'acf75c3eef75e1273f0d1ed53a4b230b558d8066a92acdddc10c9bc8c91ab42c',
  'manifests/noderesourcetopology/crd.yaml':
    '046de8d4722db1f5f5b8a2c6d22445cbc7f2ab6ba7b7836e2cb9955a9861a40b',
};

/** @see https://github.com/kubernetes-sigs/scheduler-plugins/blob/v0.34.7/manifests/install/charts/as-a-second-scheduler/values.yaml */
const defaults = {
  imageRepository: 'registry.k8s.io/scheduler-plugins',
  schedulerName: 'scheduler-plugins-scheduler',
  plugins: ['Coscheduling', 'CapacityScheduling', 'NodeResourceTopologyMatch', 'NodeResourcesAllocatable'],
  pluginConfig: [],
};

/**
 * The scheduler plugins as a second scheduler: the project's definitions, and the objects of its chart.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/kubernetes-sigs/scheduler-plugins/tree/v0.34.7/manifests
 */
export const schedulerPlugins = defineAddon({
  name: 'scheduler-plugins',
  summary: 'The Kubernetes SIG scheduler plugins, as a second scheduler.',
  changes:
    '`plugins` of its profile in place of PrioritySort, and their `pluginConfig`; the version is by default the one of the minor of Kubernetes',
  repository: 'kubernetes-sigs/scheduler-plugins',
  releases: [
    { version: '0.34.7', files: FILES },
    { version: '0.33.5', files: FILES },
    { version: '0.32.7', files: FILES },
  ],
  /**
   * Or else the one that is built with the nearest older minor: a scheduler may be one minor older than the API server.
   *
   * @see https://github.com/kubernetes-sigs/scheduler-plugins/blob/v0.34.7/README.md#compatibility-matrix
   */
  defaultVersion: {
    help: 'By default the one built with the minor of Kubernetes.',
    of: (kubernetes, versions) =>
      versions.find((version) => minorOf(version) <= minorOf(kubernetes)) ?? versions.at(-1)!,
  },
  file: 'crds.yaml',
  namespaces: [NAMESPACE],
  schema: {
    imageRepository: text('Where its images kube-scheduler and controller are.', {
      wanted: 'a registry and a path',
      pattern: '^[^\\s]+[^\\s/]$',
      default: defaults.imageRepository,
    }),
    schedulerName: text('What pods name it by, in schedulerName. Default: scheduler-plugins-scheduler.', {
      wanted: 'lower-case letters, digits and -, at most 53 of them',
      pattern: '^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$',
    }),
    plugins: textList('The plugins of its profile, in place of PrioritySort.', {
      wanted: 'a list of plugins',
      item: 'the name of a plugin',
      default: defaults.plugins,
    }),
    pluginConfig: list(
      freeMap('The arguments of one plugin.'),
      'pluginConfig of KubeSchedulerConfiguration.',
      {
        wanted: 'a list of maps',
        examples: [[{ name: 'Coscheduling', args: { permitWaitingTimeSeconds: 10 } }]],
      },
    ),
  },
  defaults,
  render: (definitions, { version = '', settings }) => {
    const { schedulerName, imageRepository, plugins } = settings;
    const objects = objectTemplates('addons/scheduler-plugins.yaml', {
      schedulerName,
      version,
      configuration: stringify(configuration(settings)),
      controllerImage: `${imageRepository}/controller:v${version}`,
      schedulerImage: `${imageRepository}/kube-scheduler:v${version}`,
    });
    if (plugins.includes('PreemptionToleration')) {
      objects.find((object) => object.get('kind') === 'ClusterRole')?.addIn(['rules'], READ_PRIORITIES);
    }
    return [joinManifests(definitions), '---\n', writeObjects(objects)].join('');
  },
});

const minorOf = (version: string): number => Number(version.split('.')[1]);

const READ_PRIORITIES = {
  apiGroups: ['scheduling.k8s.io'],
  resources: ['priorityclasses'],
  verbs: ['get', 'list', 'watch'],
};

interface Profile {
  readonly schedulerName: string;
  readonly plugins: readonly string[];
  readonly pluginConfig: readonly object[];
}

/** @see https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/ (v1.34) */
const configuration = ({ schedulerName, plugins, pluginConfig }: Profile) => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  leaderElection: { leaderElect: false, resourceNamespace: NAMESPACE, resourceName: schedulerName },
  profiles: [
    {
      schedulerName,
      plugins: {
        multiPoint: {
          enabled: plugins.map((name) => ({ name })),
          // Coscheduling and CapacityScheduling sort the queue themselves, and there can be one that does.
          disabled: [{ name: 'PrioritySort' }],
        },
      },
      ...(pluginConfig.length > 0 && { pluginConfig }),
    },
  ],
});
