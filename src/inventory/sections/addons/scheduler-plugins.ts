import { schedulerPluginsVersion } from '#catalog/addons.ts';
import type { SchedulerPlugins } from '#core/addons.ts';
import type { JsonObject } from '#core/json.ts';
import type { Section } from '#inventory/section.ts';
import { freeMap, list, map, text, textList } from '#inventory/text/schema.ts';
import { withoutV } from '#inventory/values/version.ts';

import { addonName } from './addon-name.ts';
import { type AddonSource, buildKnown, knownFields, knownFindings } from './known-addon.ts';

const defaults = {
  imageRepository: 'registry.k8s.io/scheduler-plugins',
  schedulerName: 'scheduler-plugins-scheduler',
  /** @see https://github.com/kubernetes-sigs/scheduler-plugins/blob/v0.34.7/manifests/install/charts/as-a-second-scheduler/values.yaml */
  plugins: ['Coscheduling', 'CapacityScheduling', 'NodeResourceTopologyMatch', 'NodeResourcesAllocatable'],
};

const schema = map(
  {
    ...knownFields(
      'scheduler-plugins',
      'crds.yaml',
      ' By default the one built with the minor of Kubernetes.',
    ),
    imageRepository: text({
      description: 'Where its images kube-scheduler and controller are.',
      wanted: 'a registry and a path',
      pattern: '^[^\\s]+[^\\s/]$',
      default: defaults.imageRepository,
    }),
    schedulerName: addonName('What pods name it by, in schedulerName. Default: scheduler-plugins-scheduler.'),
    plugins: textList({
      description: 'The plugins of its profile, in place of PrioritySort.',
      wanted: 'a list of plugins',
      item: 'the name of a plugin',
      default: defaults.plugins,
    }),
    pluginConfig: list(freeMap({ description: 'The arguments of one plugin.' }), {
      description: 'pluginConfig of KubeSchedulerConfiguration.',
      wanted: 'a list of maps',
      examples: [[{ name: 'Coscheduling', args: { permitWaitingTimeSeconds: 10 } }]],
    }),
  },
  'The Kubernetes SIG scheduler plugins, as a second scheduler.',
);

export const schedulerPlugins: Section<typeof schema, SchedulerPlugins, AddonSource> = {
  schema,
  check: (written = {}, _, path) => knownFindings('scheduler-plugins', written, path),
  build: (written = {}, source) => {
    const version = withoutV(written.version ?? schedulerPluginsVersion(source.kubernetes.version));
    const { imageRepository, schedulerName, plugins, pluginConfig = [] } = { ...defaults, ...written };
    return {
      ...buildKnown('scheduler-plugins', written, source, version),
      version,
      imageRepository,
      schedulerName,
      plugins,
      pluginConfig: pluginConfig as readonly JsonObject[],
    };
  },
};
