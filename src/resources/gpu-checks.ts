import type { Cluster, Host } from '#core/cluster.ts';
import type { Json } from '#core/json.ts';
import { embed, lines, sh } from '#core/shell.ts';
import { type ClusterCheck, fails, holds, type Verdict } from '#core/verification.ts';
import { kubectl } from '#facts/kubectl.ts';

import { podDiagnosis } from './check-diagnoses.ts';
import { kubectlIn, lastLine, nodesJson } from './check-scripts.ts';
import { RUNTIME_CLASS } from './device-plugin.ts';
import { GPU_LABEL } from './gpu-node.ts';
import { VERIFY_NAMESPACE } from './verify-objects.ts';

/** What `slipway verify` tries of GPUs, where the inventory speaks of them. */
export function gpuChecks(cluster: Cluster, names: readonly string[]): readonly ClusterCheck[] {
  const { devicePlugin, vectorAddImage } = cluster.gpu;
  const hosts = cluster.hosts.filter(({ name, gpu }) => gpu !== false && names.includes(name));
  if (hosts.length === 0 || devicePlugin.type === 'none') return [];
  const isRenamed = devicePlugin.type === 'nvidia' && devicePlugin.sharing?.isRenamed === true;
  const resource = isRenamed ? 'nvidia.com/gpu.shared' : 'nvidia.com/gpu';
  return [
    gpuCount(hosts),
    ...(vectorAddImage === undefined ? [] : [vectorAdd(hosts, vectorAddImage, resource)]),
  ];
}

/** Nodes with GPUs offer some. That they are as many as the driver sees, phase `verify` of a plan compares. */
const gpuCount = (hosts: readonly Host[]): ClusterCheck => ({
  name: 'GpuCount',
  summary: 'nodes with GPUs offer them',
  needs: ['ApiServer'],
  isActive: false,
  timeoutMs: 30_000,
  settleMs: 60_000,
  script: nodesJson,
  judge: ({ code, stdout, stderr }) =>
    code === 0 ? judgeNodes(hosts, JSON.parse(stdout) as NodeList) : fails(lastLine(stderr)),
});

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
    readonly status?: { readonly allocatable?: Readonly<Record<string, string>> };
  }[];
}

function judgeNodes(hosts: readonly Host[], { items }: NodeList): Verdict {
  const nodes = hosts.map(({ name, gpu }) => {
    const node = items.find(({ metadata }) => metadata.name === name);
    const isGpuNode = node?.metadata.labels?.[GPU_LABEL] === 'true';
    const offered = Object.entries(node?.status?.allocatable ?? {})
      .filter(([resource, count]) => /^nvidia\.com\/(gpu|mig-)/.test(resource) && Number(count) > 0)
      .map(([resource, count]) => `${count} ${resource}`);
    return { name, isWanted: gpu === true || isGpuNode, offered };
  });
  const wanted = nodes.filter(({ isWanted }) => isWanted);
  const without = wanted.filter(({ offered }) => offered.length === 0).map(({ name }) => name);
  if (without.length > 0) {
    return fails(
      `${without.join(', ')} offer${without.length === 1 ? 's' : ''} no GPU`,
      'see the device plugin there: kubectl -n kube-system logs -l name=nvidia-device-plugin-ds; slipway apply compares with the driver',
    );
  }
  if (wanted.length === 0) return holds('no host has any');
  return holds(wanted.map(({ name, offered }) => `${name}: ${offered.join(', ')}`).join('; '));
}

const LABEL = 'slipway-vectoradd';

/**
 * CUDA's sample runs on every node with GPUs.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html (cuda-vectoradd)
 */
const vectorAdd = (hosts: readonly Host[], image: string, resource: string): ClusterCheck => ({
  name: 'GpuVectorAdd',
  summary: "NVIDIA's vectorAdd runs on nodes with GPUs",
  needs: ['GpuCount'],
  isActive: true,
  timeoutMs: 900_000,
  settleMs: 0,
  diagnosis: podDiagnosis(VERIFY_NAMESPACE),
  script: lines(
    sh`set -e`,
    sh`for node in ${hosts.map(({ name }) => name)}; do`,
    sh`[ "$(${embed(kubectl)} get node "$node" -o jsonpath=${`{.metadata.labels.${GPU_LABEL.replaceAll('.', '\\.')}}`})" = true ] || continue`,
    sh`printf %s ${JSON.stringify(pod(image, resource))} | sed "s/@node@/$node/g" | ${embed(kubectl)} apply --server-side --field-manager=slipway -f - >/dev/null`,
    sh`${embed(kubectlIn(VERIFY_NAMESPACE, 'wait', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=300s'))} "pod/vectoradd-$node" >/dev/null`,
    sh`echo "$node"`,
    sh`done`,
  ),
  judge: ({ code, stdout, stderr }) =>
    code === 0
      ? holds(`on ${stdout.trim().split('\n').join(', ')}`)
      : fails(
          lastLine(stderr) || 'it did not end well',
          `kubectl -n ${VERIFY_NAMESPACE} logs -l app=${LABEL}`,
        ),
});

const pod = (image: string, resource: string): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'vectoradd-@node@', namespace: VERIFY_NAMESPACE, labels: { app: LABEL } },
  spec: {
    restartPolicy: 'Never',
    runtimeClassName: RUNTIME_CLASS,
    nodeSelector: { 'kubernetes.io/hostname': '@node@' },
    tolerations: [{ operator: 'Exists' }],
    containers: [{ name: 'vectoradd', image, resources: { limits: { [resource]: 1 } } }],
  },
});
