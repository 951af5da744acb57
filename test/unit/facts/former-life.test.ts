import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { apiNode, apiState } from '#facts/api.ts';
import { isOfFormerLife, LATELY, registeredLately } from '#facts/former-life.ts';
import type { KubernetesObject } from '#facts/kubernetes-object.ts';
import { workloads, workloadsOfThisLife, type WorkloadState } from '#facts/workloads.ts';

import { apiServerStandIn } from '../../support/api-server-stand-in.ts';
import { workloadsAt } from './api-objects.ts';

const PROXY = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'kube-proxy',
  selector: 'k8s-app=kube-proxy',
} as const;
const PODS =
  '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app=kube-proxy&fieldSelector=spec.nodeName=';

const ago = (seconds: number): string =>
  new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+/, '');

const podOf = (created: number, started: number, ready = 'True'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kube-proxy-x', creationTimestamp: ago(created) },
  spec: { nodeName: 'w1' },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: ready }],
    containerStatuses: [{ name: 'c', state: { running: { startedAt: ago(started) } } }],
  },
});

const nodeOf = (name: string, registered: number): object => ({
  metadata: {
    name,
    uid: `uid-of-${name}`,
    resourceVersion: '7',
    creationTimestamp: ago(registered),
    labels: { kubernetes: '"metadata":{"name":"w9","uid":"u","resourceVersion":"1","creationTimestamp":"x"' },
  },
  spec: {},
  status: {},
});

/** What a look says of DaemonSet kube-proxy, all of whose pods are ready as the API server has it. */
async function look(
  registered: number,
  pods: readonly KubernetesObject[],
  { isList = false, isAlone = false, isPodsBroken = false } = {},
) {
  const sound = {
    observedGeneration: 2,
    desiredNumberScheduled: 1,
    currentNumberScheduled: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 1,
  };
  const { look: ask } = await apiServerStandIn({
    objects: {
      ...workloadsAt(sound, {}),
      '/api/v1/nodes/w1': { kind: 'Node', apiVersion: 'v1', ...nodeOf('w1', registered) },
      '/api/v1/nodes': {
        kind: 'NodeList',
        apiVersion: 'v1',
        metadata: {},
        items: [nodeOf('cp1', 4000), nodeOf('w1', registered)],
      },
      [`${PODS}w1`]: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods },
    },
    respond: (path, response) => {
      if (!isPodsBroken || path !== `${PODS}w1`) return false;
      response.writeHead(500, { 'content-length': 0 });
      response.end();
      return true;
    },
  });
  const { answers, paths, connections, kubectl } = await ask(
    ...(isAlone ? [] : [isList ? apiState : apiNode('w1'), workloads([PROXY])]),
    workloadsOfThisLife([PROXY]),
  );
  // In the order of their keys: of this life first.
  const states = answers.slice(-2) as unknown as readonly (readonly WorkloadState[])[];
  return { states: states.flat(), asked: paths.includes(`${PODS}w1`), connections, kubectl };
}

