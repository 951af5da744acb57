import { describe, expect, test } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { none, type Outcome, refused } from '#core/resource.ts';
import { os } from '#facts/os.ts';
import { examination, type Means } from '#report/examination.ts';

const host = (name: string, settings: Partial<Host> = {}): Host =>
  ({ name, address: '10.0.0.11', port: 2222, user: 'admin', ...settings }) as Host;

const clusterOf = (...hosts: readonly Host[]): Cluster => ({ hosts }) as unknown as Cluster;

const node = (name: string, outcome: Outcome): PlanNode => ({
  id: `${name}/preflight/check`,
  host: name,
  runsOn: name,
  phase: 'preflight',
  address: 'check',
  needs: [],
  outcome,
});

const { family, key } = os();
const machine = { prettyName: 'Debian GNU/Linux 12', arch: 'amd64', cpus: 2, memoryKib: 4_194_304 };

const planOf = (hosts: Plan['hosts'], nodes: readonly PlanNode[] = []): Plan => ({
  format: 'slipway-plan/2',
  cluster: 'lab',
  kubernetes: '1.34.9',
  phases: ['preflight'],
  hosts,
  nodes,
  facts: { cp1: { [family.name]: { [key]: machine } } },
});

const NOTHING: Means = { isAgentNamed: false, agentKeys: 0, files: [], locked: [] };
const plain = clusterOf(host('cp1'));

const keysOf = (means: Partial<Means>, cluster = plain) =>
  examination(cluster, { ...NOTHING, ...means }, planOf([{ name: 'cp1' }]))[0];

describe('examination', () => {
  test('says what there is to log in with', () => {
    expect(keysOf({ agentKeys: 2, files: ['/home/me/.ssh/id_rsa'] })).toMatchObject({
      name: 'Keys',
      status: 'passed',
      message: '2 keys of the agent, /home/me/.ssh/id_rsa',
    });
  });

  test('says how to come by a key where there is none', () => {
    expect(keysOf({})).toMatchObject({
      status: 'failed',
      message: 'there is no SSH agent, and no usual key in ~/.ssh',
      hint: 'make one, and bring it to each host: ssh-keygen -t ed25519 && ssh-copy-id -p 2222 admin@10.0.0.11',
    });
    expect(keysOf({ isAgentNamed: true })?.message).toBe(
      'the SSH agent holds no key, and no usual key in ~/.ssh',
    );
  });

  test('says how to unlock a key', () => {
    const locked = ['/home/me/.ssh/id_ed25519'];
    expect(keysOf({ locked })?.hint).toBe('eval "$(ssh-agent)" && ssh-add /home/me/.ssh/id_ed25519');
    expect(keysOf({ locked, isAgentNamed: true })?.hint).toBe('ssh-add /home/me/.ssh/id_ed25519');
  });

  test.each<Partial<Host>>([{ identityFile: '/k' }, { password: {} as never }, { connection: 'local' }])(
    'asks for no usual key of hosts that have another way: %j',
    (settings) => {
      expect(keysOf({}, clusterOf(host('cp1', settings)))).toMatchObject({ status: 'passed' });
    },
  );

  test('says of each host what it is, why it cannot be reached, or what stands in the way', () => {
    const plan = planOf(
      [
        { name: 'cp1' },
        { name: 'w1', unreachable: 'cannot connect to w1', hint: 'ssh-keyscan w1' },
        { name: 'w2' },
      ],
      [
        node('cp1', none('fine')),
        node('w2', refused('Swap', 'swap is on', 'swapoff -a')),
        node('w2', refused('FreePorts', 'port 6443 is in use', 'stop nginx')),
      ],
    );
    const [, ...results] = examination(clusterOf(host('cp1'), host('w1'), host('w2')), NOTHING, plan);
    expect(results.map(({ name, status, message, hint }) => [name, status, message, hint])).toEqual([
      ['cp1', 'passed', 'Debian GNU/Linux 12, amd64, 2 CPUs, 4096 MiB', undefined],
      ['w1', 'failed', 'cannot connect to w1', 'ssh-keyscan w1'],
      ['Swap', 'failed', 'w2: swap is on', 'swapoff -a'],
      ['FreePorts', 'failed', 'w2: port 6443 is in use', 'stop nginx'],
    ]);
  });
});
