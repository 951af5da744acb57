import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { Graph } from '#core/graph.ts';
import type { Phase, Together } from '#core/phase.ts';
import { none, resource } from '#core/resource.ts';
import { buildGraph } from '#engine/build-graph.ts';

import { testHost } from '../../contracts/test-host.ts';
import { workflowOf } from '../../support/graph-node.ts';

const thing = (address: string) => resource({ address, facts: {}, diff: () => none('right') });

const phase = (name: string, more: Partial<Phase> = {}): Phase => ({
  name,
  summary: '',
  needs: () => [],
  common: () => [thing(name)],
  ...more,
});

const together = (place: Together['place'], address: string, ...hosts: string[]): Together => ({
  place,
  hosts,
  resource: thing(address),
});

function graphOf(phases: readonly Phase[], limit?: readonly string[]): Graph {
  const hosts = ['cp1', 'w1', 'w2'].map((name) => testHost({ name }));
  const cluster = { name: 'lab', hosts, leaving: [] } as unknown as Cluster;
  return buildGraph({ cluster, workflow: workflowOf(...phases), artifacts: new Map(), limit });
}

const drawn = ({ nodes }: Graph): readonly string[] =>
  nodes.map(({ id, needs, needsOneOf }) =>
    [
      id,
      ...(needs.length > 0 ? [`<- ${needs.join(' ')}`] : []),
      ...(needsOneOf === undefined ? [] : [`<- ${needsOneOf.map((way) => way.join('+')).join(' | ')}`]),
    ].join(' '),
  );

describe('what stands once before or after a phase', () => {
  it('begins with the first host that comes there, and ends with the last', () => {
    const work = phase('work', {
      needs: () => ['early'],
      together: () => [together('before', 'b', 'w1', 'w2'), together('after', 'a', 'cp1', 'w2')],
    });
    expect(drawn(graphOf([phase('early'), work, phase('late', { needs: () => ['work'] })]))).toEqual([
      'cp1/early/early',
      'w1/early/early',
      'w2/early/early',
      'w1/work/b <- w1/early/early | w2/early/early',
      'cp1/work/work <- cp1/early/early',
      'w1/work/work <- w1/early/early w1/work/b',
      'w2/work/work <- w2/early/early w1/work/b',
      'cp1/work/a <- cp1/work/work w2/work/work',
      'cp1/late/late <- cp1/work/work',
      'w1/late/late <- w1/work/work',
      'w2/late/late <- w2/work/work',
    ]);
  });

  it('is done through the control plane, also for a host that is away', () => {
    const { nodes } = graphOf([phase('work', { together: () => [together('before', 'b', 'w2')] })], ['w2']);
    expect(nodes[0]).toMatchObject({ id: 'w2/work/b', host: 'w2', runsOn: 'cp1', isWithoutHost: true });
  });

  it('stands one behind the other', () => {
    const work = phase('work', {
      together: () => [
        together('before', 'b1', 'w1'),
        together('before', 'b2', 'w1', 'w2'),
        together('after', 'a1', 'w1'),
        together('after', 'a2', 'w2'),
      ],
    });
    expect(drawn(graphOf([work], ['w1', 'w2']))).toEqual([
      'w1/work/b1 <- ',
      'w1/work/b2 <- w1/work/b1 | ',
      'w1/work/work <- w1/work/b1 w1/work/b2',
      'w2/work/work <- w1/work/b2',
      'w1/work/a1 <- w1/work/work',
      'w2/work/a2 <- w2/work/work w1/work/a1',
    ]);
  });

  it('does not wait for a host that waits for another one in the same phase', () => {
    const work = phase('work', {
      needs: ({ host }) => (host.name === 'cp1' ? [] : ['early', { host: 'cp1', phase: 'work' }]),
      together: () => [together('before', 'b', 'cp1', 'w1')],
    });
    expect(drawn(graphOf([phase('early'), work], ['cp1', 'w1'])).slice(2)).toEqual([
      'cp1/work/b <- ',
      'cp1/work/work <- cp1/work/b',
      'w1/work/work <- w1/early/early cp1/work/work cp1/work/b',
    ]);
  });

  it('is not there where no host of it has anything to do', () => {
    const idle = phase('work', {
      common: () => [],
      together: () => [together('before', 'b', 'cp1'), together('after', 'a', 'cp1')],
    });
    expect(graphOf([idle]).nodes).toEqual([]);
    const others = phase('work', { together: () => [together('before', 'b', 'w1')] });
    expect(drawn(graphOf([others], ['cp1']))).toEqual(['cp1/work/work']);
  });
});
