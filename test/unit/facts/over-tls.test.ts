import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { apiNode, type ApiReady, apiSettings, apiState } from '#facts/api.ts';
import { evictions } from '#facts/evictions.ts';
import { ipPools } from '#facts/ip-pools.ts';
import { bodiesOf } from '#facts/over-tls.ts';
import { workloads } from '#facts/workloads.ts';

import { apiServerStandIn } from '../../support/api-server-stand-in.ts';
import { BY_KUBECTL, KUBELET, node, objects, workloadsAt } from './api-objects.ts';

const packed = (text: string): string => `over TLS ${gzipSync(text).toString('base64')}\n`;

const nodesWith = (...versions: readonly string[]): object => ({
  kind: 'NodeList',
  items: versions.map((kubeletVersion) => ({
    metadata: {
      annotations: { last: '{"kubeletVersion":"v1.1.1"}' },
      managedFields: [{ fieldsV1: { 'f:kubeletVersion': {} } }],
    },
    status: { nodeInfo: { kubeletVersion } },
  })),
});

describe('the API server is asked over TLS', () => {
  it('for all on one connection, and nobody starts kubectl', async () => {
    const { answer, kubectl, paths } = await (await apiServerStandIn({ objects })).ask(apiState);
    const { nodes, objects: found, kubelet } = answer as ApiReady;
    expect(Object.keys(nodes)).toEqual(['cp1', 'w1']);
    expect(nodes['w1']).toMatchObject({ machineId: 'w1', annotations: { long: 'é'.repeat(3000) } });
    expect(found).toEqual(['ClusterRole/kubeadm:get-nodes', 'ConfigMap/kubelet-config']);
    expect(kubelet.text).toBe('kind: KubeletConfiguration\n');
    expect(kubectl).toEqual([]);
    expect(paths.length).toBeGreaterThan(20);
  });

  it('for one node where nothing else is wanted, and for nothing of it where it is not there', async () => {
    const one = { ...objects, '/api/v1/nodes/w1': { kind: 'Node', apiVersion: 'v1', ...node('w1') } };
    const w1 = await (await apiServerStandIn({ objects: one })).ask(apiNode('w1'));
    expect(w1.answer).toMatchObject({ state: 'ready', nodes: { w1: { machineId: 'w1' } } });
    expect(w1.paths).toEqual(['/api/v1/nodes/w1']);
    const w2 = await (await apiServerStandIn({ objects: one })).ask(apiNode('w2'));
    expect(w2).toMatchObject({ answer: { state: 'ready', nodes: {} }, kubectl: [] });
  });

  it('for the settings without the nodes', async () => {
    const { answer, paths } = await (await apiServerStandIn({ objects })).ask(apiSettings);
    expect(answer).toMatchObject({ kubelet: { text: 'kind: KubeletConfiguration\n' } });
    expect(answer).not.toHaveProperty('nodes');
    expect(paths.filter((path) => path.startsWith('/api/v1/nodes'))).toEqual([]);
  });

  it('by kubectl for one node as well, where it has to be', async () => {
    const kubectl = JSON.stringify({ kind: 'Node', apiVersion: 'v1', ...node('w1') });
    const server = await apiServerStandIn({ objects, kubectl, names: 'IP:127.0.0.2' });
    const { answer, kubectl: asked } = await server.ask(apiNode('w1'));
    expect(answer).toMatchObject({ state: 'ready', nodes: { w1: { machineId: 'w1' } } });
    expect(asked).toEqual([expect.stringMatching(/ get nodes w1 --ignore-not-found -o json$/)]);
  });

  it('for all nodes at once where many are wanted, each question with its own', () => {
    const { family } = apiState;
    const few = Array.from({ length: 20 }, (_, index) => apiNode(`w${index}`).question);
    const many = [...few, apiNode('w20').question];
    const listed = /\/api\/v1\/nodes(?!\/)/;
    expect(family.script(few as never)).not.toMatch(listed);
    expect(family.script(many as never)).toMatch(listed);
    expect(family.script([...few, 'settings'] as never)).not.toMatch(listed);
    const items = [node('w1'), node('w20')];
    const output = `${JSON.stringify({ kind: 'NodeList', items })}\n\n===\n`;
    const answers = family.parse(output, many as never) as readonly ApiReady[];
    expect(answers.flatMap(({ nodes }) => Object.keys(nodes))).toEqual(['w1', 'w20']);
  });

  it.each<[string, Partial<Parameters<typeof apiServerStandIn>[0]>]>([
    [
      'the kubeconfig skips the check of the server',
      { rewrite: adding('    insecure-skip-tls-verify: true') },
    ],
    ['the kubeconfig names the server otherwise', { rewrite: adding('    tls-server-name: api') }],
    ['the kubeconfig leads over a proxy', { rewrite: adding('    proxy-url: http://127.0.0.1:1') }],
    [
      'the kubeconfig has files in place of data',
      { rewrite: (text) => text.replace(/client-key-data: .*/, 'client-key: /k') },
    ],
    [
      'the kubeconfig has another context',
      { rewrite: (text) => text.replace('current-context: ', 'current-context: x') },
    ],
    ['the kubeconfig has two servers', { rewrite: (text) => text.replace(/( {4}server: .*\n)/, '$1$1') }],
    ['the server has a certificate of another machine', { names: 'IP:127.0.0.2' }],
    ['the server has a certificate of a name', { names: 'DNS:localhost' }],
    ['nobody is let in', { respond: (_, response) => response.writeHead(401).end() !== undefined }],
    [
      'one answer is an error',
      { respond: (path, response) => path === KUBELET && response.writeHead(503).end() !== undefined },
    ],
    [
      'the server hangs up',
      {
        respond: (path, response) => {
          if (path === KUBELET) response.req.socket.destroy();
          return path === KUBELET;
        },
      },
    ],
  ])('and kubectl where %s', async (_, options) => {
    const server = await apiServerStandIn({ objects, kubectl: BY_KUBECTL, ...options });
    const { answer, kubectl } = await server.ask(apiState);
    expect(kubectl.map((call) => call.replace(/.* get /, ''))).toEqual([
      'nodes -o json',
      '-f - --ignore-not-found -o json',
    ]);
    expect(answer).toMatchObject({ state: 'ready', nodes: {} });
  });

  it('and what is cut off is no answer', () => {
    const whole =
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';
    expect(bodiesOf(packed(whole))).toEqual(['{}\n', null]);
    for (let length = whole.length - 1; length > 0; length -= 1) {
      const bodies = bodiesOf(packed(whole.slice(0, length)));
      // It may end after the first answer, of which the caller knows that there are two.
      expect(bodies?.length === 1 ? length : bodies).toEqual(
        bodies?.length === 1 ? whole.indexOf('HTTP', 1) : [],
      );
    }
    expect(bodiesOf('{}')).toBeUndefined();
  });
});

