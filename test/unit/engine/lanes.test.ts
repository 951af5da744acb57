import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { type Lane, none, resource } from '#core/resource.ts';
import { Lanes } from '#engine/lanes.ts';

import { graphNode } from '../../support/graph-node.ts';

const HOSTS = ['a', 'b', 'c', 'd', 'e'];

/** Lets two nodes on each of five hosts into a lane. @returns how many were in it at most: in all, and on one host. */
async function widest(lane: Lane | undefined): Promise<{ readonly all: number; readonly host: number }> {
  const lanes = new Lanes();
  const inside: string[] = [];
  let [all, host] = [0, 0];
  const nodes = HOSTS.flatMap((name) =>
    ['one', 'two'].map((address) =>
      graphNode(resource({ address, facts: {}, ...(lane && { lane }), diff: () => none('') }), {
        host: name,
        phase: 'p',
      }),
    ),
  );
  await Promise.all(
    nodes.map((node) =>
      lanes.run(node, async () => {
        inside.push(node.host);
        all = Math.max(all, inside.length);
        host = Math.max(host, inside.filter((name) => name === node.host).length);
        await turn();
        inside.splice(inside.indexOf(node.host), 1);
      }),
    ),
  );
  return { all, host };
}

describe('a lane', () => {
  it.each<readonly [string, Lane | undefined, { readonly all: number; readonly host: number }]>([
    ['none: all at once', undefined, { all: 10, host: 2 }],
    ['of each host', { name: 'packages', width: 1, scope: 'host' }, { all: 5, host: 1 }],
    ['of the cluster, one wide', { name: 'drain', width: 1, scope: 'cluster' }, { all: 1, host: 1 }],
    ['of the cluster, three wide', { name: 'drain', width: 3, scope: 'cluster' }, { all: 3, host: 2 }],
  ])('%s', async (_, lane, expected) => {
    expect(await widest(lane)).toEqual(expected);
  });

  it('tells who was in it before, and lets others in after a failure', async () => {
    const lanes = new Lanes();
    const lane: Lane = { name: 'packages', width: 1, scope: 'host' };
    const node = (address: string) =>
      graphNode(resource({ address, facts: {}, lane, diff: () => none('') }), { host: 'a', phase: 'p' });
    const first = lanes.run(node('one'), () => Promise.reject(new Error('no')));
    const second = lanes.run(node('two'), (behind) => Promise.resolve(behind));
    await expect(first).rejects.toThrow('no');
    expect(await second).toBe('a/p/one');
  });
});
