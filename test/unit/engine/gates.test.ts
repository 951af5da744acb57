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
    const middle = phase('middle', {
      needs: () => ['early'],
      together: () => [together('before', 'b', 'w1', 'w2'), together('after', 'a', 'cp1', 'w2')],
    });
    expect(drawn(graphOf([phase('early'), middle, phase('late', { needs: () => ['middle'] })]))).toEqual([
      'cp1/early/early',
      'w1/early/early',
      'w2/early/early',
      'w1/middle/b <- w1/early/early | w2/early/early',
      'cp1/middle/middle <- cp1/early/early',
      'w1/middle/middle <- w1/early/early w1/middle/b',
      'w2/middle/middle <- w2/early/early w1/middle/b',
      'cp1/middle/a <- cp1/middle/middle w2/middle/middle',
      'cp1/late/late <- cp1/middle/middle',
      'w1/late/late <- w1/middle/middle',
      'w2/late/late <- w2/middle/middle',
    ]);
  });

  it('is done through the control plane, also for a host that is away', () => {
    const { nodes } = graphOf([phase('middle', { together: () => [together('before', 'b', 'w2')] })], ['w2']);
    expect(nodes[0]).toMatchObject({ id: 'w2/middle/b', host: 'w2', runsOn: 'cp1', isWithoutHost: true });
  });

  it('stands one behind the other', () => {
    const middle = phase('middle', {
      together: () => [
        together('before', 'b1', 'w1'),
        together('before', 'b2', 'w1', 'w2'),
        together('after', 'a1', 'w1'),
        together('after', 'a2', 'w2'),
      ],
    });
    expect(drawn(graphOf([middle], ['w1', 'w2']))).toEqual([
      'w1/middle/b1 <- ',
      'w1/middle/b2 <- w1/middle/b1 | ',
      'w1/middle/middle <- w1/middle/b1 w1/middle/b2',
      'w2/middle/middle <- w1/middle/b2',
      'w1/middle/a1 <- w1/middle/middle',
      'w2/middle/a2 <- w2/middle/middle w1/middle/a1',
    ]);
  });

  it('does not wait for a host that waits for another one in the same phase', () => {
    const middle = phase('middle', {
      needs: ({ host }) => (host.name === 'cp1' ? [] : ['early', { host: 'cp1', phase: 'middle' }]),
      together: () => [together('before', 'b', 'cp1', 'w1')],
    });
    expect(drawn(graphOf([phase('early'), middle], ['cp1', 'w1'])).slice(2)).toEqual([
      'cp1/middle/b <- ',
      'cp1/middle/middle <- cp1/middle/b',
      'w1/middle/middle <- w1/early/early cp1/middle/middle cp1/middle/b',
    ]);
  });

  it('is not there where no host of it has anything to do', () => {
    const idle = phase('middle', {
      common: () => [],
      together: () => [together('before', 'b', 'cp1'), together('after', 'a', 'cp1')],
    });
    expect(graphOf([idle]).nodes).toEqual([]);
    const others = phase('middle', { together: () => [together('before', 'b', 'w1')] });
    expect(drawn(graphOf([others], ['cp1']))).toEqual(['cp1/middle/middle']);
  });
});
