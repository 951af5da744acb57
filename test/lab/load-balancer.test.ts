import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { InventoryOverlay } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { type Polled, pollApiServer } from './support/api-poll.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { settled } from './support/settled.ts';
import { startsOf } from './support/starts-of.ts';

const CONTROL_PLANES = ['cp1', 'cp2', 'cp3'];
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
/** What a node may lose while a control plane goes: it notices within a few seconds, and the lab is slow. */
const BOUND_SECONDS = 30;

const reason = labUnavailable();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

const LOCAL = { loadBalancer: { type: 'local' } };

/** An inventory of some control planes and all workers. */
const write = (
  cluster: LabCluster,
  kubernetes: InventoryOverlay,
  controlPlanes: readonly string[],
): Promise<void> =>
  cluster.writeInventory({
    overlay: {
      kubernetes,
      verify: { timeout: 10 },
      hosts: cluster.lab.hosts
        .filter(({ name }) => name === 'w1' || controlPlanes.includes(name))
        .map(({ name, address }) => ({ name, address, role: name === 'w1' ? 'worker' : 'control-plane' })),
    },
  });

async function apply(cluster: LabCluster): Promise<void> {
  const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(await cluster.pending()).toEqual([]);
}

const ready = async ({ lab }: LabCluster, host: string): Promise<string> =>
  (await lab.exec(host, `${KUBECTL} get nodes`)).stdout;

/** Asked until it is so: a question that is on its way to a control plane as haproxy finds it off is cut. */
const POLL = { timeout: 90_000 };

/** Asks through the balancer while something happens, and says what was lost. */
async function lostWhile(
  cluster: LabCluster,
  what: string,
  happens: () => Promise<unknown>,
): Promise<Polled> {
  const stop = await pollApiServer(cluster.lab, 'w1');
  const failed = await happens().then(
    () => undefined,
    (error: unknown) => error,
  );
  const lost = await stop();
  if (failed !== undefined) throw failed;
  process.stdout.write(`${what}: ${JSON.stringify(lost)}\n`);
  expect(lost.answers).toBeGreaterThan(5);
  expect(lost.longestGapSeconds).toBeLessThan(BOUND_SECONDS);
  return lost;
}

