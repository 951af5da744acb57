import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';

import { planned } from './planned.ts';

const example = (name: string): Promise<Plan> =>
  planned(readFileSync(new URL(`../../examples/networks/${name}.yaml`, import.meta.url), 'utf8'));

const find = ({ nodes }: Plan, address: RegExp) => nodes.filter((node) => address.test(node.address));
const texts = (plan: Plan, address: RegExp): string =>
  find(plan, address)
    .map(({ outcome }) => JSON.stringify(outcome))
    .join('\n');

describe('with Cilium in place of kube-proxy', () => {
  it('kubeadm leaves kube-proxy out, and nothing is asked, waited for or changed of it', async () => {
    const plan = await example('cilium');
    const init = texts(plan, /^kubeadm-init$/);
    expect(init).toContain(String.raw`skipPhases:\n  - addon/kube-proxy`);
    expect(init).toContain(String.raw`proxy:\n  disabled: true`);
    expect(init).not.toContain('KubeProxyConfiguration');
    expect(find(plan, /kube-proxy/)).toEqual([]);
  });

  it('the chart is planned, Calico is not, and nodes are waited for', async () => {
    const plan = await example('cilium');
    expect(find(plan, /cilium/)).toHaveLength(1);
    expect(find(plan, /calico/)).toEqual([]);
    expect(find(plan, /^ready:|^node-ready|ready/)).not.toEqual([]);
  });
});

describe('with Flannel', () => {
  it('kube-proxy is there, the chart is planned, and Calico is not', async () => {
    const plan = await example('flannel');
    expect(texts(plan, /^kubeadm-init$/)).toContain('KubeProxyConfiguration');
    expect(find(plan, /^kube-proxy$/)).toHaveLength(1);
    expect(find(plan, /flannel/)).toHaveLength(1);
    expect(find(plan, /calico/)).toEqual([]);
  });
});

describe('with Calico among routers of racks', () => {
  it("pools are the operator's to make, and peers come after it", async () => {
    const plan = await example('calico-racks');
    const installation = texts(plan, /^manifest:calico-installation$/);
    expect(installation).toContain('1 APIServer, 1 Installation');
    const addresses = plan.nodes.map(({ address }) => address);
    expect(texts(plan, /^manifest:calico-settings$/)).toContain('1 BGPConfiguration, 2 BGPPeer');
    expect(addresses.indexOf('manifest:calico-settings')).toBeGreaterThan(
      addresses.indexOf('manifest:calico-installation'),
    );
    expect(find(plan, /^check:CalicoKernel$/)).toHaveLength(3);
    expect(find(plan, /^calico-pools$/)).toEqual([]);
  });
});
