import type { Cluster } from '#core/cluster.ts';
import { endpointHost } from '#core/kubernetes.ts';
import { list, map, type Schema, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';

import { kubernetesOf } from './kubernetes.ts';

const server = (description: string): Schema<string> =>
  text(description, {
    wanted: 'the http(s) URL of a proxy, such as http://proxy.lan:3128',
    pattern: '^https?://[^\\s/"\'\\\\$`]+/?$',
    examples: ['http://proxy.lan:3128'],
  });

const schema = map(
  {
    http: server('The proxy for http; by default that for https.'),
    https: server('The proxy for https; by default that for http.'),
    noProxy: list(
      text('A name, a domain with a dot in front, an address or a block of addresses.', {
        wanted: 'a name, .domain, address or CIDR',
        pattern: '^\\.?[A-Za-z0-9_:\\[\\]*-][A-Za-z0-9_.:\\[\\]/*-]*$',
      }),
      'What hosts reach without it, beside themselves, the networks of pods and Services, and the endpoint of the API server.',
      { wanted: 'a list of names, domains and addresses', examples: [['.corp.lan', '10.0.0.0/8']] },
    ),
  },
  "What the hosts' package managers, runtimes and downloads go through.",
);

export const proxy: Section<typeof schema, Pick<Cluster, 'proxy'>> = {
  schema,
  validate: (written, _, path) => {
    if (written === undefined) return [];
    const { http, https } = written;
    return http === undefined && https === undefined
      ? [{ path, message: 'says nothing of where the proxy is: the key "http" is missing' }]
      : [...loginFindings(http, [...path, 'http']), ...loginFindings(https, [...path, 'https'])];
  },
  build: (written, context) => {
    const first = written?.http ?? written?.https;
    if (first === undefined) return { proxy: null };
    const kubernetes = kubernetesOf(context);
    const { podSubnet, serviceSubnet, dnsDomain } = kubernetes;
    const known = [
      'localhost',
      '127.0.0.1',
      '::1',
      endpointHost(kubernetes),
      ...podSubnet.split(','),
      ...serviceSubnet.split(','),
      '.svc',
      `.${dnsDomain}`,
    ];
    return {
      proxy: {
        http: withoutSlash(first),
        https: withoutSlash(written?.https ?? first),
        noProxy: [...new Set([...known, ...(written?.noProxy ?? [])])],
      },
    };
  },
};

const withoutSlash = (location: string): string => location.replace(/\/$/, '');

/** It would stand in files that everybody may read, and in plans. */
function loginFindings(written: string | undefined, path: Path): readonly Finding[] {
  if (written?.includes('@') !== true) return [];
  const message = 'must have no login: files that everybody may read would show it';
  return [{ path, message, got: quoteValue(written.replace(/\/\/.*@/, '//***@')) }];
}
