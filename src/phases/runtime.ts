import { stringify } from 'yaml';

import { criSocket, runtimeOfSocket } from '#catalog/cri-sockets.ts';
import type { Cluster, Host, HostKind } from '#core/cluster.ts';
import type { KindContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { kubeletEndpoint } from '#facts/kubelet-endpoint.ts';
import { check } from '#checks/preflight/check.ts';
import { file } from '#resources/files/file.ts';
import { kubeletLogins, registryCertificates, registrySecrets } from '#resources/runtime/registry-files.ts';
import { repositoryKey } from '#resources/packages/repository.ts';

import { containerd } from './runtime-containerd.ts';
import { crio } from './runtime-cri-o.ts';
import { docker } from './runtime-docker.ts';

/** A container runtime on each host; one cluster may have several kinds. */
export const runtime: Phase = {
  name: 'runtime',
  summary: 'a container runtime, configured and running',
  needs: () => ['preflight', 'kernel'],
  common: (context) => [
    sameRuntime(context),
    ...(ENGINES[context.host.runtime.type] as Engine<Runtime>)(context.host.runtime, context),
    crictl(context.host),
    ...kubeletLogins(context.cluster.registries),
  ],
  artifacts: (cluster) => [
    ...cluster.hosts.flatMap(({ runtime: { source } }) =>
      source.from === 'repository' ? [repositoryKey(source.repository)] : [],
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

/** @see https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/ (v1.34) */
const crictl = ({ runtime: wanted }: HostKind): Resource => {
  const endpoint = criSocket(wanted);
  return file({
    path: '/etc/crictl.yaml',
    content: stringify({ 'runtime-endpoint': endpoint, 'image-endpoint': endpoint }),
  });
};

/** The pods of a node belong to its runtime: another one under the same kubelet would know none of them. */
const sameRuntime = ({ cluster, host: { runtime: wanted } }: KindContext): Resource =>
  check({
    name: 'RuntimeChange',
    facts: { endpoint: kubeletEndpoint() },
    judge: ({ endpoint }, host) => judgeRuntime(cluster, { name: host, runtime: wanted }, endpoint),
  });

function judgeRuntime(
  cluster: Cluster,
  host: Pick<Host, 'name' | 'runtime'>,
  endpoint: string | null,
): ReturnType<CheckJudge> {
  if (endpoint === null) return `${host.name} is no node yet`;
  const found: Runtime['type'] | undefined = runtimeOfSocket(endpoint);
  if (found === host.runtime.type) return `${host.name} runs ${found}`;
  return {
    why: `${host.name} is a node of ${cluster.name} that runs on ${found ?? 'another runtime'} (${endpoint}), and the inventory wants ${host.runtime.type}`,
    hint: `take the node out first (kubectl drain ${host.name} --ignore-daemonsets, kubectl delete node ${host.name}, and on it kubeadm reset --cri-socket=${endpoint}), then run again; or write runtime.type: ${found ?? 'as it was'} into the inventory`,
  };
}

type CheckJudge = (answers: never) => string | { readonly why: string; readonly hint: string };
