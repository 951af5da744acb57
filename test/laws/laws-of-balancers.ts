import fc from 'fast-check';

import { HAPROXY_CONFIG, KEEPALIVED_CHECK, KEEPALIVED_CONFIG } from '#configuration/load-balancer.ts';
import type { Cluster } from '#core/cluster.ts';
import { hostsEntries, hostsOfCluster } from '#resources/host/hosts-entry.ts';
import { noLoadBalancerLeftovers } from '#resources/removal/load-balancer-leftovers.ts';
import { haproxy } from '#resources/load-balancer/haproxy.ts';
import { keepalived } from '#resources/load-balancer/keepalived.ts';

import { testHost } from '../contracts/test-host.ts';
import { anyUnit, fileAt, filesOf, hostWith } from './arbitraries.ts';
import type { Law } from './laws-of-hosts.ts';

const PHASE = 'load-balancer';
const host = testHost({ name: 'cp1', role: 'control-plane', address: '10.0.0.11' });
const cluster = { name: 'lab', hosts: [host] } as unknown as Cluster;
/** Its interface is said: of the address of a host the model knows nothing. */
const balancer = {
  type: 'keepalived',
  port: 8443,
  address: '10.0.0.10',
  interface: 'eth0',
  virtualRouterId: 10,
} as const;

const running = (name: string) => anyUnit.map((one) => new Map([[name, one]]));

export const LAWS_OF_BALANCERS = {
  haproxy: {
    resources: haproxy(cluster, balancer, PHASE),
    before: hostWith({
      files: filesOf(fileAt(HAPROXY_CONFIG, 'defaults\n', '# Written by slipway: older\nfrontend a\n')),
      units: running('haproxy.service'),
    }),
    runsOn: { 'haproxy.service': [HAPROXY_CONFIG] },
  },
  keepalived: {
    resources: keepalived(cluster, balancer, { host, phase: PHASE }),
    before: hostWith({
      files: filesOf(
        fileAt(KEEPALIVED_CONFIG, '', '# Written by slipway: older\nvrrp_instance a {\n}\n'),
        fileAt(KEEPALIVED_CHECK, '#!/bin/bash\n# Written by slipway: older\n', 'exit 0\n'),
      ),
      units: running('keepalived.service'),
    }),
    runsOn: { 'keepalived.service': [KEEPALIVED_CONFIG, KEEPALIVED_CHECK] },
  },
  'name of an address': {
    resources: hostsEntries({ name: 'api.lab', address: '127.0.0.1' }),
    before: hostWith({
      files: filesOf(
        fileAt(
          '/etc/hosts',
          '127.0.0.1 localhost\n',
          '127.0.0.1 localhost\n10.0.0.11 cp1 api.lab # of ours\n\n',
          '10.9.9.9 api.lab # Written by slipway\n::1 localhost',
          '',
        ),
        fileAt('/etc/cloud/templates/hosts.debian.tmpl', '127.0.1.1 {{fqdn}}\n'),
      ),
      units: fc.constant(new Map()),
    }),
  },
  'names of hosts': {
    resources: hostsOfCluster([
      { name: 'cp1', address: '10.0.0.11' },
      { name: 'w1', address: '10.0.0.12' },
    ]),
    before: hostWith({
      files: filesOf(
        fileAt(
          '/etc/hosts',
          '127.0.1.1 cp1\n\n',
          '10.9.9.9 old # A host of the cluster, written by slipway\n10.9.9.9 api.lab # Written by slipway',
          '',
        ),
        fileAt('/etc/cloud/templates/hosts.debian.tmpl', '127.0.1.1 {{fqdn}}\n'),
      ),
      units: fc.constant(new Map()),
    }),
  },
  'leftovers of a load balancer': {
    resources: [noLoadBalancerLeftovers({ kubernetes: { loadBalancer: { type: 'external' } } } as Cluster)],
    before: hostWith({
      files: filesOf(
        fileAt(HAPROXY_CONFIG, 'defaults\n', '# Written by slipway: older\nfrontend a\n'),
        fileAt(KEEPALIVED_CONFIG, 'vrrp_instance of_others {\n}\n', '# Written by slipway: older\n'),
        fileAt(KEEPALIVED_CHECK, '#!/bin/bash\n# Written by slipway: older\n', 'exit 0\n'),
        fileAt(
          '/etc/hosts',
          '127.0.0.1 localhost\n10.9.9.9 api.lab # Written by slipway\n',
          '::1 localhost\n',
        ),
      ),
      units: fc
        .tuple(running('haproxy.service'), running('keepalived.service'))
        .map(([one, other]) => new Map([...one, ...other])),
    }),
  },
} satisfies Readonly<Record<string, Law>>;
