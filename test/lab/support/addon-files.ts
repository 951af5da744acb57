import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** What every Kubernetes host has already, and what starts without asking for anything. */
export const IMAGE = 'registry.k8s.io/pause:3.10.1';

interface DeploymentOptions {
  readonly replicas?: number;
  readonly image?: string;
}

export const deployment = (
  namespace: string,
  name: string,
  { replicas, image = IMAGE }: DeploymentOptions = {},
) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    ...(replicas !== undefined && { replicas }),
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image, imagePullPolicy: 'IfNotPresent' }] },
    },
  },
});

export const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const configMap = (
  place: string | undefined,
  name: string,
  data: Readonly<Record<string, string>>,
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(place !== undefined && { namespace: place }) },
  data,
});

export const definition = (group: string, kind: string) => {
  const plural = `${kind.toLowerCase()}s`;
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
};

export const yaml = (...objects: readonly object[]): string =>
  objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join('');

/** A chart that the real helm and its stand-in both render, with its paths below a directory. */
export function chartFiles(directory: string): Readonly<Record<string, string>> {
  const files = {
    'Chart.yaml': JSON.stringify({
      apiVersion: 'v2',
      name: 'web',
      version: '1.2.3',
      kubeVersion: '>=1.21.0-0',
    }),
    'values.yaml': JSON.stringify({ replicas: 1, colour: 'blue' }),
    'crds/gadget.yaml': JSON.stringify(definition('example.com', 'Gadget')),
    'templates/web.yaml': stringify({
      ...deployment('NAMESPACE', '{{ .Release.Name }}'),
      metadata: { name: '{{ .Release.Name }}' },
    }),
    'templates/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  colour: {{ .Values.colour }}
  kubernetes: {{ .Capabilities.KubeVersion.Version }}
`,
    'templates/hook.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {"helm.sh/hook": pre-install}
spec:
  ttlSecondsAfterFinished: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "${IMAGE}"}]
`,
    'templates/test.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test
  annotations: {"helm.sh/hook": test}
spec: {containers: [{name: main, image: "${IMAGE}"}]}
`,
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]));
}

/** Manifests, a kustomization and charts as an operator would have them. */
export const USER_FILES: Readonly<Record<string, string>> = {
  'apps.yaml': yaml(namespace('apps'), deployment('apps', 'web', { replicas: 2 }), {
    apiVersion: 'v1',
    kind: 'List',
    items: [configMap('apps', 'settings', { a: '1' })],
  }),
  'widgets/10-definition.yaml': yaml(definition('widgets.example.com', 'Widget')),
  'widgets/20-widget.json': JSON.stringify({
    apiVersion: 'widgets.example.com/v1',
    kind: 'Widget',
    metadata: { name: 'first' },
    spec: { size: 3 },
  }),
  'agents/base/kustomization.yaml': yaml({ resources: ['agent.yaml', 'settings.yaml'] }),
  'agents/base/settings.yaml': yaml(configMap(undefined, 'settings', { a: '1' })),
  'agents/base/agent.yaml': yaml({
    ...deployment('default', 'agent'),
    kind: 'DaemonSet',
    spec: {
      ...deployment('default', 'agent').spec,
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: {
          ...deployment('default', 'agent').spec.template.spec,
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
  }),
  'agents/overlay/kustomization.yaml': yaml({
    namespace: 'default',
    namePrefix: 'agents-',
    resources: ['../base'],
  }),
  ...chartFiles('charts/web'),
  // An object belongs to one set: the definition is that of the other.
  ...withoutDefinitions(chartFiles('packed/web')),
};

function withoutDefinitions(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes('/crds/')));
}

/** Writes files below a directory. */
export function writeTree(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A chart as repositories have it. */
export function packedChart(directory: string, name: string): Buffer {
  const file = join(directory, `${name}.tgz`);
  execFileSync('tar', ['-C', directory, '-czf', file, name]);
  return readFileSync(file);
}
