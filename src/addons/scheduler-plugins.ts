import { stringify } from 'yaml';

import type { SchedulerPlugins } from '#core/addons.ts';
import type { Json } from '#core/json.ts';

export const SCHEDULER_NAMESPACE = 'scheduler-plugins';

const CONTROLLER = 'scheduler-plugins-controller';

/**
 * The scheduler plugins as a second scheduler: the project's definitions, and the objects of its chart.
 *
 * @param definitions the project's CustomResourceDefinitions.
 * @see https://github.com/kubernetes-sigs/scheduler-plugins/tree/v0.34.7/manifests/install/charts/as-a-second-scheduler
 */
export function renderSchedulerPlugins(definitions: readonly string[], addon: SchedulerPlugins): string {
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SCHEDULER_NAMESPACE } },
    ...[addon.schedulerName, CONTROLLER].map((name) => object('v1', 'ServiceAccount', name, {})),
    object('v1', 'ConfigMap', 'scheduler-config', {
      data: { 'scheduler-config.yaml': stringify(configuration(addon)) },
    }),
    ...access(addon),
    deployment(CONTROLLER, { app: CONTROLLER }, addon.version, {
      name: CONTROLLER,
      image: `${addon.imageRepository}/controller:v${addon.version}`,
    }),
    deployment(addon.schedulerName, { component: 'scheduler' }, addon.version, scheduler(addon), [
      { name: 'scheduler-config', configMap: { name: 'scheduler-config' } },
    ]),
  ];
  return [
    ...definitions.map(asDocument),
    ...objects.map((each) => `---\n${stringify(each, { lineWidth: 0 })}`),
  ].join('');
}

const asDocument = (text: string): string => `${text.startsWith('---') ? '' : '---\n'}${text.trimEnd()}\n`;

const object = (apiVersion: string, kind: string, name: string, rest: Readonly<Record<string, Json>>) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: SCHEDULER_NAMESPACE },
  ...rest,
});

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

const scheduler = ({ version, imageRepository }: SchedulerPlugins): { readonly [field: string]: Json } => {
  const health = { httpGet: { path: '/healthz', port: 10_259, scheme: 'HTTPS' } };
  return {
    name: 'scheduler-plugins-scheduler',
    image: `${imageRepository}/kube-scheduler:v${version}`,
    command: ['/bin/kube-scheduler'],
    args: ['--config=/etc/kubernetes/scheduler-config.yaml'],
    livenessProbe: { ...health, initialDelaySeconds: 15 },
    readinessProbe: health,
    securityContext: { privileged: false },
    volumeMounts: [{ name: 'scheduler-config', mountPath: '/etc/kubernetes', readOnly: true }],
  };
};

const deployment = (
  name: string,
  labels: Readonly<Record<string, string>>,
  version: string,
  container: { readonly [field: string]: Json },
  volumes: readonly Json[] = [],
) =>
  object('apps/v1', 'Deployment', name, {
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'slipway/version': version } },
        spec: {
          serviceAccountName: name,
          containers: [{ ...container, imagePullPolicy: 'IfNotPresent' }],
          ...(volumes.length > 0 && { volumes }),
        },
      },
    },
  });

const RBAC = 'rbac.authorization.k8s.io';
const EVERYTHING = ['get', 'list', 'watch', 'create', 'delete', 'update', 'patch'];
const READ = ['get', 'list', 'watch'];
const GROUPS = rule(
  ['scheduling.x-k8s.io'],
  ['podgroups', 'elasticquotas', 'podgroups/status', 'elasticquotas/status'],
  EVERYTHING,
);

function rule(apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): Json {
  return { apiGroups, resources, verbs };
}

/** templates/rbac.yaml of the chart; what it grants by plugin is granted where the plugin is on. */
function access(addon: SchedulerPlugins): readonly Json[] {
  const subjects = [addon.schedulerName, CONTROLLER].map((name) => ({
    kind: 'ServiceAccount',
    name,
    namespace: SCHEDULER_NAMESPACE,
  }));
  const granted = (name: string, rules: readonly Json[], index: number): readonly Json[] => [
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: subjects.slice(index, index + 1),
    },
  ];
  const reader = 'extension-apiserver-authentication-reader';
  return [
    ...granted(addon.schedulerName, schedulerRules(addon), 0),
    ...granted(CONTROLLER, CONTROLLER_RULES, 1),
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: `sched-plugins::${reader}`, namespace: 'kube-system' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: reader },
      subjects,
    },
  ];
}

const schedulerRules = ({ schedulerName, plugins }: SchedulerPlugins): readonly Json[] => [
  rule([''], ['namespaces'], READ),
  rule(['', 'events.k8s.io'], ['events'], ['create', 'patch', 'update']),
  rule(['coordination.k8s.io'], ['leases'], ['create']),
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: [schedulerName],
    verbs: ['get', 'update'],
  },
  rule([''], ['nodes'], [...READ, 'patch']),
  rule([''], ['pods'], ['delete', ...READ, 'update']),
  rule([''], ['bindings', 'pods/binding'], ['create']),
  rule([''], ['pods/status'], ['patch', 'update']),
  rule([''], ['replicationcontrollers', 'services'], READ),
  rule(['apps', 'extensions'], ['replicasets'], READ),
  rule(['apps'], ['statefulsets'], READ),
  rule(['policy'], ['poddisruptionbudgets'], READ),
  rule([''], ['persistentvolumeclaims', 'persistentvolumes'], [...READ, 'patch', 'update']),
  rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
  rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
  rule(['resource.k8s.io'], ['deviceclasses', 'resourceclaims', 'resourceslices'], READ),
  rule(
    ['storage.k8s.io'],
    ['csinodes', 'storageclasses', 'csidrivers', 'csistoragecapacities', 'volumeattachments'],
    READ,
  ),
  rule(['topology.node.k8s.io'], ['noderesourcetopologies'], READ),
  GROUPS,
  ...(plugins.includes('PreemptionToleration')
    ? [rule(['scheduling.k8s.io'], ['priorityclasses'], READ)]
    : []),
];

const CONTROLLER_RULES: readonly Json[] = [
  rule([''], ['pods'], READ),
  rule([''], ['events'], ['create', 'patch', 'update']),
  rule(['coordination.k8s.io'], ['leases'], ['create', 'get', 'update']),
  rule([''], ['nodes'], [...READ, 'patch']),
  rule(['topology.node.k8s.io'], ['noderesourcetopologies'], READ),
  GROUPS,
];
