import { describe, expect, it } from 'vitest';

import { clusterSettings } from '#checks/preflight/cluster-settings.ts';

import { kubernetes, parse } from '../inventory/inventory-fixture.ts';

/** What the plan says of a cluster that was made with this endpoint, and is to have a load balancer. */
async function judged(
  endpoint: string | undefined,
  settings = 'loadBalancer: {type: local}',
): Promise<string> {
  const { cluster } = await parse(kubernetes(settings));
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

describe('a cluster without an endpoint', () => {
  it('is what kubeadm makes of one control plane, and the inventory says none either', async () => {
    expect(await judged(undefined, 'apiServer: {}')).toBe('none');
  });

  it('cannot come to have one', async () => {
    expect(await judged(undefined, 'controlPlaneEndpoint: "api.lab:6443"')).not.toBe('none');
    expect(await judged(undefined)).not.toBe('none');
  });
});
