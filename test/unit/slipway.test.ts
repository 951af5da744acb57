import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Phase } from '#core/phase.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, none, resource } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Transport } from '#core/transport.ts';
import { apiState } from '#facts/api.ts';
import { controlPlaneSpeaker } from '#phases/control-plane-speaker.ts';
import { file } from '#resources/files/file.ts';
import { openSlipway, type SlipwayOptions } from '#slipway.ts';
import { localTransport } from '#transport/local-transport.ts';

import { testHost } from '../contracts/test-host.ts';
import { workflowOf } from '../support/graph-node.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const KUBECONFIG = `clusters:
- name: kubernetes
  cluster: {server: 'https://10.0.0.10:6443', certificate-authority-data: QUJD}
users:
- name: kubernetes-admin
  user: {client-key-data: REVG}
`;

const NODES = JSON.stringify({
  items: ['cp1', 'cp2'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: { unschedulable: name === 'cp2' },
    status: {
      conditions: [
        { type: 'Ready', status: name === 'cp2' ? 'True' : 'Unknown', message: `the message of ${name}` },
      ],
      allocatable: { 'nvidia.com/gpu': '8' },
      nodeInfo: { machineID: name, kubeletVersion: 'v1.34.9', containerRuntimeVersion: 'containerd://2.2.7' },
    },
  })),
});

/** As kubectl of a cluster that has those nodes and nothing else. */
const KUBECTL = `#!/bin/sh
case "$*" in *'get nodes'*) cat <<'JSON'
${NODES}
JSON
;; *'get pods'*) printf '%s\\n' 'cp2|ml|a|Job|train||{"nvidia.com/gpu":"1"}' 'cp2|ml|b||||' ;; *) echo '{"items":[]}' ;; esac
`;

interface Machines {
  readonly cluster: Cluster;
  readonly directory: string;
  readonly transport: Transport;
  /** Names of the hosts that ran a program, in their order. */
  readonly programs: string[];
}

type Condition = 'answers' | 'is bare' | 'is away' | 'hangs';

const hostOf = (name: string, role: Host['role']): Host => testHost({ name, role });

/** Two control planes and a worker: all of them this machine, which is a control plane where it is said so. */
async function machines({ cp1 = 'answers', cp2 = 'answers' }: Record<string, Condition> = {}) {
  const directory = await scratchDirectory();
  await writeFile(join(directory, 'kubectl'), KUBECTL, { mode: 0o755 });
  await writeFile(join(directory, 'admin.conf'), KUBECONFIG);
  const programs: string[] = [];
  const transport: Transport = {
    connect: async (host) => {
      const condition = { cp1, cp2 }[host.name];
      if (condition === 'hangs') await new Promise(() => undefined);
      if (condition === 'is away') throw new SlipwayError(`${host.name} does not answer`, AWAY);
      const inner = await localTransport().connect(host);
      const adminConf = join(directory, condition === 'answers' ? 'admin.conf' : 'nothing');
      return withFiles(inner, (script) => {
        programs.push(host.name);
        return script
          .replaceAll('/etc/kubernetes/admin.conf', adminConf)
          .replaceAll(/\bkubectl\b/g, join(directory, 'kubectl'));
      });
    },
  };
  const cluster = {
    name: 'lab',
    kubernetes: {
      version: '1.34.9',
      etcd: { type: 'stacked', dataDir: '/var/lib/etcd' },
      loadBalancer: { type: 'external' },
    },
    ignoredChecks: [],
    policy: { forbid: [] },
    hosts: [hostOf('cp1', 'control-plane'), hostOf('cp2', 'control-plane'), hostOf('w1', 'worker')],
    leaving: [],
  } as unknown as Cluster;
  return { cluster, directory, transport, programs };
}

const AWAY = { code: 'unreachable', exitCode: EXIT.unreachable };

const withFiles = (inner: Connection, seen: (script: string) => string): Connection => ({
  host: inner.host,
  get executions() {
    return inner.executions;
  },
  get isOpen() {
    return inner.isOpen;
  },
  execute: ({ script, ...execution }) =>
    inner.execute({ ...execution, script: seen(script) as typeof script }),
  hold: (...given) => inner.hold(...given),
  forward: (...given) => inner.forward(...given),
  close: () => inner.close(),
});

/** A file on each host, and a question to the cluster. */
function open({ cluster, directory, transport }: Machines, options: Partial<SlipwayOptions> = {}) {
  const files: Phase = {
    name: 'files',
    summary: '',
    needs: () => [],
    resources: ({ host }) => [file({ path: join(directory, host.name), content: 'x\n' })],
  };
  const api: Phase = {
    name: 'api',
    summary: '',
    needs: () => [],
    forCluster: () => [resource({ address: 'api', facts: { api: apiState }, diff: () => none('asked') })],
  };
  return openSlipway(cluster, {
    env: { HOME: directory },
    workflow: { ...workflowOf(files, api), speaker: controlPlaneSpeaker },
    transport,
    ...options,
  });
}

describe('a cluster that is opened', () => {
  it('is the part of it that names and patterns select', async () => {
    const slipway = await open(await machines(), { limit: ['cp?', 'w1'], only: ['files'] });
    expect((await slipway.graph()).nodes.map(({ host }) => host)).toEqual(['cp1', 'cp2', 'w1']);
    const workers = await open(await machines(), { limit: ['role:worker'], only: ['files'] });
    expect((await workers.graph()).nodes.map(({ host }) => host)).not.toContain('cp1');
    await expect(open(await machines(), { limit: ['cp'] })).rejects.toMatchObject({
      message: '--limit cp: the inventory has no such host',
      hint: 'did you mean cp1',
      exitCode: EXIT.usage,
    });
  });

  it('is planned, and the plan is done without another look', async () => {
    const found = await machines();
    await using slipway = await open(found, { holder: 'the test', limit: ['w1'], only: ['files'] });
    const plan = await slipway.plan();
    expect(found.programs).toEqual(['w1']);
    const report = await slipway.apply(plan);
    expect(report).toMatchObject({ changed: 1, failed: [], left: [] });
    // The look, the steps with the look after them, and the proof.
    expect(found.programs).toHaveLength(3);
    expect(await readFile(join(found.directory, 'w1'), 'utf8')).toBe('x\n');
    const nothing = await slipway.apply(await slipway.plan());
    expect(nothing).toMatchObject({ changed: 0, unchanged: 1, failed: [], left: [] });
  });

  it('refuses to remove what is no node, and names the nodes', async () => {
    const found = await machines();
    await using slipway = await open(found, { workflow: 'remove', remove: 'w9' });
    await expect(slipway.plan()).rejects.toMatchObject({
      message: 'the cluster has no node w9, and the inventory no host of that name',
      hint: 'the nodes are cp1, cp2; what is removed already needs nothing more',
      exitCode: EXIT.usage,
    });
    await using known = await open(found, { workflow: 'remove', remove: 'w1', only: ['removed-nodes'] });
    expect((await known.plan()).hosts.map(({ name }) => name)).toEqual(['cp1', 'w1']);
  });

  it('does a plan of another time only as long as it is still the plan', async () => {
    const found = await machines();
    const options = { holder: 'the test', limit: ['w1'], only: ['files'] };
    await using first = await open(found, options);
    const saved = structuredClone(await first.plan());
    expect(await first.apply(saved)).toMatchObject({ changed: 1 });
    await expect(first.apply(saved)).rejects.toMatchObject({ exitCode: EXIT.stalePlan });
  });

  it.each(['apply', 'verify'] as const)(
    'is not to be changed by %s where nobody holds its locks',
    async (what) => {
      await using slipway = await open(await machines());
      const plan = await slipway.plan();
      const changing = what === 'apply' ? slipway.apply(plan) : slipway.verify();
      await expect(changing).rejects.toThrow(`${what} takes the hosts' locks`);
    },
  );

  it('is left at once when hosts hang and the work is interrupted', async () => {
    const slipway = await open(await machines({ cp1: 'hangs' }), { signal: AbortSignal.timeout(20) });
    await expect(slipway.plan()).rejects.toMatchObject({ code: 'interrupted', exitCode: EXIT.interrupted });
    const closed = slipway.close().then(() => 'closed');
    expect(await Promise.race([closed, sleep(1000, 'waits')])).toBe('closed');
  });
});

