import { expect, it } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { nodeMarks } from '#resources/cluster/node-marks.ts';
import { nodeLabels } from '#resources/cluster/owned-metadata.ts';

const worker = {
  name: 'w1',
  role: 'worker',
  labels: { rack: 'a' },
  taints: [],
  kubelet: {},
  kubeletExtraArgs: {},
  runtime: { type: 'containerd' },
} as unknown as Host;
const controlPlane: Host = { ...worker, role: 'control-plane' };
const cluster = {
  hosts: [{ ...controlPlane, name: 'cp1' }, worker],
  kubernetes: { version: '1.34.9', featureGates: {} },
} as unknown as Cluster;

const outcomeOf = (resource: Resource, api: object): Outcome =>
  resource.diff({ api } as never, { host: 'w1', changed: [] });

it.each([
  ['marks of a control plane', nodeMarks(cluster, controlPlane)],
  ['marks of a worker', nodeMarks(cluster, worker)],
  ['labels of a control plane', nodeLabels(cluster, controlPlane)],
])('%s are not foretold where the kubelet may register the node without kubeadm', (_, resource) => {
  const gone = outcomeOf(resource, { state: 'ready', nodes: {} });
  expect(gone).toMatchObject({ answer: 'deferred' });
  expect(gone).not.toHaveProperty('forecast');
  expect(outcomeOf(resource, { state: 'absent' })).toHaveProperty('forecast');
});
