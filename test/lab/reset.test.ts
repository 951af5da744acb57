import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

/** What a kube-proxy, a kubelet and a Calico leave, beside what somebody else has set up. */
const LEAVINGS = `set -e
iptables-restore --noflush <<'RULES'
*nat
:KUBE-SERVICES - [0:0]
:KUBE-SEP-AAAA - [0:0]
:cali-PREROUTING - [0:0]
:DOCKER - [0:0]
-A PREROUTING -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -p tcp -m tcp --dport 8080 -j DOCKER
-A DOCKER -p tcp -m tcp --dport 8080 -j RETURN
-A DOCKER -p tcp -m tcp --dport 9090 -j KUBE-SERVICES
-A KUBE-SERVICES -m comment --comment "default/it's mine" -j KUBE-SEP-AAAA
COMMIT
*filter
:KUBE-FORWARD - [0:0]
-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT
-A FORWARD -j KUBE-FORWARD
-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
RULES
ip link add cali123abc type veth peer name cali456def; ip link set cali123abc up
ip link add other0 type bridge; ip link set other0 up
ip route add blackhole 10.244.77.0/26 proto 80
ip route add blackhole 10.244.78.0/26 proto bird
ip route add blackhole 172.31.0.0/24 proto bird
mkdir -p /var/lib/calico /run/calico /etc/cni/net.d /etc/kubernetes/tmp
echo mine >/etc/kubernetes/audit.yaml`;

const STATE = `iptables-save; ip -o link; ip route; ls /etc/cni/net.d /etc/kubernetes /var/lib/kubelet /var/lib/etcd /run 2>&1; dpkg -l kubeadm kubelet 2>&1; ls /etc/apt/sources.list.d`;

const well = ({ code, stdout, stderr }: Outcome): void => expect(code, `${stdout}\n${stderr}`).toBe(0);