/** A daemon is restarted on cp2, unless all is right. */
const openRestarting = (found: Machines, isRight: boolean) => {
  const decided = (name: string) =>
    isRight || name !== 'cp2' ? none('right') : change([], [], ['containerd.service']);
  const facts = { api: at(CLUSTER, apiState) };
  const phase: Phase = {
    name: 'files',
    summary: '',
    needs: () => [],
    resources: ({ host: { name } }) => [resource({ address: 'unit', facts, diff: () => decided(name) })],
  };
  return open(found, { workflow: { ...workflowOf(phase), speaker: controlPlaneSpeaker } });
};

describe('what a plan disrupts', () => {
  it('has its pods, of which the cluster is asked once more', async () => {
    const found = await machines();
    await using slipway = await openRestarting(found, false);
    const plan = await slipway.plan();
    expect(plan.pods).toEqual([{ node: 'cp2', pods: 2, gpus: [{ owner: 'Job ml/train', pods: 1 }] }]);
    expect(found.programs).toEqual(['cp1', 'cp1']);
    expect((await slipway.offlinePlan(plan.facts)).pods).toEqual(plan.pods);
    await slipway.status();
    expect(found.programs).toHaveLength(3);
  });

  it('is not asked for where it is nothing', async () => {
    const found = await machines();
    await using slipway = await openRestarting(found, true);
    expect(await slipway.plan()).not.toHaveProperty('pods');
    expect(found.programs).toEqual(['cp1']);
  });
});

