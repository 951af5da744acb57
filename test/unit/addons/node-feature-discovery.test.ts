import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { addonNamed } from '#addons/addons.ts';
import type { JsonObject } from '#core/json.ts';
import type { Kubernetes } from '#core/kubernetes.ts';

/** As much of the project's files as there is something to do with, by the ends of their paths. */
const FILES: Readonly<Record<string, string>> = {
  'default/namespace.yaml': 'kind: Namespace\nmetadata: {name: node-feature-discovery}',
  'worker-rolebinding.yaml':
    'kind: RoleBinding\nmetadata: {name: nfd-worker}\nsubjects: [{kind: ServiceAccount, name: nfd-worker, namespace: default}]',
  'gc-clusterrolebinding.yaml':
    'kind: ClusterRoleBinding\nmetadata: {name: nfd-gc}\nsubjects: [{kind: ServiceAccount, name: nfd-gc, namespace: default}]',
  'master-deployment.yaml':
    'kind: Deployment\nmetadata: {name: nfd-master}\nspec: {template: {spec: {tolerations: [], containers: [{name: a, env: [{name: OLD}]}]}}}',
  'worker-daemonset.yaml':
    'kind: DaemonSet\nmetadata: {name: nfd-worker}\nspec: {template: {spec: {containers: [{name: a}]}}}',
  'common/env.yaml': '[{op: add, path: /spec/template/spec/containers/0/env, value: [{name: NEW}]}]',
  'common/master-affinity.yaml': '[{op: add, path: /spec/template/spec/tolerations/-, value: {key: cp}}]',
  'common/worker-mounts.yaml': '[{op: add, path: /spec/template/spec/volumes, value: [{name: host-sys}]}]',
};

function rendered(written: JsonObject, files = FILES): readonly JsonObject[] {
  const addon = addonNamed('node-feature-discovery');
  const [version] = addon.versions;
  const sources = addon.sources(version) ?? [];
  const texts = sources.map(
    ({ location }) => Object.entries(files).find(([end]) => location.endsWith(`/${end}`))?.[1] ?? '',
  );
  const settings = addon.settings(written, {} as Kubernetes);
  const known = { kind: 'known', name: addon.name, version, sources, isOwn: false, settings } as const;
  return parseAllDocuments(addon.render(texts, { ...known, timeoutSeconds: 1 })).map(
    (document) => document.toJS() as JsonObject,
  );
}

it('Node Feature Discovery is what kustomize makes of its files', () => {
  const objects = rendered({ workerConfig: { core: { labelSources: ['pci'] } } });
  expect(objects.map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ['Namespace', { name: 'node-feature-discovery' }],
    ['ConfigMap', { name: 'nfd-worker-conf', namespace: 'node-feature-discovery' }],
    ['ConfigMap', { name: 'nfd-master-conf', namespace: 'node-feature-discovery' }],
    ['RoleBinding', { name: 'nfd-worker', namespace: 'node-feature-discovery' }],
    ['ClusterRoleBinding', { name: 'nfd-gc' }],
    ['Deployment', { name: 'nfd-master', namespace: 'node-feature-discovery' }],
    ['DaemonSet', { name: 'nfd-worker', namespace: 'node-feature-discovery' }],
  ]);
  expect(objects[1]).toMatchObject({ data: { 'nfd-worker.conf': 'core:\n  labelSources:\n    - pci\n' } });
  for (const binding of objects.slice(3, 5))
    expect(binding).toMatchObject({ subjects: [{ namespace: 'node-feature-discovery' }] });
  expect(objects[5]).toMatchObject({
    spec: { template: { spec: { tolerations: [{ key: 'cp' }], containers: [{ env: [{ name: 'NEW' }] }] } } },
  });
  expect(objects[6]).toMatchObject({
    spec: {
      template: {
        spec: {
          tolerations: [{ operator: 'Exists' }],
          volumes: [{ name: 'host-sys' }],
          containers: [{ env: [{ name: 'NEW' }] }],
        },
      },
    },
  });
});

const annotations = (written: JsonObject): readonly unknown[] =>
  rendered(written)
    .slice(5)
    .map((object) => (object as { spec: { template: { metadata: unknown } } }).spec.template.metadata);

it('pods of Node Feature Discovery start anew with another configuration, each for its own', () => {
  const [master, worker] = annotations({});
  const [sameMaster, otherWorker] = annotations({ workerConfig: { core: {} } });
  expect(sameMaster).toEqual(master);
  expect(otherWorker).not.toEqual(worker);
});

it('a patch of Node Feature Discovery that does something else is no silent loss', () => {
  const files = { ...FILES, 'common/env.yaml': '[{op: remove, path: /spec/replicas}]' };
  expect(() => rendered({}, files)).toThrow(
    'a patch of node-feature-discovery does not add: remove /spec/replicas',
  );
});
