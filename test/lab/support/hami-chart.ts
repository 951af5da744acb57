import { join } from 'node:path';

import type { LabWeb } from '../../../scripts/lab/web-server.ts';
import { packedChart, writeTree } from './addon-files.ts';

/**
 * Serves stand-ins for HAMi's chart as a repository of charts has them: the kinds, names and hooks of 2.10.0 that
 * slipway changes, waits for or deletes, from the same values. Both helm and its stand-in render them.
 *
 * @returns the URL of the repository.
 * @see https://github.com/Project-HAMi/HAMi/tree/v2.10.0/charts/hami
 */
export function serveHamiCharts(web: LabWeb, directory: string, versions: readonly string[]): string {
  const entries = versions.map((version) => {
    const path = join(directory, version);
    writeTree(path, chartFiles(version));
    const packed = web.serve(`/hami/hami-${version}.tgz`, packedChart(path, 'hami'));
    return { apiVersion: 'v2', name: 'hami', version, urls: [packed] };
  });
  web.serve('/hami/index.yaml', JSON.stringify({ apiVersion: 'v1', entries: { hami: entries } }));
  return `${web.url}/hami`;
}

const image = { registry: '', repository: '', tag: '' };

const VALUES = {
  fullnameOverride: '',
  global: { imageTag: '' },
  scheduler: { kubeScheduler: { image }, extender: { image } },
  devicePlugin: {
    image,
    monitor: { image },
    deviceSplitCount: 2,
    deviceMemoryScaling: 2,
    deviceCoreScaling: 2,
    runtimeClassName: '',
    nvidiaNodeSelector: { gpu: 'on' },
    tolerations: [],
    podAnnotations: {},
    nodeConfiguration: { config: '{"nodeconfig": []}' },
  },
};

const imageOf = (path: string): string =>
  ['registry', 'repository'].map((key) => `{{ .Values.${path}.image.${key} }}`).join('/') +
  `:{{ .Values.${path}.image.tag }}`;

const NAME = '{{ .Values.fullnameOverride }}';

const chartFiles = (version: string): Readonly<Record<string, string>> => ({
  'hami/Chart.yaml': JSON.stringify({ apiVersion: 'v2', name: 'hami', version }),
  'hami/values.yaml': JSON.stringify(VALUES),
  'hami/templates/daemonset.yaml': DAEMON_SET,
  'hami/templates/scheduler.yaml': SCHEDULER,
  'hami/templates/roles.yaml': ROLES,
  // In the real chart, too, the templates of both Jobs are others with each version.
  'hami/templates/job-create.yaml': hookOf('create', 'pre-install,pre-upgrade', version),
  'hami/templates/job-patch.yaml': hookOf('patch', 'post-install,post-upgrade', version),
});

const hookOf = (name: string, hook: string, version: string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${NAME}-admission-${name}
  annotations: {"helm.sh/hook": "${hook}", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded"}
spec:
  template:
    metadata: {labels: {helm.sh/chart: hami-${version}}}
    spec:
      restartPolicy: OnFailure
      serviceAccountName: ${NAME}-scheduler
      containers:
        - {name: ${name}, image: "docker.io/liangjw/kube-webhook-certgen:v1.1.1", args: [${name}, "--secret-name=${NAME}-scheduler-tls"]}
`;

const DAEMON_SET = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${NAME}-device-plugin
spec:
  selector: {matchLabels: {app.kubernetes.io/component: hami-device-plugin}}
  updateStrategy: {type: RollingUpdate}
  template:
    metadata:
      labels: {app.kubernetes.io/component: hami-device-plugin, hami.io/webhook: ignore}
      annotations: {{ toJson .Values.devicePlugin.podAnnotations }}
    spec:
      runtimeClassName: {{ .Values.devicePlugin.runtimeClassName }}
      priorityClassName: system-node-critical
      nodeSelector: {{ toJson .Values.devicePlugin.nvidiaNodeSelector }}
      tolerations: {{ toJson .Values.devicePlugin.tolerations }}
      containers:
        - name: device-plugin
          image: "${imageOf('devicePlugin')}"
          command: [nvidia-device-plugin, --config-file=/device-config.yaml]
          # In place of the real chart's annotation with a checksum of the ConfigMap.
          env: [{name: CHECKSUM, value: "{{ .Values.devicePlugin.deviceSplitCount }}"}]
        - name: vgpu-monitor
          image: "${imageOf('devicePlugin.monitor')}"
          command: [vGPUmonitor]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${NAME}-device-plugin
data:
  config.json: {{ toJson .Values.devicePlugin.nodeConfiguration.config }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${NAME}-scheduler-device
data:
  device-config.yaml: |
    nvidia:
      deviceSplitCount: {{ .Values.devicePlugin.deviceSplitCount }}
      deviceMemoryScaling: {{ .Values.devicePlugin.deviceMemoryScaling }}
      deviceCoreScaling: {{ .Values.devicePlugin.deviceCoreScaling }}
`;

const SCHEDULER = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${NAME}-scheduler
spec:
  replicas: 1
  selector: {matchLabels: {app.kubernetes.io/component: hami-scheduler}}
  template:
    metadata: {labels: {app.kubernetes.io/component: hami-scheduler, hami.io/webhook: ignore}}
    spec:
      serviceAccountName: ${NAME}-scheduler
      containers:
        - {name: kube-scheduler, image: "${imageOf('scheduler.kubeScheduler')}"}
        - {name: vgpu-scheduler-extender, image: "${imageOf('scheduler.extender')}"}
---
apiVersion: v1
kind: Service
metadata:
  name: ${NAME}-scheduler
spec:
  type: NodePort
  selector: {app.kubernetes.io/component: hami-scheduler}
  ports: [{name: http, port: 443, targetPort: 443, nodePort: 31998, protocol: TCP}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: ${NAME}-webhook
webhooks:
  - name: vgpu.hami.io
    admissionReviewVersions: [v1beta1]
    sideEffects: None
    failurePolicy: Ignore
    clientConfig: {service: {name: ${NAME}-scheduler, namespace: "{{ .Release.Namespace }}", path: /webhook, port: 443}}
    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: "*"}]
`;

const ROLES = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${NAME}-scheduler
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${NAME}-scheduler
rules: [{apiGroups: [""], resources: [nodes], verbs: [get, list, patch, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${NAME}-scheduler
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${NAME}-scheduler}
subjects: [{kind: ServiceAccount, name: ${NAME}-scheduler, namespace: "{{ .Release.Namespace }}"}]
`;
