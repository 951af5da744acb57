import { peerAddress } from '#configuration/load-balancer.ts';
import { type Cluster, firstControlPlane, type Host, type HostKind } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { nameOfEndpoint, hasProxy } from '#core/load-balancer.ts';
import { deferred, gated, type Outcome, type Resource } from '#core/resource.ts';
import { type ApiState, apiState, isMarked } from '#facts/api.ts';
import { hostsEntries } from '#resources/host/hosts-entry.ts';

const FACTS = { api: at(CLUSTER, apiState) };

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
    gated(one, FACTS, (answers, context, decide) => {
      const asMember = own[index]?.diff(answers as never, context) ?? decide();
      return isMember(answers, host, asMember) ? asMember : decide();
    }),
  );
}

/** Where the cluster does not answer, what is right for a member stays. */
const isMember = ({ api }: { readonly api: ApiState }, { name }: Host, asMember: Outcome): boolean =>
  isMarked(api, name) || (api.state !== 'ready' && asMember.answer === 'none');

/** Once a control plane has joined, the name is its own. */
export const endpointNameAfterJoin = (cluster: Cluster, host: Host): readonly Resource[] =>
  endpointName(cluster, host) !== undefined
    ? []
    : endpointNameOfServer(cluster, host).map((one) =>
        gated(
          { ...one, address: one.address.replace('file:', 'endpoint-name:') },
          FACTS,
          ({ api }, context, decide) =>
            isMarked(api, host.name)
              ? decide()
              : deferred(
                  { host: context.host, phase: 'join' },
                  'the API server of this host, for which the name is to stand',
                ),
        ),
      );
