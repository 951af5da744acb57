import { type Document, isMap, parseAllDocuments, parseDocument, stringify } from 'yaml';

import { freeMap } from '#core/schema.ts';
import { sha256Of } from '#core/sha256.ts';
import { objectTemplates, writeObjects } from '#objects/object-templates.ts';

import { defineAddon } from './addon.ts';

const NAMESPACE = 'node-feature-discovery';

/** The same in both releases. */
const FILES = {
  'deployment/overlays/default/namespace.yaml':
    '0885c927d6b626f25ab55433230a45b0af96fe20b4601cc90ee7091e1a7248ec',
  'deployment/base/nfd-crds/nfd-api-crds.yaml':
    'f8a40048b99110feaee4813dbb92ebfdaa3c7d722e1836a804207e22f72a9072',
  'deployment/base/rbac/master-serviceaccount.yaml':
    '32373ae05f89d0c0d03810b6bc9157f364acdad4a59ec1a3b3496de2471c0495',
  'deployment/base/rbac/master-clusterrolebinding.yaml':
    '147736c046b94862ab285307262ff08903591799201dadb22300d46eae41d89a',
  'deployment/base/rbac/worker-serviceaccount.yaml':
    '5cae2b81ac2de2daad9459a2984454383b2cea41f175b5471153809fa96c70f6',
  'deployment/base/rbac/worker-role.yaml': '87bb724c9de80831f7ddc848ea1c7b262c011522cd8ad357532d87f8f6171493',
  'deployment/base/rbac/worker-rolebinding.yaml':
    '5789ae994dc1e73f7c3b2c55cd8a62c355485754fa68bb223956d65cad8a547e',
  'deployment/base/gc/gc-serviceaccount.yaml':
    'b16f5595531d78c7a2c700218e7940b5b29ca6990daf8762575b70cd21cf6a0c',
  'deployment/base/gc/gc-clusterrolebinding.yaml':
    '3d3696f52b8f8088bc06bfbf90663ce6178215951c9d8d624118ac59709b6549',
  'deployment/components/common/env.yaml': 'd225a6384e2a77122236ca2e2d0d97a5d32ebad8cc8abbf8772f3b334ad970ed',
  'deployment/components/common/securitycontext.yaml':
    '976980a6103b8f16004be560a9dd482fe678dd2854a628e1aec3e5f8939a035e',
  'deployment/components/common/master-affinity.yaml':
    'd743acb9718d6cf2168bd09514e4a52544a588bfa64f6c2a5d0ce2374c39a8e0',
  'deployment/components/common/master-mounts.yaml':
    '1e780adafc3609bf539f7c45ce3b34d7e69d4fc7efc49c16e372829d838969e1',
  'deployment/components/common/worker-mounts.yaml':
    '63b079c0c20237bf40f0c63f5a4aa314a72106b6ce0f2300b2af3b20c710fd0a',
};

/**
 * Patches of the project's own, in its order: what kustomize would apply, and the workloads that each is for.
 *
 * @see https://github.com/kubernetes-sigs/node-feature-discovery/blob/v0.19.0/deployment/components/common/kustomization.yaml
 */
const PATCHES = {
  env: /^nfd/,
  securitycontext: /^nfd/,
  'master-affinity': /^nfd-master$/,
  'master-mounts': /^nfd-master$/,
  'worker-mounts': /^nfd-worker$/,
};

const patchPath = (name: string): string => `deployment/components/common/${name}.yaml`;

const V19 = {
  'deployment/base/rbac/master-clusterrole.yaml':
    '85e4c71ebae5a14b2923f78a1c2fe9bbed6cad5583e4f5a0f16373a1a9e6d93f',
  'deployment/base/gc/gc-clusterrole.yaml':
    '1b9271e0aa76513d3fde6030c62ad15a0e1cb4e243f26eaca319df6cea201536',
  'deployment/base/master/master-deployment.yaml':
    'b417d473ad548f2404b69e980db0f1727afd40e7f5d4e59486308ab6abd4bb35',
  'deployment/base/worker-daemonset/worker-daemonset.yaml':
    '324d868fc09f6b0146cc0b903d7837e609850fdac4104ef14e5243157794f4bc',
  'deployment/base/gc/gc.yaml': '38a0d6b6e36b9ecf0af2932c27a5e74da0c43d2ae2226398edc8eb247970b134',
};