describe('pools', () => {
  const path = '/apis/crd.projectcalico.org/v1/ippools';
  it('are asked for over TLS, and by kubectl where nobody knows of them there', async () => {
    const pool = {
      kind: 'IPPool',
      metadata: { name: 'a' },
      spec: { cidr: '10.0.0.0/16', vxlanMode: 'Always' },
    };
    const known = await (await apiServerStandIn({ objects: { [path]: { items: [pool] } } })).ask(ipPools);
    expect(known).toMatchObject({ answer: [{ name: 'a', ipip: 'Never', vxlan: 'Always' }], kubectl: [] });
    const unknown = await (await apiServerStandIn({ objects: {} })).ask(ipPools);
    expect(unknown).toMatchObject({ answer: [], paths: [path] });
    expect(unknown.kubectl).toHaveLength(1);
  });
});

describe('whether drains are asked about', () => {
  it.each([
    [['v1.34.9', 'v1.34.9-gke.1'], '1.34.9', 0],
    [['v1.34.9', 'v1.34.8'], '1.34.9', 2],
    [['v1.34.9', 'v1.34.8'], '1.34', 0],
    [['v1.34.9', ''], '1.34', 2],
    [['v1.34.90'], '1.34.9', 2],
  ] as const)('is known from the nodes: %j of %s', async (versions, wanted, asked) => {
    const server = await apiServerStandIn({
      objects: { '/api/v1/nodes': nodesWith(...versions) },
    });
    expect((await server.ask(evictions(wanted))).kubectl).toHaveLength(asked);
  });
});

describe('workloads', () => {
  const wanted = [
    { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' },
    { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
  ];
  const daemons = {
    observedGeneration: 2,
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
    numberReady: 3,
  };
  const replicas = {
    observedGeneration: 2,
    replicas: 2,
    updatedReplicas: 2,
    availableReplicas: 2,
    readyReplicas: 2,
  };

  it('that are as they should be are told of without kubectl, and as by it', async () => {
    for (const padding of ['', 'x'.repeat(5000)]) {
      const { answer, kubectl } = await (
        await apiServerStandIn({ objects: workloadsAt(daemons, replicas, padding) })
      ).ask(workloads(wanted));
      expect(answer).toEqual([
        { name: 'DaemonSet kube-system/kube-proxy', rollout: 'done', counts: '3 of 3 pods ready', pods: [] },
        { name: 'Deployment kube-system/coredns', rollout: 'done', counts: '2 of 2 pods ready', pods: [] },
      ]);
      expect(kubectl).toEqual([]);
    }
  });
  it('that are not there are told of without kubectl', async () => {
    const { answer, kubectl } = await (await apiServerStandIn({ objects: {} })).ask(workloads(wanted));
    expect(answer?.map(({ rollout }) => rollout)).toEqual(['absent', 'absent']);
    expect(kubectl).toEqual([]);
  });
  it.each([
    [{ ...daemons, observedGeneration: 1 }, replicas],
    [{ ...daemons, numberAvailable: 2 }, replicas],
    [{ ...daemons, updatedNumberScheduled: 30 }, replicas],
    [{ ...daemons, currentNumberScheduled: undefined }, replicas],
    [daemons, { ...replicas, replicas: 3 }],
    [daemons, { ...replicas, availableReplicas: undefined }],
    [daemons, { ...replicas, conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'quota' }] }],
    [daemons, {}],
  ])('that may not be so are for kubectl to tell of: %j %j', async (daemonSet, deployment) => {
    expect(
      (await (await apiServerStandIn({ objects: workloadsAt(daemonSet, deployment) })).ask(workloads(wanted)))
        .kubectl,
    ).not.toEqual([]);
  });
});

function adding(line: string): (kubeconfig: string) => string {
  return (kubeconfig) => kubeconfig.replace(/( {4}server: .*\n)/, `$1${line}\n`);
}
