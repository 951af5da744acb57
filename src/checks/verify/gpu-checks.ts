import type { Cluster, Host } from '#core/cluster.ts';
import { embed, lines, sh } from '#core/shell.ts';
import { type ClusterCheck, type Diagnosis, fails, holds, type Verdict } from '#core/verification.ts';
import { apiWatch } from '#facts/api-watch.ts';
import { kubectl } from '#facts/kubectl.ts';
import { type KubernetesObject, readObjects } from '#facts/kubernetes-object.ts';
import { nvidiaPlugin } from '#objects/device-plugin.ts';
import { GPU_LABEL } from '#core/gpu-labels.ts';
import { HAMI_PLUGIN } from '#objects/hami-chart.ts';
import { objectTemplate } from '#objects/object-templates.ts';
import type { Workload } from '#objects/workload.ts';

import { settleOf } from './cluster-checks.ts';
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
  timeoutMs: 30_000,
  settle: { ...settleOf(cluster), watch: apiWatch('/api/v1/nodes') },
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
  return {
    name: 'GpuVectorAdd',
    summary: "NVIDIA's vectorAdd runs on nodes with GPUs",
    needs: ['GpuCount'],
    isActive: true,
    timeoutMs: 60_000 + hosts.length * 2000,
    settle: {
      timeoutMs: verify.timeoutMs,
      hopeless: ({ stdout }) => failedOn(stdout),
      watch: apiWatch(`/api/v1/namespaces/${VERIFY_NAMESPACE}/pods?labelSelector=app=vectoradd`),
    },
    diagnosis: vectorAddDiagnosis,
    prepare: lines(
      sh`set -e`,
      sh`for node in ${hosts.map(({ name }) => name)}; do`,
      sh`[ "$(${embed(kubectl)} get node "$node" -o jsonpath=${`{.metadata.labels.${GPU_LABEL.replaceAll('.', '\\.')}}`})" = true ] || continue`,
      sh`resource=$(${embed(kubectl)} get node "$node" -o jsonpath='{.status.allocatable}' | tr ',{}' '\n' | sed -n -E ${OFFERED} | head -n 1)`,
      sh`printf %s ${JSON.stringify(objectTemplate('verify/vector-add.yaml', { image }))} | sed "s|@node@|$node|g; s|@resource@|$resource|" | ${embed(kubectl)} apply --server-side --field-manager=slipway -f - >/dev/null`,
      sh`done`,
    ),
    script: kubectlIn(
      VERIFY_NAMESPACE,
      'get',
      'pods',
      '--selector=app=vectoradd',
      `--output=jsonpath=${PHASES}`,
    ),
    judge: ({ code, stdout, stderr }) => {
      if (code !== 0) return fails(lastLine(stderr) || 'it did not end well', HINT);
      const open = ofPhase(stdout, /^(?!Succeeded$)/)[0];
      const why = failedOn(stdout) ?? `no end of vectorAdd after ${verify.timeoutMs / 1000} s on ${open}`;
      if (open !== undefined) return fails(why, HINT);
      return holds(stdout.trim() === '' ? 'no host has any' : `on ${ofPhase(stdout, /./).join(', ')}`);
    },
  };
}

const HINT =
  'see nvidia-smi there, who else has its GPUs, and what verify.timeout leaves for the image to come';

/** A line a pod: the node that it is for, where it may not be yet, and its phase. */
const PHASES = '{range .items[*]}{.spec.nodeSelector.kubernetes\\.io/hostname} {.status.phase}{"\\n"}{end}';

/** The nodes whose pods are in such a phase. */
const ofPhase = (stdout: string, wanted: RegExp): readonly string[] =>
  stdout
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([node = '', phase = '']) => (node !== '' && wanted.test(phase) ? [node] : []));

const failedOn = (stdout: string): string | undefined =>
  ofPhase(stdout, /^Failed$/).map((node) => `vectorAdd failed on ${node}`)[0];

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
