import type { Kubernetes } from '#core/cluster.ts';
import { text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import type { ExpandedHost } from '#inventory/sections/hosts/expand-hosts.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { API_SERVER_PORT, formatEndpoint, parseEndpoint } from '#inventory/values/endpoint.ts';

import { withinFindings } from './networking.ts';

const wanted = 'host:port';

const schema = text(
  'host:port by which all nodes reach the API server: a load balancer, a virtual IP or a DNS name. Needed for several control planes, and hard to change later; by default the address of the first control plane.',
  { wanted, examples: ['api.example.com:6443', '10.0.0.10:6443'] },
);

export const controlPlaneEndpoint: Section<
  typeof schema,
  Pick<Kubernetes, 'controlPlaneEndpoint' | 'hasStableEndpoint'>
> = {
  schema,
  validate: (written, context, path) => {
    const { hosts, isFaulty } = context;
    if (written === undefined) return isFaulty(path) ? [] : missingFindings(hosts, path);
    const endpoint = parseEndpoint(written);
    if (endpoint !== undefined) return withinFindings([[path, endpoint.host]], context);
    const isUrl = /^https?:\/\//.test(written);
    const message = `must be ${wanted}${isUrl ? ', without https://' : ''}`;
    return [{ path, message, wanted, got: quoteValue(written) }];
  },
  /** Without an endpoint the first control plane stands in. */
  build: (written, { hosts }) => {
    const first = controlPlanesOf(hosts)[0];
    const host = first?.nodeIp ?? first?.address ?? '';
    return {
      controlPlaneEndpoint: formatEndpoint(parseEndpoint(written ?? '') ?? { host, port: API_SERVER_PORT }),
      hasStableEndpoint: written !== undefined,
    };
  },
};

const controlPlanesOf = (hosts: readonly ExpandedHost[]): readonly ExpandedHost[] =>
  hosts.filter(({ settings }) => settings.role === 'control-plane');

/** Where the address of the first control plane does not do. */
function missingFindings(hosts: readonly ExpandedHost[], path: Path): readonly Finding[] {
  const [first, ...others] = controlPlanesOf(hosts);
  if (first === undefined) return [];
  if (others.length > 0) {
    const message = `${others.length + 1} control planes need an endpoint that is none of them: a load balancer, a virtual IP or a DNS name`;
    return [{ path, message, wanted }];
  }
  const address = first.nodeIp ?? first.address;
  if (!/^(127\.|::1$|localhost$)/.test(address) || hosts.length === 1) return [];
  const message = `other hosts cannot reach ${first.name} at ${address}: give it a nodeIp, or name an endpoint`;
  return [{ path, message }];
}
