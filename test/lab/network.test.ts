import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { InventoryOverlay } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const MANIFEST = 'cp1/network/manifest:calico v3.32.1';

const NETWORK = { encapsulation: 'vxlan', mtu: 1400, ipAutodetection: 'interface=eth.*' };

const NONE = { plugin: 'none', version: null, manifest: null, ipAutodetection: null };

/** As calico-node makes it when there is none, from the settings of an older inventory. */
const POOL = JSON.stringify({
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'IPPool',
  metadata: { name: 'default-ipv4-ippool' },
  spec: { cidr: '10.244.0.0/16', ipipMode: 'Always', vxlanMode: 'Never', natOutgoing: true },
});

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`network on two hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }], { overlay: { network: NONE } });
    // The lab gives hosts of real packages a network from the start.
    for (const { name } of cluster.lab.hosts)
      await cluster.lab.exec(name, 'rm -f /etc/cni/net.d/10-lab.conflist');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const kubectl = async (...words: readonly string[]): Promise<string> =>
    (await cluster.lab.exec('cp1', `${KUBECTL} ${words.join(' ')}`)).stdout;
  const environment = (name: string): Promise<string> =>
    kubectl(
      '-n kube-system get daemonset calico-node -o',
      `jsonpath='{.spec.template.spec.containers[0].env[?(@.name=="${name}")].value}'`,
    );
  const proxyPods = (): Promise<string> => kubectl('-n kube-system get pods -l k8s-app=kube-proxy -o name');
  const write = (overlay: InventoryOverlay): Promise<void> => cluster.writeInventory({ overlay });
  const apply = async (): Promise<void> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  };

  it('with plugin none nodes wait for a network, and the plan says so', async () => {
    await apply();
    expect(await kubectl('get nodes')).toMatch(/cp1\s+NotReady[\s\S]*w1\s+NotReady/);
    expect((await cluster.slipway('plan')).stdout).toContain('until you install a network plugin');
  });

  it('Calico has the settings of the inventory, and its pods are ready', async () => {
    await write({ network: NETWORK });
    await cluster.lab.bringPodNetwork();
    await apply();
    expect(await kubectl('get nodes')).not.toContain('NotReady');
    expect(await environment('IP_AUTODETECTION_METHOD')).toBe('interface=eth.*');
    expect(await environment('CALICO_IPV4POOL_CIDR')).toBe('10.244.0.0/16');
    expect(await environment('CALICO_IPV4POOL_VXLAN')).toBe('Always');
    const config = await kubectl("-n kube-system get configmap calico-config -o jsonpath='{.data}'");
    expect(JSON.parse(config)).toMatchObject({ calico_backend: 'vxlan', veth_mtu: '1400' });
    const ready = await kubectl('-n kube-system get pods -l k8s-app=calico-node --no-headers');
    expect(ready.match(/1\/1\s+Running/g)).toHaveLength(2);
  });

  it('another way of finding addresses is one planned change of a live cluster', async () => {
    await write({ network: { ...NETWORK, ipAutodetection: 'can-reach=10.88.0.1' } });
    expect(await cluster.pending()).toEqual([`change ${MANIFEST}`]);
    await apply();
    expect(await environment('IP_AUTODETECTION_METHOD')).toBe('can-reach=10.88.0.1');
  });

  it('another MTU starts the pods anew, for they read it as they start', async () => {
    const before = await kubectl('-n kube-system get pods -l k8s-app=calico-node -o name');
    await write({ network: { ...NETWORK, mtu: 1300 } });
    await apply();
    const after = await kubectl('-n kube-system get pods -l k8s-app=calico-node -o name');
    expect(after.split('\n').filter((name) => name !== '' && before.includes(name))).toEqual([]);
  });

  it('a pool that calico-node made with another encapsulation is changed', async () => {
    await cluster.lab.exec('cp1', `${KUBECTL} apply -f -`, { input: POOL });
    expect(await cluster.pending()).toEqual(['change cp1/network/calico-pools']);
    await apply();
    const modes = await kubectl(
      "get ippools default-ipv4-ippool -o jsonpath='{.spec.ipipMode} {.spec.vxlanMode}'",
    );
    expect(modes).toBe('Never Always');
  });

  it('an image that cannot be pulled is told of in the plan, and mended', async () => {
    await kubectl(
      '-n kube-system patch daemonset calico-node --type=json',
      `-p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"lab.invalid/missing/node:v1"}]'`,
    );
    const said = async (): Promise<string> => (await cluster.slipway('plan')).stdout.replaceAll(/\s+/g, ' ');
    await expect
      .poll(said, { timeout: 60_000, interval: 2000 })
      .toMatch(/network-pods.*cannot have the image lab\.invalid\/missing\/node:v1/);
    expect(await cluster.pending()).toContain(`change ${MANIFEST}`);
    await apply();
  });

  it("kube-proxy's mode is changed on a live cluster, and its pods are started anew", async () => {
    const before = await proxyPods();
    const kubernetes = { kubeProxy: { mode: 'nftables' } };
    await write({ network: { ...NETWORK, mtu: 1300 }, kubernetes });
    expect(await cluster.pending()).toEqual(['change cp1/kube-proxy/kube-proxy']);
    await apply();
    const text = await kubectl("-n kube-system get configmap kube-proxy -o jsonpath='{.data.config\\.conf}'");
    expect(text).toContain('mode: nftables');
    expect((await proxyPods()).split('\n').filter((name) => name !== '' && before.includes(name))).toEqual(
      [],
    );
  });

  it('a run that is cut off between the configuration and the pods of kube-proxy is gone on with', async () => {
    await kubectl(
      '-n kube-system patch daemonset kube-proxy --type=merge',
      `-p '{"spec":{"template":{"metadata":{"annotations":{"slipway/kube-proxy-configuration":"old"}}}}}'`,
    );
    expect(await cluster.pending()).toEqual(['change cp1/kube-proxy/kube-proxy']);
    await apply();
  });

  it('ipvs is planned with its modules and programs, and with a note that it is deprecated', async () => {
    await write({ network: { ...NETWORK, mtu: 1300 }, kubernetes: { kubeProxy: { mode: 'ipvs' } } });
    const { stdout } = await cluster.slipway('plan');
    expect(stdout).toContain('kernel-module:ip_vs');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/ipset version.*ipvsadm version/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      "kube-proxy's mode ipvs is deprecated since Kubernetes 1.35",
    );
  });
});
