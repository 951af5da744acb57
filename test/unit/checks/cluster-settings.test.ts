import { describe, expect, it } from 'vitest';

import { clusterSettings } from '#checks/preflight/cluster-settings.ts';

import { kubernetes, parse } from '../inventory/inventory-fixture.ts';

/** What the plan says of a cluster that was made with this endpoint, and is to have a load balancer. */
async function judged(endpoint: string): Promise<string> {
  const { cluster } = await parse(kubernetes('loadBalancer: {type: local}'));
  const [network] = clusterSettings(cluster);
  const clusterConfiguration = JSON.stringify({
    networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/12', dnsDomain: 'cluster.local' },
    controlPlaneEndpoint: endpoint,
  });
  const outcome = network?.diff({ api: { state: 'ready', clusterConfiguration } } as never, {
    host: 'cp1',
    changed: [],
  });
  return outcome?.answer === 'refused' ? outcome.hint : (outcome?.answer ?? '');
}

describe('a load balancer comes', () => {
  it.each(['10.0.0.11:6443', '[fd00::11]:6443'])(
    'to no cluster whose endpoint is one machine: %s',
    async (endpoint) => {
      expect(await judged(endpoint)).toContain(`names ${endpoint}, the address of one machine, and no load`);
    },
  );

  it('to one with a name under that name', async () => {
    expect(await judged('api.lab:6443')).toContain('controlPlaneEndpoint: api.lab:6443');
    expect(await judged('kubernetes-api.internal:8443')).toBe('none');
  });
});
