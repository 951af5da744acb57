import { KUBELET_SERVING_CERTIFICATE } from '#configuration/kubeadm-certificates.ts';
import { addressBlock, overlaps, parseCidr } from '#core/cidr.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { endpointHost } from '#core/kubernetes.ts';
import { at } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import { change, deferred, none, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { type Step, run } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { nodeIpsOf } from '#core/node-ips.ts';
import { addresses, type AddressesAnswer } from '#facts/addresses.ts';
import { apiNode } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { nodeOf } from '#facts/node-of.ts';
import { pathKind } from '#facts/path.ts';
import { type ServingRequest, servingRequests } from '#facts/serving-requests.ts';

/** A kubelet asks when it starts, and again after a quarter of an hour. */
const TIMEOUT_MS = 16 * 60_000;

/** What the signer signs; anything else it refuses itself. */
const USAGES: ReadonlySet<string> = new Set(['digital signature', 'key encipherment', 'server auth']);

/** Whether the host's kubelet is to ask the cluster for its certificate. */
export const isServingBootstrapped = ({ kubernetes }: Cluster, { kubelet }: Pick<Host, 'kubelet'>): boolean =>
  (kubelet['serverTLSBootstrap'] ?? kubernetes.kubelet['serverTLSBootstrap']) === true;

/**
 * The certificate that a host's kubelet serves with, signed by the cluster. Nobody else approves its request:
 * Kubernetes does not, because it cannot know which names and addresses a machine has. slipway does, as it has just
 * asked the machine.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs (v1.34)
 */
export const servingCertificate = (cluster: Cluster, host: Host): Resource =>
  resource({
    address: `serving-certificate:${host.name}`,
    facts: {
      api: apiNode(host.name),
      pending: servingRequests,
      certificate: at(host.name, pathKind(KUBELET_SERVING_CERTIFICATE)),
      found: at(host.name, addresses()),
    },
    settle: {
      timeoutMs: TIMEOUT_MS,
      pauseMs: 1000,
      asksAgain: ['pending', 'certificate'],
      remedy: {
        afterMs: 0,
        steps: ({ pending, found }) =>
          approvals(
            requestsOf(host, pending)
              .filter((one) => faultIn(one, { cluster, host, found }) === undefined)
              .map(nameOf),
          ),
      },
      hopeless: ({ pending, found }) => firstFault({ cluster, host, found }, requestsOf(host, pending))?.why,
    },
    diff: ({ api, pending, certificate, found }) => {
      const node = nodeOf(api, cluster, host);
      if ('answer' in node) return deferred(node.waitsFor, node.why, ASKED_FOR);
      return decideOn({ cluster, host, found }, requestsOf(host, pending), certificate === 'file');
    },
  });

/** Its request has a name of its own. */
const ASKED_FOR = change(
  [{ what: 'certificate to serve with', from: null, to: 'asked for by the kubelet, and approved' }],
  approvals([unknown('the kubelet asks')]).map((step) => ({ ...step, onlyIf: 'it has asked by then' })),
);

/** A host, and what it says of its own addresses. */
interface Node {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly found: AddressesAnswer;
}

function decideOn(node: Node, requests: readonly ServingRequest[], isThere: boolean): Outcome {
  const faulty = firstFault(node, requests);
  if (faulty !== undefined) {
    const { name, why } = faulty;
    const hint = `find out who made it: kubectl describe csr ${name}; then: kubectl certificate deny ${name}`;
    return refused('ServingCertificate', why, hint);
  }
  if (requests.length === 0 && isThere) return none('the kubelet has a certificate of the cluster');
  const difference =
    requests.length === 0
      ? { what: 'certificate to serve with', from: null, to: 'asked for by the kubelet, and approved' }
      : { what: `request of the kubelet for ${namesIn(requests[0]!)}`, from: 'pending', to: 'approved' };
  return change([difference], approvals(requests.map(nameOf)));
}

const requestsOf = ({ name }: Host, pending: readonly ServingRequest[]): readonly ServingRequest[] =>
  pending.filter(({ username }) => username === userOf(name));

const userOf = (name: string): string => `system:node:${name}`;

const namesIn = ({ asks }: ServingRequest): string =>
  [...(asks?.dnsNames ?? []), ...(asks?.addresses ?? [])].join(', ');

function approvals(names: readonly string[]): readonly Step[] {
  if (names.length === 0) return [];
  return [run(`approve ${names.join(', ')}`, sh`${embed(kubectl)} certificate approve ${names}`)];
}

const nameOf = ({ name }: ServingRequest): string => name;

const firstFault = (
  node: Node,
  requests: readonly ServingRequest[],
): { readonly name: string; readonly why: string } | undefined =>
  requests
    .map((request) => ({ name: request.name, why: faultIn(request, node) ?? '' }))
    .find(({ why }) => why !== '');

/** Why a request is not to be approved: it may ask for what the machine is, and for nothing else. */
function faultIn({ name, groups, usages, asks }: ServingRequest, node: Node): string | undefined {
  const { host } = node;
  const says = (fault: string): string => `the request ${name} for the kubelet of ${host.name} ${fault}`;
  if (asks === null) return says('cannot be read');
  if (!groups.includes('system:nodes')) return says('was not made by a node');
  if (asks.commonName !== userOf(host.name) || asks.organizations.join() !== 'system:nodes') {
    return says(`is for ${asks.commonName} of ${asks.organizations.join(', ') || 'nothing'}`);
  }
  const usage = usages.find((one) => !USAGES.has(one));
  if (usage !== undefined) return says(`is to be used for ${usage}`);
  if (!usages.includes('server auth')) return says('is not for serving');
  const strange = [
    ...asks.dnsNames.filter((dnsName) => dnsName !== host.name),
    ...asks.addresses.filter((address) => !isOwn(address, node)),
  ];
  if (strange.length > 0) return says(`asks for ${strange.join(', ')}, which ${host.name} is not`);
  if (asks.others > 0) return says('asks for names of another kind than DNS and addresses');
  return asks.dnsNames.length + asks.addresses.length === 0 ? says('asks for no name') : undefined;
}

/**
 * Addresses by which the inventory knows the machine, and those that it says it has, but for others': a machine that
 * somebody broke into can say that it has the address of the API server.
 */
function isOwn(address: string, { cluster, host, found }: Node): boolean {
  const wanted = addressBlock(address);
  if (wanted === undefined) return false;
  const isIn = (known: readonly string[]): boolean =>
    known.some((one) => addressBlock(one)?.address.toString() === wanted.address.toString());
  if (isIn(addressesOf(host))) return true;
  const { ofHosts, subnets } = placesOf(cluster);
  const isElsewhere =
    ofHosts.has(wanted.address.toString()) || subnets.some((subnet) => overlaps(subnet, wanted));
  return !isElsewhere && isIn(found.map((entry) => entry.address));
}

const addressesOf = (host: Host): readonly string[] => [...nodeIpsOf(host), host.address];

/** Where no address is a machine's own: at any host, at the endpoint, among pods and Services. Made once for all hosts. */
const placesOf = rememberLast(({ hosts, kubernetes }: Cluster) => {
  const { podSubnet, serviceSubnet } = kubernetes;
  return {
    ofHosts: new Set(
      [endpointHost(kubernetes), ...hosts.flatMap(addressesOf)].flatMap(
        (one) => addressBlock(one)?.address.toString() ?? [],
      ),
    ),
    subnets: [podSubnet, serviceSubnet]
      .flatMap((subnet) => subnet.split(','))
      .flatMap((subnet) => parseCidr(subnet) ?? []),
  };
});
