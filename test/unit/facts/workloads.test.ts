import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { unreadyOn, workloads, workloadsOf, workloadsOfThisLife } from '#facts/workloads.ts';

let directory: string | undefined;
afterEach(() => {
  if (directory !== undefined) rmSync(directory, { recursive: true });
  directory = undefined;
});

const PROXY = { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' };
const DNS = { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' };
const QUESTIONS = [
  workloadsOf('web'),
  workloadsOf('other'),
  workloads([PROXY, DNS]),
  workloadsOfThisLife([{ ...PROXY, selector: 'k8s-app=kube-proxy' }]),
];

/** `kind|namespace|name|set|generation|observed|wanted|total|updated|available|strategy|labels|failure`. */
const WEB = 'Deployment|apps|web|web|2|2|2|2|2|2||{"app":"web","tier":"a"}|';
const LIST = 'List||||||||||||';

const pod = (name: string, ready: string, status: object, deletion = '', node = 'w1'): string =>
  `pod|${ready}|${deletion}|${node}|${name}|2026-11-20T00:00:00Z|${JSON.stringify(status)}`;
const MISSING = {
  containerStatuses: [
    { name: 'c', image: 'x:1', state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off | x' } } },
  ],
};

const ready = (startedAt: string): object => ({
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [{ name: 'c', state: { running: { startedAt } } }],
});

interface Kubectl {
  /** What it prints of the workloads with a label of ours, of those that were named, and of pods. */
  readonly sets?: string;
  readonly named?: string;
  readonly pods?: string;
  readonly code?: number;
  /** What the API server had answered before. */
  readonly said?: string;
}

/** Asks by a real shell, of a kubectl that gives these answers. */
function ask({ sets = '', named = '', pods = '', code = 0, said = '' }: Kubectl) {
  directory = mkdtempSync(join(tmpdir(), 'slipway-workloads-'));
  const program = join(directory, 'kubectl');
  const calls = join(directory, 'calls');
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s\\n' "$*" >>${calls}\ncase " $* " in *' get pods '*) printf '%s\\n' '${pods}';; *' --all-namespaces '*) printf '%s\\n' '${sets}'; exit ${code};; *) printf '%s\\n' '${named}';; esac\n`,
  );
  chmodSync(program, 0o755);
  const { family } = workloadsOf('web');
  const questions = QUESTIONS.map(({ question }) => question) as never;
  // The guard that asks for a control plane's files stands first.
  const script = family.script(questions).split('\n').slice(1).join('\n');
  const env = { PATH: [directory, process.env['PATH']].join(delimiter), slipway_said: said };
  const { stdout, status } = spawnSync('dash', ['-c', script], { env, encoding: 'utf8' });
  expect(status).toBe(0);
  const [web, other, system, ofThisLife] = family.parse(stdout, questions);
  return { web, other, system, ofThisLife, calls: readFileSync(calls, 'utf8').trimEnd().split('\n') };
}

const webOf = (answers: Kubectl) => ask(answers).web;

describe('workloads', () => {
  it('are asked for by one call for all sets and one a namespace, and their pods only where need be', () => {
    const { calls, system, other } = ask({
      sets: `${LIST}\n${WEB}`,
      named: `${LIST}\nDaemonSet|kube-system|kube-proxy||1|1|3|3|3|3|RollingUpdate|{"k8s-app":"kube-proxy"}|`,
    });
    expect(calls.map((call) => call.replace(/.*?get (.*) -o .*/s, '$1'))).toEqual([
      '--all-namespaces deployments.apps,daemonsets.apps,statefulsets.apps --selector=slipway/set',
      '-n kube-system daemonsets.apps/kube-proxy deployments.apps/coredns --ignore-not-found',
    ]);
    expect(system).toMatchObject([{ rollout: 'done' }, { rollout: 'absent', counts: 'not there yet' }]);
    expect(other).toEqual([]);
  });

  it('that are alone are read as those of a list', () => {
    const { system } = ask({ named: 'Deployment|kube-system|coredns||1|1|2|2|2|2||{"k8s-app":"kube-dns"}|' });
    expect(system).toMatchObject([{ rollout: 'absent' }, { rollout: 'done' }]);
  });

  it('that are not available yet although their pods are ready are told of without pods', () => {
    const named = 'Deployment|kube-system|coredns||1|1|2|2|2|1||{"k8s-app":"kube-dns"}|';
    const { system } = ask({ named, pods: pod('a', 'True', {}) });
    expect(system?.[1]).toMatchObject({ rollout: 'new', counts: '1 of 2 pods ready', pods: [] });
  });

  it('are unknown where the API server does not answer', () => {
    expect(ask({ code: 1 })).toMatchObject({ web: null, other: null, system: null });
  });

  it('are those of a bare host where there is no control plane', () => {
    const { family } = workloadsOf('web');
    const questions = QUESTIONS.map(({ question }) => question) as never;
    expect(family.parse('', questions)).toEqual(
      QUESTIONS.map(({ question }) => family.bare(question as never)),
    );
  });

  it.each([
    ['all pods are new and available', WEB],
    ['they are paused', WEB.replace('|2|2|2|2|2|2||', '|2|1|2|2|0|0|true|')],
    ['pods are renewed by hand, and are old', WEB.replace('|2|2|2|2|2|2||', '|2|2|2|2|0|2|OnDelete|')],
    ['there are to be none', WEB.replace('|2|2|2|2|2|2||', '|2|2|0|||||')],
  ])('are rolled out when %s', (_, sets) => {
    expect(webOf({ sets })).toMatchObject([{ name: 'Deployment apps/web', rollout: 'done' }]);
  });

  it.each([
    ['their controller has not seen them', '|2|1|2|2|2|2||', 'old', '2 of 2 pods ready, not all of them new'],
    ['pods are not available', '|2|2|2|2|2|1||', 'new', '1 of 2 pods ready'],
    ['old pods are still there', '|2|2|2|3|2|2||', 'new', '2 of 2 pods ready'],
    ['there are none so far', '|2||2||||', 'old', '0 of 2 pods ready, not all of them new'],
  ])('are not rolled out while %s', (_, counts, rollout, told) => {
    const sets = WEB.replace('|2|2|2|2|2|2||', counts);
    expect(webOf({ sets })).toEqual([{ name: 'Deployment apps/web', rollout, counts: told, pods: [] }]);
  });

  it('say why there are no more pods', () => {
    const sets = WEB.replace('|2||', '|0||').replace(/\|$/, '|quota | exceeded');
    expect(webOf({ sets })).toMatchObject([{ counts: '0 of 2 pods ready; quota | exceeded' }]);
  });

  it('tell of pods that are not ready, and of nobody else', () => {
    const pods = [
      pod('a', 'True', {}),
      pod('b', 'False', MISSING),
      pod('c', 'False', { phase: 'Succeeded' }),
      pod('d', 'True', {}, '2026-11-21T00:00:00Z'),
      pod('e', '', { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes' }] }, '', ''),
    ].join('\n');
    const { web, calls } = ask({ sets: WEB.replace('|2||', '|0||'), pods });
    expect(web?.[0]?.pods).toEqual([
      { node: 'w1', why: 'b on w1 cannot have the image x:1: Back-off | x', isStuck: true },
      { node: 'w1', why: 'd is being deleted', isStuck: false },
      { node: '', why: 'e finds no node: 0/1 nodes', isStuck: false },
    ]);
    expect(unreadyOn('w1', web ?? null)).toHaveLength(2);
    expect(calls.find((call) => call.includes('get pods'))).toContain('-n apps get pods -l app=web,tier=a ');
  });

  it('tell those who ask for this life alone of pods that are ready by a former one of their node', () => {
    const node =
      '{"kind":"Node","apiVersion":"v1","metadata":{"name":"w1","uid":"u","resourceVersion":"1","creationTimestamp":"2026-11-30T03:46:50Z"}}';
    const former = ready('2026-11-20T00:00:01Z');
    const { system, ofThisLife } = ask({
      said: `HTTP/1.1 200 OK\r\nDate: Mon, 30 Nov 2026 03:46:51 GMT\r\n\r\n${node}`,
      named: 'DaemonSet|kube-system|kube-proxy||1|1|3|3|3|2|RollingUpdate|{"k8s-app":"kube-proxy"}|',
      pods: [
        pod('a', 'True', former),
        pod('b', 'True', ready('2026-11-30T03:46:50Z')),
        pod('c', 'True', former, '', 'w2'),
        pod('d', 'True', former, '2026-11-30T03:46:51Z'),
      ].join('\n'),
    });
    const leaving = 'd is being deleted';
    expect(system?.[0]?.pods.map(({ why }) => why)).toEqual([leaving]);
    expect(ofThisLife?.[0]?.pods.map(({ why }) => why)).toEqual([
      leaving,
      'a is told of as it was before w1 joined',
    ]);
  });
});