describe.skipIf(reason !== undefined)(`control planes behind a balancer on every host${skipped}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([...CONTROL_PLANES, 'w1'].map((name) => ({ name })));
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });

  it('begin with one, which is reached through it', async () => {
    await write(cluster, LOCAL, ['cp1']);
    await apply(cluster);
    const { stdout } = await cluster.lab.exec(
      'w1',
      'cat /etc/kubernetes/kubelet.conf; getent hosts kubernetes-api.internal',
    );
    expect(stdout).toContain('server: https://kubernetes-api.internal:8443');
    expect(stdout).toMatch(/^127\.0\.0\.1 +kubernetes-api\.internal$/m);
    expect(await startsOf(cluster, 'w1', 'haproxy')).toBe(1);
  });

  it('become three, and all balancers know them, one after another', async () => {
    await write(cluster, LOCAL, CONTROL_PLANES);
    const { rollouts } = await cluster.plan();
    expect(rollouts).toEqual([{ daemon: 'haproxy', batches: [['w1'], ['cp1']] }]);
    await lostWhile(cluster, 'one to three control planes', () => apply(cluster));
    expect((await ready(cluster, 'cp3')).match(/\sReady\s+control-plane\s/g)).toHaveLength(3);
    for (const host of ['cp1', 'cp2', 'cp3', 'w1']) {
      const { stdout } = await cluster.lab.exec(host, 'grep server /etc/haproxy/haproxy.cfg');
      expect(stdout.match(/^ +server cp[123] .*:6443$/gm)).toHaveLength(3);
    }
  });

  it('get their servers back where one has them changed by hand, and the name where it leads elsewhere', async () => {
    await cluster.lab.exec('w1', 'sed -i /cp2/d /etc/haproxy/haproxy.cfg; systemctl restart haproxy');
    await cluster.lab.exec('cp2', 'sed -i s/^127.0.0.1.kubernetes-api/10.9.9.9\\ kubernetes-api/ /etc/hosts');
    await cluster.lab.exec('cp3', 'systemctl disable --now haproxy');
    const pending = await cluster.pending();
    expect(pending).toEqual(
      expect.arrayContaining([
        'change w1/load-balancer/file:/etc/haproxy/haproxy.cfg',
        'change cp2/load-balancer/file:/etc/hosts',
        'change cp3/load-balancer/unit:haproxy.service',
      ]),
    );
    await apply(cluster);
  });

  it('go on without the first of them', async () => {
    await lostWhile(cluster, 'the first control plane off, behind local', async () => {
      await cluster.lab.powerOff('cp1');
      await expect.poll(() => ready(cluster, 'cp2'), POLL).toMatch(/^cp1\s+NotReady/m);
    });
    await expect.poll(() => ready(cluster, 'cp2'), POLL).toMatch(/^w1\s+Ready/m);
  });
});

describe.skipIf(reason !== undefined)(`a cluster whose endpoint is a name${skipped}`, () => {
  const ENDPOINT = { controlPlaneEndpoint: 'api.lab:6443' };
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start(['cp1', 'cp2', 'w1'].map((name) => ({ name })));
    const [first] = cluster.lab.hosts;
    // As people do it who have no DNS.
    for (const { name } of cluster.lab.hosts)
      await cluster.lab.exec(name, `echo '${first?.address} cp1.lab api.lab' >>/etc/hosts`);
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });

  it('is made without a balancer', async () => {
    await write(cluster, ENDPOINT, ['cp1']);
    await apply(cluster);
    expect(await ready(cluster, 'cp1')).toMatch(/^w1\s+Ready/m);
  });

  it('gets one under that name, and a control plane more', async () => {
    await write(cluster, { ...ENDPOINT, ...LOCAL }, ['cp1', 'cp2']);
    const { nodes } = await cluster.plan();
    expect(JSON.stringify(nodes.find(({ address }) => address === 'control-plane-count')?.outcome)).toContain(
      'of 2 control planes none may fail',
    );
    await lostWhile(cluster, 'a balancer under the name of the endpoint', () => apply(cluster));
    for (const { name } of cluster.lab.hosts) {
      const { stdout } = await cluster.lab.exec(name, 'getent hosts api.lab; grep cp1.lab /etc/hosts');
      expect(stdout).toMatch(/^127\.0\.0\.1 +api\.lab$/m);
    }
    const { stdout } = await cluster.lab.exec('w1', "ss -Hltnp 'sport = :6443'");
    expect(stdout).toContain('127.0.0.1:6443');
    expect((await ready(cluster, 'cp2')).match(/\sReady\s/g)).toHaveLength(3);
  });
});

describe.skipIf(reason !== undefined)(`control planes behind a virtual address${skipped}`, () => {
  let cluster: LabCluster;
  let address: string;
  beforeAll(async () => {
    cluster = await LabCluster.start([...CONTROL_PLANES, 'w1'].map((name) => ({ name })));
    address = cluster.lab.gateway.replace(/\.\d+$/, '.200');
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });

  const settings = () => ({ loadBalancer: { type: 'keepalived', address } });

  /** Who of the control planes that are on has the address. */
  async function holders(...hosts: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      hosts.map(async (host) => {
        const { stdout } = await cluster.lab.exec(host, 'ip -o -4 addr show');
        return stdout.includes(` ${address}/`) ? [host] : [];
      }),
    );
    return found.flat();
  }

  it('begin with one, which has it', async () => {
    await write(cluster, settings(), ['cp1']);
    await apply(cluster);
    expect(await holders('cp1')).toEqual(['cp1']);
    const { stdout } = await cluster.lab.exec(
      'w1',
      'cat /etc/kubernetes/kubelet.conf; ls /etc/haproxy 2>&1 || :',
    );
    expect(stdout).toContain(`server: https://${address}:8443`);
    expect(stdout).toContain("cannot access '/etc/haproxy'");
    expect(await startsOf(cluster, 'cp1', 'haproxy')).toBe(1);
    expect(await startsOf(cluster, 'cp1', 'keepalived')).toBe(1);
  });

  it('become three, of which one has it', async () => {
    await write(cluster, settings(), CONTROL_PLANES);
    await apply(cluster);
    expect((await ready(cluster, 'cp3')).match(/\sReady\s+control-plane\s/g)).toHaveLength(3);
    expect(await holders(...CONTROL_PLANES)).toEqual(['cp1']);
  });

  it('lose it where haproxy does not run, and do not take it back afterwards', async () => {
    await lostWhile(cluster, 'haproxy of the holder stopped', async () => {
      await cluster.lab.exec('cp1', 'systemctl stop haproxy');
      await expect.poll(() => holders('cp2', 'cp3'), { timeout: 60_000 }).toHaveLength(1);
    });
    // For a moment both others may have it, until one has heard the other.
    const moved = await settled(() => holders(...CONTROL_PLANES), {
      timeout: 60_000,
      isWanted: ({ length }) => length === 1,
    });
    await apply(cluster);
    await sleep(10_000);
    expect(await holders(...CONTROL_PLANES)).toEqual(moved);
  });

  it('move it where the one that has it is off', async () => {
    const [holder = ''] = await holders(...CONTROL_PLANES);
    const others = CONTROL_PLANES.filter((name) => name !== holder);
    const [other = ''] = others;
    await lostWhile(cluster, 'the holder off, behind keepalived', async () => {
      await cluster.lab.powerOff(holder);
      await expect.poll(() => holders(...others), { timeout: 60_000 }).toHaveLength(1);
      await expect.poll(() => ready(cluster, other), POLL).toMatch(new RegExp(`^${holder}\\s+NotReady`, 'm'));
    });
    await expect.poll(() => ready(cluster, other), POLL).toMatch(/^w1\s+Ready/m);
  });
});
