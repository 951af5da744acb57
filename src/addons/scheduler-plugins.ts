import { stringify } from 'yaml';

import type { SchedulerPlugins } from '#core/addons.ts';
import type { Json } from '#core/json.ts';
import { objectTemplates, writeObjects } from '#objects/object-templates.ts';

export const SCHEDULER_NAMESPACE = 'scheduler-plugins';

/**
 * The scheduler plugins as a second scheduler: the project's definitions, and the objects of its chart.
 *
 * @param definitions the project's CustomResourceDefinitions.
 */
export function renderSchedulerPlugins(definitions: readonly string[], addon: SchedulerPlugins): string {
  const { schedulerName, version, imageRepository, plugins } = addon;
  const objects = objectTemplates('addons/scheduler-plugins.yaml', {
    schedulerName,
    version,
    configuration: stringify(configuration(addon)),
    controllerImage: `${imageRepository}/controller:v${version}`,
    schedulerImage: `${imageRepository}/kube-scheduler:v${version}`,
  });
  if (plugins.includes('PreemptionToleration')) {
    objects.find((object) => object.get('kind') === 'ClusterRole')?.addIn(['rules'], READ_PRIORITIES);
  }
  return [...definitions.map(asDocument), '---\n', writeObjects(objects)].join('');
}

const READ_PRIORITIES = {
  apiGroups: ['scheduling.k8s.io'],
  resources: ['priorityclasses'],
  verbs: ['get', 'list', 'watch'],
};

const asDocument = (text: string): string => `${text.startsWith('---') ? '' : '---\n'}${text.trimEnd()}\n`;

/** @see https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/ (v1.34) */
const configuration = ({ schedulerName, plugins, pluginConfig }: SchedulerPlugins): Json => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  leaderElection: { leaderElect: false, resourceNamespace: SCHEDULER_NAMESPACE, resourceName: schedulerName },
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
