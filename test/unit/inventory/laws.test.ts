import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';

import { formatProblem, InventoryError } from '#inventory/text/problem.ts';

import { runs } from '../../support/runs.ts';
import { parse } from './inventory-fixture.ts';

const FULL = `
cluster: {name: lab}
kubernetes:
  version: "1.34.9"
  controlPlaneEndpoint: api.lab:6443
  networking: {podSubnet: "10.244.0.0/16,fd00:10:244::/56", serviceSubnet: "10.96.0.0/12,fd00:10:96::/112"}
  apiServer: {certSANs: [a.lab, b.lab], extraArgs: {v: "4", audit-log-maxage: "30", profiling: "false"}}
  kubelet: {maxPods: 250, evictionHard: {memory.available: 100Mi, nodefs.available: 10%}, failCgroupV1: false}
  featureGates: {NodeLocalCRISocket: true, ControlPlaneKubeletLocalMode: false}
runtime: {version: 2.2.7, config: {plugins: {x: {b: 1, a: 2}}, debug: {level: info}}}
defaults: {user: ubuntu, labels: {z: "1", a: "2"}, kubeletExtraArgs: {v: "2", node-labels: a=b}}
groups:
  gpu: {labels: {m: "3"}, taints: [{key: a, value: b, effect: NoSchedule}], gpu: true}
  cpu: {labels: {n: "3"}}
hosts:
  - {name: cp1, address: 10.0.0.11, role: control-plane}
  - {name: "gpu[01:04]", address: "10.0.0.[21:24]", group: gpu, labels: {y: "1", b: "2"}}
`;

/** The same data with the keys of all maps in another order. */
function shuffled(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, next));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => ({ key, member: shuffled(member, next), rank: next() }))
      .toSorted((left, right) => left.rank - right.rank)
      .map(({ key, member }) => [key, member]),
  );
}

test('order of keys never changes the cluster', async () => {
  const wanted = JSON.stringify((await parse(FULL)).cluster);
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(1000)), async (ranks) => {
      const text = stringify(shuffled(parseYaml(FULL), () => ranks.next().value));
      expect(JSON.stringify((await parse(text)).cluster)).toBe(wanted);
    }),
    { numRuns: runs(50) },
  );
});

test('block style and flow style are the same', async () => {
  const wanted = (await parse(FULL)).cluster;
  expect((await parse(JSON.stringify(parseYaml(FULL)))).cluster).toEqual(wanted);
});

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double());
const anything = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('map')),
  map: fc.dictionary(
    fc.constantFrom(
      'cluster',
      'kubernetes',
      'version',
      'hosts',
      'name',
      'address',
      'role',
      'labels',
      'taints',
      'groups',
      'network',
      'x',
    ),
    tie('value'),
    { maxKeys: 4 },
  ),
})).map;

test('whatever is in a map, the answer is a cluster or a list of problems with places', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async (value) => {
      const text = stringify(value);
      const error = await parse(text).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) return;
      if (!(error instanceof InventoryError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      for (const problem of error.problems) {
        expect(problem.line).toBeGreaterThan(0);
        expect(problem.line).toBeLessThanOrEqual(text.split('\n').length);
        expect(formatProblem(problem)).not.toMatch(/undefined|\[object|NOT have|schema|\n/);
      }
    }),
    { numRuns: runs(300) },
  );
});

test('whatever the text, nothing but an inventory error comes out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[\][a-c:{}&*!|>'"#%,? \n-]{0,40}$/), async (text) => {
      await expect(parse(text)).rejects.toBeInstanceOf(InventoryError);
    }),
    { numRuns: runs(500) },
  );
});