const V18 = {
  'deployment/base/rbac/master-clusterrole.yaml':
    '196bf407187e4307b2f8ceb675fe7fcd19cb201ce67a73b38df607fb4c21befb',
  'deployment/base/gc/gc-clusterrole.yaml':
    '9d649361b9b7ccf891b3ec0b6189f8ed3ff377cf3f8660cd8124e0e463112cc1',
  'deployment/base/master/master-deployment.yaml':
    '73d8f94da942473535bd594dd5fb07ec958f2c9436c68421a6b2f46e59cd1082',
  'deployment/base/worker-daemonset/worker-daemonset.yaml':
    '47348738683d04e38c07710cfa5c8c6c61ba45be185f15429cef067ef0ea8907',
  'deployment/base/gc/gc.yaml': '8a4034ccc1564f77c266e567b300b9a9ce0892802b53fbd2dc599bdf5b6f1226',
};

const filesOf = (own: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...FILES,
  ...own,
});

/**
 * Node Feature Discovery as kustomize makes it of the project's default overlay, but for names of ConfigMaps with their digest.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/kubernetes-sigs/node-feature-discovery/blob/v0.19.0/deployment/overlays/default/kustomization.yaml
 */
export const nodeFeatureDiscovery = defineAddon({
  name: 'node-feature-discovery',
  summary: 'Node Feature Discovery: labels of what processors, devices and kernels of nodes can do.',
  changes: 'the configuration of its worker and its master; its worker runs on nodes with taints too',
  repository: 'kubernetes-sigs/node-feature-discovery',
  releases: [
    { version: '0.19.0', files: filesOf(V19) },
    { version: '0.18.3', files: filesOf(V18) },
  ],
  file: 'node-feature-discovery.yaml',
  namespaces: [NAMESPACE],
  schema: {
    workerConfig: freeMap('nfd-worker.conf: which sources are looked at, and what of them becomes a label.', {
      examples: [{ core: { labelSources: ['pci', 'cpu'] } }],
    }),
    masterConfig: freeMap('nfd-master.conf.', { examples: [{ enableTaints: true }] }),
  },
  defaults: { workerConfig: {}, masterConfig: {} },
  render: (files, { isOwn, sources, settings: { workerConfig, masterConfig } }) => {
    if (isOwn) return files.join('');
    const texts = new Map(sources.map(({ location }, index) => [location, files[index] ?? '']));
    const patches = Object.entries(PATCHES).map(([name, isFor]) => ({
      isFor,
      operations: operationsOf(
        [...texts].find(([location]) => location.endsWith(patchPath(name)))?.[1] ?? '',
      ),
    }));
    const objects = [...texts]
      .filter(([location]) => !location.includes('/deployment/components/'))
      .flatMap(([, text]) => parseAllDocuments(text) as readonly Document[])
      .filter(({ contents }) => isMap(contents));
    const [worker, master] = [stringify(workerConfig), stringify(masterConfig)];
    for (const object of objects) {
      place(object);
      if (!object.hasIn(['spec', 'template'])) continue;
      const name = String(object.getIn(['metadata', 'name']));
      for (const { isFor, operations } of patches) if (isFor.test(name)) apply(object, operations);
      if (name === 'nfd-worker') object.setIn([...POD, 'tolerations'], [{ operator: 'Exists' }]);
      const config = { 'nfd-worker': worker, 'nfd-master': master }[name];
      if (config !== undefined)
        object.setIn(['spec', 'template', 'metadata', 'annotations', 'slipway/config'], sha256Of(config));
    }
    const configs = objectTemplates('addons/node-feature-discovery-config.yaml', { worker, master });
    return writeObjects([...objects.slice(0, 1), ...configs, ...objects.slice(1)]);
  },
});

const POD = ['spec', 'template', 'spec'] as const;

/** Objects of these kinds are in no namespace. */
const OF_THE_CLUSTER = /^(Namespace|CustomResourceDefinition|ClusterRole|ClusterRoleBinding)$/;

/** As `namespace` of a kustomization does. */
function place(object: Document): void {
  if (!OF_THE_CLUSTER.test(String(object.get('kind')))) object.setIn(['metadata', 'namespace'], NAMESPACE);
  if (object.hasIn(['subjects', 0])) object.setIn(['subjects', 0, 'namespace'], NAMESPACE);
}

interface Operation {
  readonly path: string;
  readonly value: unknown;
}

/** Of a JSON patch that only adds. @see https://www.rfc-editor.org/rfc/rfc6902#section-4.1 */
function operationsOf(text: string): readonly Operation[] {
  const operations = (parseDocument(text).toJS() ?? []) as readonly (Operation & { readonly op: string })[];
  const other = operations.find(({ op }) => op !== 'add');
  if (other !== undefined)
    throw new TypeError(`a patch of ${NAMESPACE} does not add: ${other.op} ${other.path}`);
  return operations;
}

function apply(object: Document, operations: readonly Operation[]): void {
  for (const { path, value } of operations) {
    const keys = path.split('/').slice(1);
    const node = object.createNode(value);
    if (keys.at(-1) === '-') object.addIn(keys.slice(0, -1), node);
    else
      object.setIn(
        keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
        node,
      );
  }
}