describe('pods on a node that was registered lately', () => {
  it.each([false, true])(
    'are not ready by what was told of them in its former life (nodes listed: %s)',
    async (isList) => {
      const { states, asked, kubectl } = await look(5, [podOf(600, 590)], { isList });
      expect(asked).toBe(true);
      expect(kubectl).toEqual([]);
      // Others are told what the cluster says.
      expect(states).toMatchObject([
        {
          rollout: 'new',
          pods: [{ node: 'w1', why: 'kube-proxy-x is told of as it was before w1 joined', isStuck: false }],
        },
        { rollout: 'done', pods: [] },
      ]);
    },
  );

  it('are doubted where nobody else asks for nodes', async () => {
    const { states, asked, kubectl } = await look(5, [podOf(600, 590)], { isAlone: true });
    expect(states).toMatchObject([{ rollout: 'new', pods: [{ node: 'w1' }] }]);
    expect([asked, kubectl]).toEqual([true, []]);
  });

  it('are not believed where they cannot be asked for: kubectl is asked', async () => {
    const { asked, kubectl } = await look(5, [podOf(600, 590)], { isPodsBroken: true });
    expect(asked).toBe(true);
    expect(kubectl).not.toEqual([]);
  });

  it('are ready once the new kubelet has started them', async () => {
    expect((await look(5, [podOf(600, 3)])).states).toMatchObject([{ rollout: 'done' }, { rollout: 'done' }]);
  });

  it('are ready where they are as young, whatever the clock of the node says', async () => {
    expect((await look(5, [podOf(4, 100)])).states[0]).toMatchObject({ rollout: 'done', pods: [] });
  });

  it('are waited for where they are starting, which their DaemonSet does not know yet', async () => {
    const { states } = await look(5, [podOf(600, 590, 'False')]);
    expect(states[0]).toMatchObject({ rollout: 'new', pods: [{ node: 'w1' }] });
  });

  it('are believed after a while, and not asked for: containers that have gone on all the while stay as they are', async () => {
    const { states, asked, connections } = await look(25, [podOf(600, 590)]);
    expect(states).toMatchObject([{ rollout: 'done' }, { rollout: 'done' }]);
    expect([asked, connections]).toEqual([false, 1]);
  });

  it('are of a former life only where all of their containers are', () => {
    const one = podOf(600, 590);
    const status = one.status ?? {};
    const started = [{ name: 'd', state: { running: { startedAt: ago(1) } } }];
    const mixed = {
      ...one,
      status: { ...status, containerStatuses: [...(status.containerStatuses ?? []), ...started] },
    };
    expect([one, mixed].map((pod) => isOfFormerLife(pod, ago(5)))).toEqual([true, false]);
  });
});

const lately = (date: string, created: string, kind = 'Node'): readonly string[] => {
  const node = `{"kind":"${kind}","apiVersion":"v1","metadata":{"name":"w1","uid":"u","resourceVersion":"1","creationTimestamp":"${created}","labels":{}}}`;
  const said = `HTTP/1.1 200 OK\r\nDate: ${date}\r\n\r\n${node}`;
  const env = { PATH: process.env['PATH'], slipway_said: said };
  return [
    ...registeredLately(execFileSync('sh', ['-c', `${LATELY}\nlately`], { env, encoding: 'utf8' })).keys(),
  ];
};

describe('nodes that were registered lately', () => {
  it.each([
    ['Mon, 30 Nov 2026 03:46:51 GMT', '2026-11-30T03:46:32Z', ['w1']],
    ['Mon, 30 Nov 2026 03:46:51 GMT', '2026-11-30T03:46:31Z', []],
    ['Thu, 31 Dec 2026 23:59:59 GMT', '2026-12-31T23:59:59Z', ['w1']],
    ['Fri, 01 Jan 2027 00:00:09 GMT', '2026-12-31T23:59:50Z', ['w1']],
    ['Fri, 01 Jan 2027 00:00:10 GMT', '2026-12-31T23:59:50Z', []],
    ['Wed, 01 Mar 2028 00:00:09 GMT', '2028-02-29T23:59:50Z', ['w1']],
    ['Wed, 01 Mar 2028 00:00:10 GMT', '2028-02-28T23:59:50Z', []],
    ['Mon, 01 Mar 2027 00:00:09 GMT', '2027-02-28T23:59:50Z', ['w1']],
    ['Sun, 01 Aug 2027 00:00:09 GMT', '2027-07-31T23:59:50Z', ['w1']],
    ['Sun, 01 Aug 2027 00:00:10 GMT', '2027-06-30T23:59:50Z', []],
    ['Sat, 01 May 2027 00:00:09 GMT', '2027-04-30T23:59:50Z', ['w1']],
  ])('are known by the clock of the API server: at %s of %s', (date, created, found) => {
    expect(lately(date, created)).toEqual(found);
  });

  it('are nodes, and nothing else of such a name', () => {
    const now = ['Mon, 30 Nov 2026 03:46:51 GMT', '2026-11-30T03:46:51Z'] as const;
    expect([lately(...now, 'ClusterRole'), lately(...now)]).toEqual([[], ['w1']]);
  });
});
