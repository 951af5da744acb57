import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { apiWatch, nodeWatch } from '#facts/api-watch.ts';
import { workloadsWatch } from '#facts/workloads.ts';

import { apiServerStandIn } from '../../support/api-server-stand-in.ts';

const { means } = apiWatch();
const NODES = '/api/v1/nodes';
const PODS = '/api/v1/namespaces/x/pods?labelSelector=app=web';
const FOLLOWED = `${NODES}?watch=1&resourceVersion=7&timeoutSeconds=5`;

const list = (resourceVersion: string) => ({
  kind: 'List',
  apiVersion: 'v1',
  metadata: { resourceVersion },
  items: [],
});
const event = (type: string, metadata: object): string =>
  `${JSON.stringify({ type, object: { kind: 'Node', apiVersion: 'v1', metadata } })}\n`;

/** Follows the nodes from version 7 on. */
async function following(answer: (response: ServerResponse) => void, marks = new Map([[NODES, '7']])) {
  const respond = (path: string, response: ServerResponse): boolean => {
    if (path === FOLLOWED) answer(response);
    else if (path.includes('watch=1')) response.writeHead(200).flushHeaders();
    else return false;
    return true;
  };
  const server = await apiServerStandIn({ objects: {}, respond });
  return server.follow(means.follow(marks, 5));
}

describe('where lists stand', () => {
  it('is asked for on one connection, of none that is not there', async () => {
    const objects = { [`${NODES}?limit=1`]: list('12'), [`${PODS}&limit=1`]: list('3') };
    const server = await apiServerStandIn({ objects });
    expect(await server.run(means.mark([NODES, '/apis/none', PODS]))).toBe('0 12\n2 3\n');
    const { connections, paths } = await server.look();
    expect([connections, paths]).toEqual([1, [`${NODES}?limit=1`, '/apis/none?limit=1', `${PODS}&limit=1`]]);
  });

  it('is told behind the items where they are custom resources', async () => {
    const metadata = {
      annotations: { a: '"metadata":{"resourceVersion":"1"' },
      name: 'a',
      resourceVersion: '2',
    };
    const items = [{ apiVersion: 'x.io/v1', kind: 'Thing', metadata }];
    const things = {
      apiVersion: 'x.io/v1',
      items,
      kind: 'ThingList',
      metadata: { continue: 'x', resourceVersion: '9' },
    };
    const server = await apiServerStandIn({ objects: { '/things?limit=1': things } });
    expect(await server.run(means.mark(['/things']))).toBe('0 9\n');
  });
});

describe('a program that follows lists', () => {
  it('tells of the first change at once, and leaves nothing behind', async () => {
    const program = await following(
      async (response) => {
        response.writeHead(200).flushHeaders();
        await sleep(300);
        const annotations = { last: '{"resourceVersion":"1"}' };
        response.write(event('MODIFIED', { name: 'w1', resourceVersion: '8', annotations }));
        response.write(event('MODIFIED', { name: 'w1', resourceVersion: '9' }));
      },
      new Map([
        [PODS, '3'],
        [NODES, '7'],
      ]),
    );
    const startedAt = performance.now();
    expect(await program.first()).toBe('1 8');
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(await program.end()).toEqual([]);
  });

  it('ends with its input while nothing happens', async () => {
    const program = await following((response) => response.writeHead(200).flushHeaders());
    await sleep(300);
    const startedAt = performance.now();
    expect(await program.end()).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['the time is over', 'over', (response) => response.writeHead(200).end()],
    ['its version is too old', '0', (response) => response.end(event('ERROR', { resourceVersion: '8' }))],
    ['there is no such list', '0', (response) => response.writeHead(404).end('{}')],
    ['the server hangs up', '0', (response) => response.req.socket.destroy()],
  ])('says so where %s', async (_, said, answer) => {
    const program = await following(answer);
    expect(await program.first()).toBe(said);
    expect(await program.end()).toEqual([]);
  });

  it('says so where there is no kubeconfig of an admin', async () => {
    const server = await apiServerStandIn({ objects: {}, rewrite: () => '' });
    expect(await server.follow(means.follow(new Map([[NODES, '7']]), 5)).first()).toBe('none');
  });
});

describe('what is watched', () => {
  it('is one object, or one list for each kind in a namespace', () => {
    expect(nodeWatch('w1').paths).toEqual(['/api/v1/nodes?fieldSelector=metadata.name=w1']);
    const one = { kind: 'DaemonSet', namespace: 'x', name: 'a' };
    const others = ['b', 'c'].map((name) => ({ kind: 'Deployment', namespace: 'x', name }));
    expect(workloadsWatch([one, ...others]).paths).toEqual([
      '/apis/apps/v1/namespaces/x/daemonsets?fieldSelector=metadata.name=a',
      '/apis/apps/v1/namespaces/x/deployments',
    ]);
    expect(workloadsWatch('lws').paths[0]).toBe('/apis/apps/v1/deployments?labelSelector=slipway/set=lws');
  });
});
