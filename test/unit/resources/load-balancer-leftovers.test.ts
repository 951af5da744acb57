import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import { noLoadBalancerLeftovers } from '#resources/removal/load-balancer-leftovers.ts';

const clusterWith = (type: string): Cluster =>
  ({ kubernetes: { loadBalancer: { type, address: '10.0.0.10' } } }) as unknown as Cluster;

const OWN = '# Written by slipway: older\n';

const diffOn = (type: string, answers: object) => {
  const off = { file: 'disabled', active: 'inactive' };
  return noLoadBalancerLeftovers(clusterWith(type)).diff(
    { haproxy: off, keepalived: off, ...answers } as never,
    {
      host: 'cp1',
      changed: [],
    },
  );
};

describe('what a load balancer of slipway leaves', () => {
  it.each(['keepalived', 'kube-vip'])('goes with the address that %s had', (type) => {
    const on = [{ interface: 'eth0', address: '10.0.0.10', prefix: 32 }];
    expect(Object.keys(noLoadBalancerLeftovers(clusterWith(type)).facts)).toContain('addresses');
    expect(diffOn(type, { addresses: on })).toMatchObject({
      answer: 'change',
      differences: [{ what: '10.0.0.10', from: 'on eth0', to: null }],
      steps: [{ script: 'ip addr del 10.0.0.10/32 dev eth0 2>/dev/null || :' }],
    });
  });

  it('asks for no address where there is none of slipway', () => {
    expect(Object.keys(noLoadBalancerLeftovers(clusterWith('local')).facts)).not.toContain('addresses');
  });

  it('is stopped before its files go, so that what was cut off is known by them', () => {
    const outcome = diffOn('local', {
      haproxy: { file: 'enabled', active: 'active' },
      '/etc/haproxy/haproxy.cfg': { content: OWN },
    });
    expect(outcome.answer === 'change' && outcome.steps.map(({ summary }) => summary)).toEqual([
      'disable haproxy.service',
      'stop haproxy.service',
      'remove /etc/haproxy/haproxy.cfg',
    ]);
  });

  it('is not what others have made', () => {
    const on = { file: 'enabled', active: 'active' };
    const others = {
      haproxy: on,
      keepalived: on,
      '/etc/haproxy/haproxy.cfg': { content: 'frontend of_others\n' },
      '/etc/keepalived/keepalived.conf': { content: 'vrrp_instance of_others {}\n' },
      '/etc/hosts': { content: '10.9.9.9 api.lab\n' },
    };
    expect(diffOn('keepalived', others)).toMatchObject({ answer: 'none' });
  });

  it('is the line of the endpoint in /etc/hosts', () => {
    const hosts = { type: 'file', mode: '0644', owner: 'root:root' };
    const content = '127.0.0.1 localhost\n10.0.0.10 api.lab # Written by slipway\n';
    expect(diffOn('external', { '/etc/hosts': { ...hosts, content } })).toMatchObject({
      answer: 'change',
      steps: [{ do: 'write', path: '/etc/hosts', content: '127.0.0.1 localhost\n' }],
    });
  });
});
