import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { HostAnswers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import type { PackageAnswer } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import { packageState } from '#facts/package.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { TEST_KEY, TEST_KEY_FINGERPRINT } from '../../../support/openpgp-key.ts';
import { scratchDirectory } from '../../../support/scratch-directory.ts';
import { parse } from '../../inventory/inventory-fixture.ts';
import { penguin } from './penguin.ts';

vi.mock('#distributions/families.ts', async () => {
  const { debian } = await import('#distributions/debian/debian.ts');
  return { FAMILIES: [debian, (await import('./penguin.ts')).penguin] };
});

const KEY_URL = 'https://example.com/key.asc';
const OFFERED: PackageAnswer = { installed: null, isHeld: false, offered: ['9', '1.34.9'] };

async function graphOf(settings: string): Promise<{ readonly cluster: Cluster; readonly graph: Graph }> {
  const { cluster } = await parse(`
kubernetes:
  version: 1.34.9
  repository: {url: "https://example.com", keyUrl: "${KEY_URL}", fingerprint: ${TEST_KEY_FINGERPRINT}}
  kubeProxy: {mode: ipvs}
network: {plugin: none}
hosts:
  - {name: cp1, address: 10.0.0.11, role: control-plane}
  - {name: w1, address: 10.0.0.12${settings}}
`);
  const artifacts = new Map([[KEY_URL, TEST_KEY]]);
  return { cluster, graph: buildGraph({ cluster, workflow: applyWorkflow, artifacts }) };
}

/** The plan of a cluster with a host of each family, where the Penguin host knows so much of its packages. */
async function planOf(
  settings: string,
  packages: Readonly<Record<string, PackageAnswer>> = {},
): Promise<Plan> {
  const { cluster, graph } = await graphOf(settings);
  const bare = [...factsByHost(graph.nodes)].map(([host, facts]) => [host, bareAnswers(facts)] as const);
  return makePlan({
    cluster: cluster.name,
    kubernetes: cluster.kubernetes.version,
    ignoredChecks: cluster.ignoredChecks,
    graph,
    answers: Object.fromEntries(
      bare.map(([host, found]) => [host, host === 'w1' ? penguinHost(found, packages) : found]),
    ),
    hosts: cluster.hosts.map(({ name }) => ({ name })),
  });
}

const penguinHost = (bare: HostAnswers, packages: Readonly<Record<string, PackageAnswer>>): HostAnswers => ({
  ...bare,
  os: { null: { ...(bare['os']?.['null'] as object), ...penguin.freshMachine } },
  package: Object.fromEntries(
    Object.entries(bare['package'] ?? {}).map(([key, answer]) => [
      key,
      packages[(JSON.parse(key) as { readonly name: string }).name] ?? answer,
    ]),
  ),
});

function nodeOf({ nodes }: Plan, host: string, address: string): PlanNode {
  const node = nodes.find(({ id }) => id.startsWith(`${host}/`) && id.endsWith(`/${address}`));
  if (node === undefined) throw new TypeError(`the plan has no ${address} on ${host}`);
  return node;
}

const summaries = (plan: Plan, host: string, address: string): readonly string[] => {
  const { outcome } = nodeOf(plan, host, address);
  return outcome.answer === 'change' ? outcome.steps.map(({ summary }) => summary) : [outcome.answer];
};

const KUBERNETES = ['kubelet', 'kubeadm', 'kubectl', 'cri-tools', 'kubernetes-cni'];

describe('a host of a second family', () => {
  it('is a supported one', async () => {
    expect(nodeOf(await planOf(''), 'w1', 'check:OS').outcome).toEqual({
      answer: 'none',
      why: 'Penguin Linux 7',
    });
  });

  it('gets repository files of its own, with the key; another host those of its family', async () => {
    const plan = await planOf('');
    const { outcome } = nodeOf(plan, 'w1', 'repository:kubernetes');
    expect(outcome).toMatchObject({
      steps: [
        {
          do: 'write',
          path: '/etc/pgn/kubernetes.repo',
          content: `source=https://example.com/pgn/7\n${TEST_KEY}`,
        },
      ],
    });
    expect(summaries(plan, 'cp1', 'repository:kubernetes')).toEqual([
      'write /etc/apt/keyrings/kubernetes-apt-keyring.asc',
      'have apt read its sources with /etc/apt/sources.list.d/kubernetes.list among them',
      'write /etc/apt/sources.list.d/kubernetes.list',
    ]);
  });

  it('has its index fetched by its own program, and waits for that', async () => {
    const plan = await planOf('');
    const { outcome } = nodeOf(plan, 'w1', 'package-index:kubernetes');
    expect(outcome).toMatchObject({ steps: [{ script: `pgn refresh ${KUBERNETES.join(' ')}` }] });
    expect(nodeOf(plan, 'w1', 'packages:kubernetes').outcome).toMatchObject({
      answer: 'deferred',
      why: `the exact versions of ${KUBERNETES.join(', ')}, from the package index`,
    });
  });

  it('has packages installed and held by its own program', async () => {
    const offered = Object.fromEntries(KUBERNETES.map((name) => [name, OFFERED]));
    expect(nodeOf(await planOf('', offered), 'w1', 'packages:kubernetes').outcome).toMatchObject({
      steps: [
        {
          script: 'pgn add --held kubelet@1.34.9 kubeadm@1.34.9 kubectl@1.34.9 cri-tools@9 kubernetes-cni@9',
        },
      ],
    });
  });

  it('knows a downgrade by its own order, and has what is right already held', async () => {
    const newer = { installed: '1.34.10', isHeld: true, offered: ['1.34.9'] };
    const right = { installed: '1.34.9', isHeld: false, offered: null };
    const held = { installed: '9', isHeld: true, offered: null };
    const found = {
      kubelet: newer,
      kubeadm: right,
      kubectl: right,
      'cri-tools': held,
      'kubernetes-cni': held,
    };
    expect(nodeOf(await planOf('', found), 'w1', 'packages:kubernetes').outcome).toMatchObject({
      steps: [{ script: 'pgn downgrade --held kubelet@1.34.9' }, { script: 'pgn freeze kubeadm kubectl' }],
    });
  });

  it('takes one step at a time with its package manager', async () => {
    const { graph } = await graphOf('');
    const lanes = graph.nodes
      .filter(({ id }) => /^w1.*\/(repository|package-index|packages):/.test(id))
      .map(({ resource }) => resource.lane);
    expect(lanes.length).toBeGreaterThan(0);
    expect(lanes).toEqual(lanes.map(() => PACKAGES_LANE));
  });

  it('has software under the names it has there', async () => {
    const found = {
      'pgn-containerd': { ...OFFERED, offered: ['2.2.1'] },
      'pgn-ipvs': OFFERED,
      Wings_2: OFFERED,
      containerd: OFFERED,
    };
    const plan = await planOf(', packages: [Wings_2]', found);
    expect(summaries(plan, 'w1', 'packages:containerd')).toEqual(['slide in pgn-containerd']);
    expect(summaries(plan, 'w1', 'packages:host')).toEqual(['slide in pgn-ipvs, Wings_2']);
    expect(nodeOf(plan, 'w1', 'file:/etc/containerd/config.toml').outcome.answer).toBe('change');
    expect(nodeOf(plan, 'cp1', 'packages:host').outcome).toMatchObject({
      why: 'the exact versions of ipset, ipvsadm, from the package index',
    });
  });

  it('is refused what it has no package of', async () => {
    const plan = await planOf(', runtime: {type: docker}');
    expect(nodeOf(plan, 'w1', 'packages:docker').outcome).toEqual({
      answer: 'refused',
      check: 'Packages',
      why: 'Penguin Linux 7 has no package of docker',
      hint: 'choose another source for it in the inventory, or another distribution for this host',
    });
  });
});

describe('the fact package', () => {
  const questions = [packageState('kubelet', '1.34.9'), packageState('Wings_2', null)];
  const { family } = packageState('kubelet', null);
  const script = family.script(questions.map(({ question }) => question) as never[]);

  /** What a host with this os-release prints; `pgn` and `dpkg-query` are stand-ins. */
  async function printedWith(release: string): Promise<string> {
    const directory = await scratchDirectory();
    const osRelease = join(directory, 'os-release');
    writeFileSync(osRelease, release);
    for (const [name, text] of Object.entries(PROGRAMS)) {
      writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(directory, name), 0o755);
    }
    const program = script.replaceAll('/etc/os-release', osRelease);
    const environment = { PATH: `${directory}:${process.env['PATH']}` };
    return execFileSync('sh', ['-c', program], { encoding: 'utf8', env: environment });
  }

  const PROGRAMS = {
    pgn: 'case $2 in kubelet) echo 1.34.8 held 1.34.9;; *) echo - -;; esac',
    'dpkg-query': 'echo "kubelet ii |1.34.9-1.1"',
  };

  const answersTo = async (release: string): Promise<readonly PackageAnswer[]> =>
    family.parse(await printedWith(release), questions.map(({ question }) => question) as never[]);

  it.each(['ID=penguin\n', 'ID=rockhopper\nID_LIKE="emperor gull"\n'])(
    'is answered by the family that a host is of: %j',
    async (release) => {
      expect(await answersTo(release)).toEqual([
        { installed: '1.34.8', isHeld: true, offered: ['1.34.9'] },
        { installed: null, isHeld: false, offered: [] },
      ]);
    },
  );

  it('is not asked, there, of a package whose name the family does not allow', async () => {
    expect(await answersTo('ID=debian\n')).toEqual([
      { installed: '1.34.9-1.1', isHeld: false, offered: null },
      { installed: null, isHeld: false, offered: [] },
    ]);
  });

  it('is answered by nobody on a host of no family: nothing is there', async () => {
    expect(await answersTo('ID=emperor-like\nID_LIKE=gull\n')).toEqual(
      questions.map(() => ({ installed: null, isHeld: false, offered: [] })),
    );
  });
});
