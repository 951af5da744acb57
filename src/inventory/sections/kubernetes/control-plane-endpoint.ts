import type { Kubernetes } from '#core/kubernetes.ts';
import { API_SERVER_PORT, type LoadBalancer } from '#core/load-balancer.ts';
import { text } from '#core/schema.ts';
import type { Section, ValidDocument } from '#inventory/section.ts';
import type { ExpandedHost } from '#inventory/sections/hosts/expand-hosts.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from '#inventory/values/endpoint.ts';

import { withinFindings } from './networking.ts';

const wanted = 'host:port';

const schema = text(
  'host:port by which all nodes reach the API server: a load balancer, a virtual IP or a name. Needed for several control planes unless loadBalancer makes it, and hard to change later; by default the address of the first control plane.',
  { wanted, examples: ['api.example.com:6443', '10.0.0.10:6443'] },
);

export const controlPlaneEndpoint: Section<
  typeof schema,
  Pick<Kubernetes, 'controlPlaneEndpoint' | 'hasStableEndpoint'>
> = {
  schema,
  validate: (written, context, path) => {
    const { hosts, leaving, isFaulty } = context;
    if (written === undefined) {
      const isMade =
        typeOf(context.document) !== 'external' || isFaulty(['kubernetes', 'loadBalancer', 'type']);
      return isMade || isFaulty(path) ? [] : missingFindings([...hosts, ...leaving], path);
    }
    const endpoint = parseEndpoint(written);
    if (endpoint !== undefined) {
      const lost = leaving.find(({ address, nodeIp }) => [address, nodeIp].includes(endpoint.host));
      const message = `is the address of ${lost?.name}, which is to be absent: no node would reach the API server any more`;
      return lost === undefined ? withinFindings([[path, endpoint.host]], context) : [{ path, message }];
    }
    const isUrl = /^https?:\/\//.test(written);
    const message = `must be ${wanted}${isUrl ? ', without https://' : ''}`;
    return [{ path, message, wanted, got: quoteValue(written) }];
  },
  build: (written, { document, hosts }) => ({
    controlPlaneEndpoint: formatEndpoint(wantedEndpoint(document, hosts)),
    hasStableEndpoint: written !== undefined || typeOf(document) !== 'external',
  }),
};

/** A name that nobody else has: names below .internal are for private use. */
const LOCAL_NAME = 'kubernetes-api.internal';

/** Where haproxy listens, beside API servers on the same machines. */
const PROXY_PORT = 8443;

type Document = Pick<ValidDocument, 'kubernetes'>;

const typeOf = ({ kubernetes }: Document): LoadBalancer['type'] =>
  kubernetes?.loadBalancer?.type ?? 'external';

/** What is written; else the load balancer that slipway makes; without one, the first control plane stands in. */
export function wantedEndpoint(document: Document, hosts: readonly ExpandedHost[]): Endpoint {
  const { kubernetes } = document;
  const written = parseEndpoint(kubernetes?.controlPlaneEndpoint ?? '');
  if (written !== undefined) return written;
  const type = typeOf(document);
  if (type === 'local') return { host: LOCAL_NAME, port: PROXY_PORT };
  if (type === 'keepalived') return { host: kubernetes?.loadBalancer?.address ?? '', port: PROXY_PORT };
  if (type === 'kube-vip') return { host: kubernetes?.loadBalancer?.address ?? '', port: API_SERVER_PORT };
  const first = controlPlanesOf(hosts)[0];
  return { host: first?.nodeIp ?? first?.address ?? '', port: API_SERVER_PORT };
}

const controlPlanesOf = (hosts: readonly ExpandedHost[]): readonly ExpandedHost[] =>
  hosts.filter(({ settings }) => settings.role === 'control-plane');

export const isLoopback = (address: string): boolean => /^(127\.|::1$|localhost$)/.test(address);

/** Where the address of the first control plane does not do. */
function missingFindings(hosts: readonly ExpandedHost[], path: Path): readonly Finding[] {
  const [first, ...others] = controlPlanesOf(hosts);
  if (first === undefined) return [];
  if (others.length > 0) {
    const message = `${others.length + 1} control planes need an endpoint that is none of them: a loadBalancer that slipway makes, a load balancer of your own, or a DNS name`;
    return [{ path, message, wanted }];
  }
  const address = first.nodeIp ?? first.address;
  if (!isLoopback(address) || hosts.length === 1) return [];
  const message = `other hosts cannot reach ${first.name} at ${address}: give it a nodeIp, or name an endpoint`;
  return [{ path, message }];
}
