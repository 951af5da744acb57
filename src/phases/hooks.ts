import type { ArtifactRef } from '#core/artifact.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Hook } from '#core/hook.ts';
import type { ClusterContext, Phase, PhaseContext, PhaseResource, Together } from '#core/phase.ts';
import { hook, hookDue, type HookRun } from '#resources/hooks/hook.ts';

import { localText } from './files.ts';

/** A phase with the hooks that the inventory has before and after it. */
export const withHooks = (phase: Phase): Phase => {
  const { forCluster, ...rest } = phase;
  return {
    ...rest,
    resources: (context, common) => {
      const own = phase.resources?.(context, common) ?? common;
      const all = context.isClusterHost ? [...own, ...(forCluster?.(context) ?? [])] : own;
      const hooks = hooksOf(context.cluster, phase).filter(
        ({ hosts, runsOn }) => runsOn === 'hosts' && hosts.includes(context.host.name),
      );
      return hooks.length === 0 ? all : around(hooks, all, context);
    },
    together: (context) => [
      ...(phase.together?.(context) ?? []),
      ...togetherOf(
        hooksOf(context.cluster, phase).filter(({ runsOn }) => runsOn === 'controller'),
        context,
      ),
    ],
    artifacts: (cluster) => [
      ...(phase.artifacts?.(cluster) ?? []),
      ...hooksOf(cluster, phase).flatMap(filesOf),
    ],
  };
};

const hooksOf = ({ hooks }: Pick<Cluster, 'hooks'>, { name }: Phase): readonly Hook[] =>
  hooks.filter(({ phase }) => phase === name);

function around(
  hooks: readonly Hook[],
  table: readonly PhaseResource[],
  context: PhaseContext,
): readonly PhaseResource[] {
  const [before = [], after = []] = (['before', 'after'] as const).map((place) =>
    hooks.filter((one) => one.place === place),
  );
  return [
    ...after.filter(({ runs }) => runs === 'changed').map(hookDue),
    ...before.map((one) => hook(runOf(one, context))),
    ...table,
    ...after.map((one) => hook(runOf(one, context))),
  ];
}

/** Those of the controller: each stands once before or after the phase. */
const togetherOf = (hooks: readonly Hook[], context: ClusterContext): readonly Together[] => [
  ...hooks
    .filter(({ place, runs }) => place === 'after' && runs === 'changed')
    .map((one): Together => ({ place: 'before', hosts: one.hosts, resource: hookDue(one) })),
  ...hooks.map((one): Together => ({
    place: one.place,
    hosts: one.hosts,
    resource: hook(controllerRunOf(one, context)),
  })),
];

const runOf = (one: Hook, { cluster, host, artifacts }: PhaseContext): HookRun => ({
  hook: one,
  program: programOf(one, artifacts),
  environment: {
    ...one.environment,
    SLIPWAY_CLUSTER: cluster.name,
    SLIPWAY_HOST: host.name,
    SLIPWAY_ROLE: host.role,
    SLIPWAY_PHASE: one.phase,
  },
});

/** With what a program may want to know of the cluster, since it runs for all hosts. */
function controllerRunOf(one: Hook, { cluster, artifacts }: ClusterContext): HookRun {
  const { kubernetes, hosts } = cluster;
  const namesOf = (wanted: Host['role']): string =>
    hosts.flatMap(({ name, role }) => (role === wanted ? [name] : [])).join(' ');
  return {
    hook: one,
    program: programOf(one, artifacts),
    environment: {
      ...one.environment,
      SLIPWAY_CLUSTER: cluster.name,
      SLIPWAY_PHASE: one.phase,
      SLIPWAY_HOSTS: one.hosts.join(' '),
      SLIPWAY_CONTROL_PLANES: namesOf('control-plane'),
      SLIPWAY_WORKERS: namesOf('worker'),
      SLIPWAY_ENDPOINT: kubernetes.controlPlaneEndpoint,
      SLIPWAY_KUBERNETES: kubernetes.version,
    },
  };
}

const programOf = ({ program }: Hook, artifacts: ClusterContext['artifacts']): string =>
  'text' in program
    ? program.text
    : (artifacts.get(program.localFile) ?? `(${program.localFile}, which was not read)\n`);

const filesOf = ({ program }: Hook): readonly ArtifactRef[] => {
  if (!('localFile' in program)) return [];
  const ref = localText(program.localFile);
  return [{ ...ref, faultIn: (text) => ref.faultIn?.(text) ?? withoutInterpreter(text) }];
};

const withoutInterpreter = (text: string): string | undefined =>
  text.startsWith('#!')
    ? undefined
    : 'it does not say what runs it: begin it with #!/bin/sh, or another program';