describe('when something was changed', () => {
  it('is asked of the hosts that may know, each once', async () => {
    const found = await machines();
    await using slipway = await open(found);
    const trace = { of: 'file', name: join(found.directory, 'admin.conf') } as const;
    const times = await slipway.changeTimes(['w1', 'cp2', 'w1'].map((host) => ({ host, trace })));
    expect(times.map((time) => time?.at.slice(0, 2))).toEqual(['20', '20', '20']);
    expect(found.programs.toSorted()).toEqual(['cp2', 'w1']);
  });
});

describe('status', () => {
  it('is read from what the plan was answered', async () => {
    const found = await machines();
    await using slipway = await open(found);
    const { isAnswering, rows } = await slipway.status();
    expect(found.programs.toSorted()).toEqual(['cp1', 'cp2', 'w1']);
    expect(isAnswering).toBe(true);
    const seen = { version: 'v1.34.9', runtime: 'containerd 2.2.7', gpus: 8, host: '1 to change' };
    expect(rows).toMatchObject([
      { name: 'cp1', node: 'NotReady', note: 'the message of cp1', ...seen },
      { name: 'cp2', node: 'Ready', note: 'cordoned', ...seen },
      { name: 'w1', node: 'absent', note: '', host: '1 to change' },
    ]);
  });

  it('asks the cluster where the plan does not', async () => {
    await using slipway = await open(await machines(), { only: ['files'], limit: ['w1'] });
    expect(await slipway.status()).toMatchObject({
      isAnswering: true,
      rows: [{ name: 'w1', node: 'absent' }],
    });
  });

  it.each([[[]], [['files']]])(
    'goes through another control plane where the first is away: %j',
    async (only) => {
      const found = await machines({ cp1: 'is away' });
      await using slipway = await open(found, only.length === 0 ? {} : { only });
      expect((await slipway.status()).rows).toMatchObject([
        {
          name: 'cp1',
          node: 'NotReady',
          note: 'cp1 does not answer; the message of cp1',
          host: 'unreachable',
        },
        { name: 'cp2', node: 'Ready', host: '1 to change' },
        { name: 'w1', node: 'absent', host: '1 to change' },
      ]);
    },
  );

  it('says where no API server answers', async () => {
    await using slipway = await open(await machines({ cp1: 'is bare', cp2: 'is bare' }));
    const { isAnswering, rows } = await slipway.status();
    expect(isAnswering).toBe(false);
    expect(rows.map(({ node }) => node)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

describe('the kubeconfig', () => {
  it('has the names of the cluster', async () => {
    await using slipway = await open(await machines());
    expect(await slipway.kubeconfig()).toMatchObject({
      clusters: [{ name: 'lab', cluster: { server: 'https://10.0.0.10:6443' } }],
      users: [{ name: 'lab-admin', user: { 'client-key-data': 'REVG' } }],
      'current-context': 'lab',
    });
  });

  it('names the control plane that it is from, where the name in it is for hosts alone', async () => {
    const found = await machines({ cp1: 'is away' });
    const loadBalancer = { type: 'local', name: 'api.lab', port: 8443 } as const;
    const kubernetes = { ...found.cluster.kubernetes, loadBalancer };
    await using slipway = await open({ ...found, cluster: { ...found.cluster, kubernetes } });
    const address = found.cluster.hosts[1]?.address;
    expect((await slipway.kubeconfig()).clusters).toMatchObject([
      { cluster: { server: `https://${address}:6443`, 'tls-server-name': '10.0.0.10' } },
    ]);
    expect((await slipway.kubeconfig('https://a:1')).clusters).toMatchObject([
      { cluster: { server: 'https://a:1' } },
    ]);
  });

  it.each<Condition>(['is away', 'is bare'])(
    'comes from another control plane where the first %s',
    async (cp1) => {
      const found = await machines({ cp1 });
      await using slipway = await open(found);
      expect(await slipway.kubeconfig()).toMatchObject({ 'current-context': 'lab' });
      expect(found.programs.at(-1)).toBe('cp2');
    },
  );

  it('of a tunnel names its port, and is checked for the name in the certificate', async () => {
    await using slipway = await open(await machines({ cp1: 'is away' }));
    const tunnel = await slipway.tunnel();
    const cluster = { server: `https://127.0.0.1:${tunnel.port}`, 'tls-server-name': '10.0.0.10' };
    expect(tunnel.kubeconfig).toMatchObject({ clusters: [{ cluster }] });
    await tunnel.close();
  });

  it('is refused where there is none', async () => {
    await using slipway = await open(await machines({ cp1: 'is bare', cp2: 'is away' }));
    await expect(slipway.kubeconfig()).rejects.toMatchObject({
      code: 'no-kubeconfig',
      host: 'cp1',
      message: 'cp1 has no /etc/kubernetes/admin.conf',
      hint: 'the control plane is not initialised yet: run "slipway apply"',
    });
  });

  it('cannot be had where no control plane can be reached', async () => {
    await using slipway = await open(await machines({ cp1: 'is away', cp2: 'is away' }));
    await expect(slipway.kubeconfig()).rejects.toMatchObject({ exitCode: EXIT.unreachable });
  });
});
