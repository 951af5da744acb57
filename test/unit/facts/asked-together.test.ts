import type { ServerResponse } from 'node:http';

import { describe, expect, it } from 'vitest';

import { apiState } from '#facts/api.ts';
import { evictions } from '#facts/evictions.ts';
import { ipPools } from '#facts/ip-pools.ts';
import { workloads } from '#facts/workloads.ts';

import { apiServerStandIn } from '../../support/api-server-stand-in.ts';
import { BY_KUBECTL, node, objects, workloadsAt } from './api-objects.ts';

const forbidding =
  (forbidden: string) =>
  (path: string, response: ServerResponse): boolean =>
    path === forbidden && response.writeHead(403).end() !== undefined;

const ofVersion =
  (kubeletVersion: string) =>
  (name: string): object => ({
    ...node(name),
    metadata: { ...(node(name) as { metadata: object }).metadata, last: 'feed' },
    status: { nodeInfo: { machineID: name, kubeletVersion, containerRuntimeVersion: 'c' } },
  });

describe('what several families ask in one look', () => {
  const facts = [
    apiState,
    evictions('1.34.9'),
    ipPools,
    workloads([
      { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' },
      { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
    ]),
  ];
  const POOLS = '/apis/crd.projectcalico.org/v1/ippools';
  const ready = { observedGeneration: 2, desiredNumberScheduled: 1, currentNumberScheduled: 1 };
  const all = {
    ...objects,
    '/api/v1/nodes': { ...objects['/api/v1/nodes'], items: ['cp1', 'w1'].map(ofVersion('v1.34.9')) },
    ...workloadsAt(
      { ...ready, updatedNumberScheduled: 1, numberAvailable: 1 },
      { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
      'x'.repeat(5000),
    ),
    [POOLS]: { items: [{ kind: 'IPPool', metadata: { name: 'a' }, spec: { cidr: '10.0.0.0/16' } }] },
  };

  it('goes over one connection, each path once, and is answered as if each asked alone', async () => {
    const { answers, kubectl, paths, connections } = await (
      await apiServerStandIn({ objects: all })
    ).look(...facts);
    const alone = await apiServerStandIn({ objects: all });
    const expected: unknown[] = [];
    for (const fact of facts) expected.push((await alone.ask<never>(fact as never)).answer);
    expect(answers).toEqual(expected);
    expect(answers[1]).toBeNull();
    expect(answers[2]).toMatchObject([{ name: 'a', cidr: '10.0.0.0/16' }]);
    expect(answers[3]).toMatchObject([{ rollout: 'done' }, { rollout: 'done' }]);
    expect(kubectl).toEqual([]);
    expect(connections).toBe(1);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('is asked by each alone where not all of it is to be had', async () => {
    const server = await apiServerStandIn({ objects: all, respond: forbidding(POOLS), kubectl: BY_KUBECTL });
    const { answers, kubectl, connections } = await server.look(...facts);
    expect(answers[0]).toMatchObject({ state: 'ready', nodes: { w1: { machineId: 'w1' } } });
    expect(answers[3]).toMatchObject([{ rollout: 'done' }, { rollout: 'done' }]);
    expect(kubectl).toEqual([expect.stringContaining('get ippools')]);
    expect(connections).toBe(5);
  });

  it('is for kubectl alone where the server cannot be spoken to', async () => {
    const server = await apiServerStandIn({ objects: all, names: 'IP:127.0.0.2', kubectl: BY_KUBECTL });
    const { kubectl, paths, connections } = await server.look(...facts);
    expect(kubectl.length).toBeGreaterThan(3);
    expect([paths, connections <= 1]).toEqual([[], true]);
  });

  it('is nothing on a machine that is no control plane', async () => {
    const server = await apiServerStandIn({ objects: all, rewrite: () => '' });
    const { answers, kubectl, connections } = await server.look(...facts);
    expect(answers[0]).toEqual({ state: 'absent' });
    expect([kubectl, connections]).toEqual([[], 0]);
  });

  it.each([1, 4, 5, 7, 60])('finds a version in pieces of %i bytes', async (size) => {
    const text = JSON.stringify({
      kind: 'NodeList',
      items: [ofVersion('v1.34.9')('a'), ofVersion('v1.34.8')('b')],
    });
    const respond = (path: string, response: ServerResponse): boolean => {
      if (path !== '/api/v1/nodes') return false;
      response.writeHead(200);
      for (let at = 0; at < text.length; at += size) response.write(text.slice(at, at + size));
      response.end('\n');
      return true;
    };
    const server = await apiServerStandIn({ objects: all, respond });
    expect((await server.ask(evictions('1.34.9'))).kubectl).toHaveLength(2);
    expect((await server.ask(evictions('1.34'))).kubectl).toHaveLength(2);
  });
});
