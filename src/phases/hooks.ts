import type { ArtifactRef } from '#core/artifact.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Hook } from '#core/hook.ts';
import type { Phase, PhaseContext, PhaseResource } from '#core/phase.ts';
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
      const hooks = hooksOf(context.cluster, phase).filter(({ hosts }) => hosts.includes(context.host.name));
      return hooks.length === 0 ? all : around(hooks, all, context);
    },
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

const runOf = (one: Hook, { cluster, host, artifacts }: PhaseContext): HookRun => ({
  hook: one,
  program:
    'text' in one.program
      ? one.program.text
      : (artifacts.get(one.program.localFile) ?? `(${one.program.localFile}, which was not read)\n`),
  environment: {
    ...one.environment,
    SLIPWAY_CLUSTER: cluster.name,
    SLIPWAY_HOST: host.name,
    SLIPWAY_ROLE: host.role,
    SLIPWAY_PHASE: one.phase,
  },
});

const filesOf = ({ program }: Hook): readonly ArtifactRef[] => {
  if (!('localFile' in program)) return [];
  const ref = localText(program.localFile);
  return [{ ...ref, faultIn: (text) => ref.faultIn?.(text) ?? withoutInterpreter(text) }];
};

const withoutInterpreter = (text: string): string | undefined =>
  text.startsWith('#!')
    ? undefined
    : 'it does not say what runs it: begin it with #!/bin/sh, or another program';
