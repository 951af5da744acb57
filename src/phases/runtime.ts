import { runtimeChange } from '#checks/preflight/runtime-change.ts';
import { registryCertificates, registrySecrets } from '#configuration/registries.ts';
import type { KindContext, Phase } from '#core/phase.ts';
import { beside, type Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { kubeletLogins } from '#resources/kubelet/kubelet-logins.ts';
import { repositoryKeys } from '#resources/packages/repository.ts';
import { drainedAround } from '#resources/upgrade/drained-change.ts';
import { crictl } from '#resources/runtime/crictl.ts';

import { containerd } from './runtime-containerd.ts';
import { crio } from './runtime-cri-o.ts';
import { docker } from './runtime-docker.ts';

/** A container runtime on each host; one cluster may have several kinds. */
export const runtime: Phase = {
  name: 'runtime',
  summary: 'a container runtime, configured and running',
  needs: () => ['preflight', 'kernel', 'proxy', 'bundle'],
  common: (context) => [
    runtimeChange(context),
    ...kubeletLogins(context.cluster.registries, context.host.runtime.type),
    ...(ENGINES[context.host.runtime.type] as Engine<Runtime>)(context.host.runtime, context),
    beside(crictl(context.host)),
  ],
  resources: ({ cluster, host }, common) =>
    drainedAround(common, {
      cluster,
      host,
      phase: 'runtime',
      before: cluster.upgrade.drain.runtimes[host.runtime.type],
    }),
  artifacts: (cluster) => [
    ...cluster.hosts.flatMap(({ runtime: { source } }) =>
      source.from === 'repository' ? repositoryKeys(source.repository) : [],
    ),
    ...registryCertificates(cluster.registries),
  ],
  secrets: (cluster) => registrySecrets(cluster.registries),
};

/** The table of runtimes: a new one is a line here, a type in `Runtime`, a socket, and a file of its own. */
const ENGINES: { readonly [Type in Runtime['type']]: Engine<Extract<Runtime, { readonly type: Type }>> } = {
  containerd,
  docker,
  'cri-o': crio,
};

type Engine<Wanted extends Runtime> = (wanted: Wanted, context: KindContext) => readonly Resource[];