const rest = (host: string) =>
  ['file', 'load-balancer', 'network'].map((what) => `${host}/leftovers/${what}-leftovers`);

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`a reset${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const state = async (host: string): Promise<string> => (await cluster.lab.exec(host, STATE)).stdout;
  const planned = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { code, stdout, stderr } = await cluster.slipway('reset', '--plan', '--format', 'json', ...args);
    expect(code, stderr).toBe(0);
    return (JSON.parse(stdout) as Plan).nodes.flatMap(({ id, outcome }) =>
      outcome.answer === 'none' ? [] : [`${outcome.answer} ${id}`],
    );
  };

  it('of bare hosts has nothing to do', async () => {
    expect(await planned('--purge')).toEqual([]);
  });

  it('is planned host by host, and changes nothing as it is planned', async () => {
    well(await cluster.slipway('apply', '--yes'));
    await cluster.lab.exec('w1', 'bash', { input: LEAVINGS });
    expect((await planned()).toSorted()).toEqual([
      'change cp1/reset/kubeadm-reset',
      'change w1/removed-nodes/removed-node:w1',
      'change w1/reset/kubeadm-reset',
      ...['cp1/leftovers/etcd-backup', ...rest('cp1'), ...rest('w1')].map((id) => `deferred ${id}`),
    ]);
    expect(await cluster.pending()).toEqual([]);
  });

  it.each([
    ['without the name of the cluster', ['--yes']],
    ['with the name of another one', ['--yes', '--cluster', 'other']],
    ['with nobody to ask', []],
    ['without its control plane', ['--yes', '--cluster', 'lab', '--limit', 'w1']],
  ])('%s does nothing', async (_, args) => {
    expect((await cluster.slipway('reset', ...args)).code).toBe(3);
    expect(await cluster.pending()).toEqual([]);
  });

  it('that is killed is finished by the same command', async () => {
    // With it no real node is Ready any more.
    await cluster.lab.exec('w1', "echo '{}' >/etc/cni/net.d/10-calico.conflist");
    const args = ['reset', '--yes', '--cluster', 'lab'] as const;
    const killed = await cluster.slipwayUntil(/nothing of it can be got back/, 'SIGKILL', ...args);
    expect(killed.code).toBe(null);
    const finished = await cluster.slipway(...args);
    well(finished);
    expect(finished.stdout).toMatch(/^ {2}cp1, control-plane, /m);
    expect(await planned()).toEqual([]);
  });

  it('leaves what others have made, and nothing of the cluster', async () => {
    const left = await state('w1');
    expect(left).not.toMatch(/KUBE-|cali|10\.244\.7[78]|kubelet\.conf|config\.yaml|slipway$/m);
    for (const own of ['other0', '172.31.0.0/24', '--dport 22 -j ACCEPT', 'audit.yaml'])
      expect(left).toContain(own);
    expect(left).toMatch(/-A PREROUTING .*-j DOCKER/);
    expect(left).toMatch(/-A DOCKER .*-j RETURN/);
    expect(await state('cp1')).not.toMatch(/admin\.conf|member/);
  });

  it('is followed by an apply on the same hosts', async () => {
    well(await cluster.slipway('apply', '--yes'));
    expect(await cluster.pending()).toEqual([]);
  });

  it('takes packages, holds and the repository along where that is asked for', async () => {
    well(await cluster.slipway('reset', '--yes', '--cluster', 'lab', '--purge'));
    for (const host of ['cp1', 'w1']) {
      expect(await state(host)).not.toMatch(/^[ih]i +kube|kubernetes\.list/m);
      expect((await cluster.lab.exec(host, 'apt-mark showhold')).stdout).toBe('');
    }
    expect(await planned('--purge')).toEqual([]);
  });
});

describe.skipIf(reason !== undefined)(
  `a reset of three control planes behind keepalived${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    const CONTROL_PLANES = ['cp1', 'cp2', 'cp3'];
    const ALL = [...CONTROL_PLANES, 'w1'];
    let cluster: LabCluster;
    let address: string;
    beforeAll(async () => {
      cluster = await LabCluster.start(ALL.map((name) => ({ name })));
      address = cluster.lab.gateway.replace(/\.\d+$/, '.200');
      await write({});
      well(await cluster.slipway('apply', '--yes'));
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const write = (hosts: Readonly<Record<string, { readonly state: string }>>): Promise<void> =>
      cluster.writeInventory({
        controlPlanes: CONTROL_PLANES,
        hosts,
        overlay: {
          kubernetes: { controlPlaneEndpoint: 'api.lab:8443', loadBalancer: { type: 'keepalived', address } },
          verify: { timeout: 10 },
        },
      });
    const REMAINS = `systemctl is-active haproxy keepalived | grep -v inactive
ls /etc/haproxy/haproxy.cfg /etc/keepalived/keepalived.conf /etc/keepalived/check-port.sh 2>/dev/null
grep slipway /etc/hosts
ls /etc/kubernetes/*.conf /etc/kubernetes/manifests/*.yaml /var/lib/etcd/member 2>/dev/null
ip -o addr show`;

    it('takes the balancer, its address and its name along, and a host that is to be absent', async () => {
      await write({ w1: { state: 'absent' } });
      const reset = await cluster.slipway('reset', '--yes', '--cluster', 'lab');
      well(reset);
      expect(reset.stdout).toMatch(/^ {2}w1, worker, /m);
      for (const host of ALL) {
        const { stdout } = await cluster.lab.exec(host, `${REMAINS} || :`);
        expect(stdout, host).not.toMatch(/^active|haproxy|keepalived|slipway|kubernetes|etcd/m);
        expect(stdout, host).not.toContain(` ${address}/`);
      }
      const { code, stdout } = await cluster.slipway('reset', '--plan');
      expect([code, stdout]).toEqual([0, expect.stringContaining('No changes.')]);
    });

    it('is followed by an apply on the same hosts', async () => {
      await write({});
      well(await cluster.slipway('apply', '--yes'));
      expect(await cluster.pending()).toEqual([]);
    });
  },
);
