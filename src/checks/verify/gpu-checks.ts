import type { Cluster, Host } from '#core/cluster.ts';
import { embed, lines, sh } from '#core/shell.ts';
import { type ClusterCheck, type Diagnosis, fails, holds, type Verdict } from '#core/verification.ts';
import { kubectl } from '#facts/kubectl.ts';
import { type KubernetesObject, readObjects } from '#facts/kubernetes-object.ts';
import { nvidiaPlugin } from '#objects/device-plugin.ts';
import { GPU_LABEL } from '#objects/gpu-labels.ts';
import { HAMI_PLUGIN } from '#objects/hami-chart.ts';
import { objectTemplate } from '#objects/object-templates.ts';
import type { Workload } from '#objects/workload.ts';

import { settleMsOf } from './cluster-checks.ts';
import { podDiagnosis } from './diagnoses.ts';
import { kubectlIn, lastLine, nodesJson } from './scripts.ts';
import { VERIFY_NAMESPACE } from './verify-objects.ts';

/** What `slipway verify` tries of GPUs, where the inventory speaks of them. */
export function gpuChecks(cluster: Cluster, names: readonly string[]): readonly ClusterCheck[] {
  const { devicePlugin, vectorAddImage } = cluster.gpu;
  const hosts = cluster.hosts.filter(({ name, gpu }) => gpu !== false && names.includes(name));
  if (hosts.length === 0 || devicePlugin.type === 'none') return [];
  return [
    gpuCount(cluster, hosts, devicePlugin.type === 'hami' ? HAMI_PLUGIN : nvidiaPlugin),
    ...(vectorAddImage === undefined ? [] : [vectorAdd(cluster, hosts, vectorAddImage)]),
  ];
}

/** Nodes with GPUs offer some. Phase `verify` of a plan compares how many with what the driver sees. */
const gpuCount = (cluster: Cluster, hosts: readonly Host[], plugin: Workload): ClusterCheck => ({
  name: 'GpuCount',
  summary: 'nodes with GPUs offer them',
  needs: ['ApiServer'],
  isActive: false,
  timeoutMs: 30_000,
  settleMs: settleMsOf(cluster),
  script: nodesJson,
  judge: ({ code, stdout, stderr }) =>
    code === 0 ? judgeNodes(hosts, plugin, readObjects(stdout)) : fails(lastLine(stderr)),
});

function judgeNodes(hosts: readonly Host[], plugin: Workload, found: readonly KubernetesObject[]): Verdict {
  const nodes = hosts.map(({ name, gpu }) => {
    const node = found.find(({ metadata }) => metadata.name === name);
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
      `see the device plugin there: kubectl -n ${plugin.namespace} logs -l ${plugin.selector}; slipway apply compares with the driver`,
    );
  }
  if (wanted.length === 0) return holds('no host has any');
  return holds(wanted.map(({ name, offered }) => `${name}: ${offered.join(', ')}`).join('; '));
}

/**
 * CUDA's sample runs on every node with GPUs, on all of them at once: it asks for the first of what a node offers,
 * which is a GPU, a share of one, or a MIG device.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html (cuda-vectoradd)
 */
function vectorAdd({ verify }: Cluster, hosts: readonly Host[], image: string): ClusterCheck {
  const seconds = Math.ceil(verify.timeoutMs / 1000);
  return {
    name: 'GpuVectorAdd',
    summary: "NVIDIA's vectorAdd runs on nodes with GPUs",
    needs: ['GpuCount'],
    isActive: true,
    timeoutMs: verify.timeoutMs + 60_000 + hosts.length * 2000,
    settleMs: 0,
    diagnosis: vectorAddDiagnosis,
    script: lines(
      sh`set -e`,
      sh`nodes=`,
      sh`for node in ${hosts.map(({ name }) => name)}; do`,
      sh`[ "$(${embed(kubectl)} get node "$node" -o jsonpath=${`{.metadata.labels.${GPU_LABEL.replaceAll('.', '\\.')}}`})" = true ] || continue`,
      sh`resource=$(${embed(kubectl)} get node "$node" -o jsonpath='{.status.allocatable}' | tr ',{}' '\n' | sed -n -E ${OFFERED} | head -n 1)`,
      sh`printf %s ${JSON.stringify(objectTemplate('verify/vector-add.yaml', { image }))} | sed "s|@node@|$node|g; s|@resource@|$resource|" | ${embed(kubectl)} apply --server-side --field-manager=slipway -f - >/dev/null`,
      sh`nodes="$nodes $node"`,
      sh`done`,
      sh`end=$(($(date +%s) + ${seconds}))`,
      sh`for node in $nodes; do`,
      sh`until phase=$(${embed(kubectlIn(VERIFY_NAMESPACE, 'get', '-o', 'jsonpath={.status.phase}'))} pod "vectoradd-$node"); [ "$phase" = Succeeded ]; do`,
      sh`[ "$phase" != Failed ] || { echo "vectorAdd failed on $node" >&2; exit 1; }`,
      sh`[ "$(date +%s)" -lt "$end" ] || { echo ${`no end of vectorAdd after ${seconds} s`} "on $node" >&2; exit 1; }`,
      sh`sleep 1`,
      sh`done`,
      sh`echo "$node"`,
      sh`done`,
    ),
    judge: ({ code, stdout, stderr }) => {
      if (code !== 0)
        return fails(
          lastLine(stderr) || 'it did not end well',
          'see nvidia-smi there, who else has its GPUs, and what verify.timeout leaves for the image to come',
        );
      const nodes = stdout.trim();
      return holds(nodes === '' ? 'no host has any' : `on ${nodes.split('\n').join(', ')}`);
    },
  };
}

/** Without the hint to read a log: the pod is gone by then. */
const vectorAddDiagnosis: Diagnosis = {
  ...podDiagnosis(VERIFY_NAMESPACE),
  read: (stdout) =>
    podDiagnosis(VERIFY_NAMESPACE)
      .read(stdout)
      .map(({ hint, ...reason }) =>
        reason.kind === 'container' || hint === undefined ? reason : { ...reason, hint },
      ),
};

/** For sed: the names of GPU resources of which a node offers at least one. */
const OFFERED = 's/^"(nvidia\\.com\\/(gpu|gpu\\.shared|mig-[^"]+))":"[1-9][0-9]*"$/\\1/p';
