import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

const reason = labUnavailable();

const peer = (name: string, peerIP: string) => ({ name, peerIP, asNumber: 64_700 });

/** Calico is a stand-in: what is tried is that its objects come, are compared, changed, and go. */
describe.skipIf(reason !== undefined)(`Calico's own objects${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }]);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const POOLS = [
    { name: 'rack-a', cidr: '10.244.0.0/18', blockSize: 25 },
    { name: 'rack-b', cidr: '10.244.64.0/18', encapsulation: 'vxlan' },
  ];
  const wants = (network: object): Promise<void> =>
    cluster.writeInventory({ overlay: { network, addons: { prune: true } } });
  const kubectl = async (words: string): Promise<string> =>
    (await cluster.lab.exec('cp1', `${KUBECTL} ${words}`)).stdout.trim();
  const names = (kind: string) =>
    kubectl(`get ${kind}.crd.projectcalico.org -o jsonpath='{.items[*].metadata.name}'`);
  const apply = async (): Promise<void> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  };

  it('come with the cluster, beside the definitions that they need', { timeout: 600_000 }, async () => {
    await wants({
      pools: POOLS,
      wireguard: true,
      asNumber: 64_600,
      bgpPeers: [peer('tor-a', '10.0.0.1'), peer('tor-b', '10.0.1.1')],
    });
    await apply();
    expect(await names('ippools')).toBe('rack-a rack-b');
    expect(await names('bgppeers')).toBe('tor-a tor-b');
    const environment = await kubectl(
      "-n kube-system get daemonset calico-node -o jsonpath='{.spec.template.spec.containers[0].env[*].name}'",
    );
    expect(environment).toContain('NO_DEFAULT_POOLS');
    expect(environment).not.toContain('CALICO_IPV4POOL_CIDR');
    const felix = "get felixconfigurations.crd.projectcalico.org default -o jsonpath='{.spec}'";
    expect(JSON.parse(await kubectl(felix))).toEqual({ wireguardEnabled: true });
  });

  it('are changed, and a peer that is no longer listed goes', { timeout: 300_000 }, async () => {
    await wants({
      pools: [POOLS[0], { ...POOLS[1], natOutgoing: false }],
      wireguard: false,
      asNumber: 64_600,
      bgpPeers: [peer('tor-a', '10.0.0.2')],
    });
    await apply();
    expect(await names('bgppeers')).toBe('tor-a');
    const spec = "get ippools.crd.projectcalico.org rack-b -o jsonpath='{.spec.natOutgoing}'";
    expect(await kubectl(spec)).toBe('false');
    expect(await kubectl("get bgppeers.crd.projectcalico.org tor-a -o jsonpath='{.spec.peerIP}'")).toBe(
      '10.0.0.2',
    );
  });

  it('that cannot be changed are refused', { timeout: 120_000 }, async () => {
    await wants({ pools: [{ ...POOLS[0], blockSize: 26 }, POOLS[1]] });
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code).toBe(1);
    expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain(
      "Calico's pool rack-a has blocks of /25, and the inventory wants /26",
    );
  });
});
