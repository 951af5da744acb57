import { peerAddress } from '#configuration/load-balancer.ts';
import { type Cluster, firstControlPlane, type Host, type HostKind } from '#core/cluster.ts';
import { type AnswersOf, at, CLUSTER } from '#core/fact.ts';
import { nameOfEndpoint, hasProxy } from '#core/load-balancer.ts';
import { deferred, type DiffContext, gated, type Resource } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';
import type { FileAnswer } from '#facts/file.ts';
import { hostsEntries } from '#resources/host/hosts-entry.ts';
import { isHalfControlPlane, joinTraces } from '#resources/kubeadm/half-control-plane.ts';

const factsOf = (cluster: Cluster) => ({ api: at(CLUSTER, apiState), ...joinTraces(cluster) });

type Answers = AnswersOf<ReturnType<typeof factsOf>>;

/** The name of the endpoint, where it is one: the same for all hosts of a kind. Undefined where each has to decide. */
export function endpointName(cluster: Cluster, host: HostKind): readonly Resource[] | undefined {
  const { loadBalancer: balancer } = cluster.kubernetes;
  const entry = nameOfEndpoint(balancer);
  if (entry === undefined) return [];
  const isOwnServer = balancer.type === 'local' && !hasProxy(balancer, host.role);
  return isOwnServer ? undefined : hostsEntries(entry);
}

/**
 * On a control plane without haproxy the name is the API server of that host. Until there is one, it is that of the first
 * control plane, by which the others join.
 */
export function endpointNameOfServer(cluster: Cluster, host: Host): readonly Resource[] {
  const { loadBalancer: balancer } = cluster.kubernetes;
  const entry = nameOfEndpoint(balancer);
  if (entry === undefined) return [];
  const own = hostsEntries(entry);
  const first = firstControlPlane(cluster);
  if (first.name === host.name) return own;
  const others = hostsEntries({ ...entry, address: peerAddress(first) });
  return others.map((one, index) =>
    gated(one, factsOf(cluster), (answers, context, decide) =>
      isMember(cluster, host, answers) ? (own[index]?.diff(answers as never, context) ?? decide()) : decide(),
    ),
  );
}

/** Whether a join is done. A label would say so too, but is taken away in a moment. */
const isMember = (cluster: Cluster, host: Host, { api, ...traces }: Answers): boolean =>
  traces.credentials === 'file' &&
  traces.bootstrap !== 'file' &&
  traces.etcdData !== 'absent' &&
  !isHalfControlPlane(cluster, host, api, traces);

/** Once a control plane has joined, the name is its own. */
export function endpointNameAfterJoin(cluster: Cluster, host: Host): readonly Resource[] {
  const entry = nameOfEndpoint(cluster.kubernetes.loadBalancer);
  if (entry === undefined || endpointName(cluster, host) !== undefined) return [];
  const own = hostsEntries(entry);
  return endpointNameOfServer(cluster, host).map((one, index) =>
    gated(
      { ...one, address: one.address.replace('file:', 'endpoint-name:') },
      factsOf(cluster),
      (answers, context, decide) =>
        isMember(cluster, host, answers)
          ? decide()
          : deferred(
              { host: context.host, phase: 'join' },
              'the API server of this host, for which the name is to stand',
              own[index]?.diff(
                asWritten(answers, one.address.replace('file:', ''), context) as never,
                context,
              ),
            ),
    ),
  );
}

/** With the file as phase `load-balancer` writes it. */
function asWritten(answers: object, path: string, { planned }: DiffContext): object {
  const content = planned?.(path);
  const { found } = answers as { readonly found: FileAnswer };
  return content === undefined ? answers : { ...answers, found: { ...found, type: 'file', content } };
}
