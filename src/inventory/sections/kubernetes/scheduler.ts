import { SCHEDULER_KUBECONFIG } from '#catalog/component-paths.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { isJsonObject, type Json, type JsonObject, sorted } from '#core/json.ts';
import { freeMap, map } from '#core/schema.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { suggest } from '#inventory/text/suggestion.ts';

import { buildComponent, extraArgs } from './components.ts';
import { componentFindings, extraVolumes } from './extra-volumes.ts';

/** @see https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/ (v1.34): the scheduler refuses what it does not know. */
const FIELDS = [
  'apiVersion',
  'kind',
  'parallelism',
  'leaderElection',
  'clientConnection',
  'enableProfiling',
  'enableContentionProfiling',
  'percentageOfNodesToScore',
  'podInitialBackoffSeconds',
  'podMaxBackoffSeconds',
  'profiles',
  'extenders',
  'delayCacheUntilActive',
];
const PROFILE_FIELDS = ['schedulerName', 'percentageOfNodesToScore', 'plugins', 'pluginConfig'];
const schema = map(
  {
    extraArgs: extraArgs('kube-scheduler', { profiling: 'false' }),
    extraVolumes: extraVolumes('kube-scheduler'),
    config: freeMap(
      "The scheduler's own configuration, fields of KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1): profiles, plugins and their arguments. slipway brings it to the control planes as a file, and the scheduler is started with it.",
      {
        examples: [
          {
            profiles: [
              {
                pluginConfig: [
                  { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated' } } },
                ],
              },
            ],
          },
        ],
      },
    ),
  },
  'Settings of kube-scheduler.',
);

/** The scheduler of the control planes. */
export const scheduler: Section<typeof schema, Pick<Kubernetes, 'scheduler'>> = {
  schema,
  validate: (written, context, path) => [
    ...componentFindings('scheduler', 'kube-scheduler', written?.config === undefined ? {} : RESERVED)(
      written,
      context,
      path,
    ),
    ...(written?.config === undefined ? [] : configFindings(written.config, context, [...path, 'config'])),
  ],
  build: (written) => ({
    scheduler: {
      ...buildComponent(written),
      ...(written?.config !== undefined && { config: sorted(written.config) }),
    },
  }),
};

/**
 * Flags that the scheduler ignores beside a file, or that name another one.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kube-scheduler/app/options/deprecated.go
 */
const RESERVED = {
  config: 'names another configuration than scheduler.config',
  kubeconfig: 'is ignored beside scheduler.config, which has it',
  profiling: 'is ignored beside scheduler.config: write enableProfiling there',
  'contention-profiling': 'is ignored beside scheduler.config: write enableContentionProfiling there',
  'kube-api-burst': 'is ignored beside scheduler.config: write clientConnection.burst there',
  'kube-api-qps': 'is ignored beside scheduler.config: write clientConnection.qps there',
  'kube-api-content-type': 'is ignored beside scheduler.config: write clientConnection.contentType there',
};

function configFindings(config: JsonObject, context: ValidationContext, path: Path): readonly Finding[] {
  const { profiles, leaderElection, clientConnection } = config;
  return [
    ...unknownFindings(config, FIELDS, 'KubeSchedulerConfiguration', path),
    ...fixedFinding(config['apiVersion'], 'kubescheduler.config.k8s.io/v1', [...path, 'apiVersion']),
    ...fixedFinding(config['kind'], 'KubeSchedulerConfiguration', [...path, 'kind']),
    ...(isJsonObject(clientConnection)
      ? fixedFinding(clientConnection['kubeconfig'], SCHEDULER_KUBECONFIG, [
          ...path,
          'clientConnection',
          'kubeconfig',
        ])
      : []),
    ...(isJsonObject(leaderElection) && leaderElection['leaderElect'] === false && isHighlyAvailable(context)
      ? [
          {
            path: [...path, 'leaderElection', 'leaderElect'],
            message: 'must not be false with several control planes: each of them would schedule all pods',
            got: 'false',
          },
        ]
      : []),
    ...(profiles === undefined ? [] : profilesFindings(profiles, [...path, 'profiles'])),
  ];
}

const isHighlyAvailable = ({ hosts }: ValidationContext): boolean =>
  hosts.filter(({ settings }) => settings.role === 'control-plane').length > 1;

function unknownFindings(
  found: JsonObject,
  known: readonly string[],
  of: string,
  path: Path,
): readonly Finding[] {
  return Object.keys(found)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const suggestion = suggest(key, known);
      return {
        path: [...path, key],
        isKey: true,
        message: `"${key}" is no field of ${of}, which the scheduler would refuse`,
        ...(suggestion !== undefined && { suggestion }),
      };
    });
}

const fixedFinding = (value: Json | undefined, wanted: string, path: Path): readonly Finding[] =>
  value === undefined || value === wanted
    ? []
    : [{ path, message: `must be ${wanted}`, got: quoteValue(value) }];

function profilesFindings(profiles: Json, path: Path): readonly Finding[] {
  if (!Array.isArray(profiles) || !profiles.every(isJsonObject)) {
    return [{ path, message: 'must be a list of maps', got: quoteValue(profiles) }];
  }
  if (profiles.length === 0) return [{ path, message: 'must have one profile or more, or not be there' }];
  const all = profiles as readonly JsonObject[];
  const names = all.map(({ schedulerName = 'default-scheduler' }) => quoteValue(schedulerName));
  return all.flatMap((profile, index) => {
    const at = [...path, index];
    return [
      ...unknownFindings(profile, PROFILE_FIELDS, 'KubeSchedulerProfile', at),
      ...(names.indexOf(names[index] ?? '') < index
        ? [
            {
              path: profile['schedulerName'] === undefined ? at : [...at, 'schedulerName'],
              message: `is another profile of the name ${names[index]}`,
            },
          ]
        : []),
    ];
  });
}
