import { type Cluster, hasKubeProxy } from '#core/cluster.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import {
  type CheckOutput,
  type ClusterCheck,
  type Diagnosis,
  fails,
  holds,
  type Verdict,
} from '#core/verification.ts';
import { apiWatch, namedPath } from '#facts/api-watch.ts';

import { dnsDiagnosis, imageHint, podDiagnosis } from './diagnoses.ts';
import { kubectlIn, lastLine } from './scripts.ts';
import { VERIFY_NAMESPACE, verifyDeployment, verifyObjects } from './verify-objects.ts';

/** At most so many nodes are asked for a NodePort; in a large cluster these stand for all. */
const NODES_ASKED = 10;
/** Rules for a new Service or name reach every node within moments; longer than this is a fault. */
const PATIENCE_MS = 30_000;
const TRIES_TIMEOUT_MS = 120_000;

const patienceOf = ({ verify }: Cluster) => ({ timeoutMs: Math.min(PATIENCE_MS, verify.timeoutMs) });

const inPod = (...argv: readonly string[]) => kubectlIn(VERIFY_NAMESPACE, 'exec', 'client', '--', ...argv);

/** `timeout` limits it, for wget's own option cannot be relied on (busybox 1.35 of Debian crashes with it). */
const fetch = sh`timeout 8 ${embed(inPod('wget', '-q', '-O', '-'))}`;

/** Generation and what is seen of it; pods wanted, made anew, there at all, and available. */
const ROLLOUT =
  '{.metadata.generation} {.status.observedGeneration} {.spec.replicas} {.status.updatedReplicas} {.status.replicas} {.status.availableReplicas}';

/** The Deployment has the pods that it is to have now, and no others. */
const isRolledOut = sh`set -- $(${embed(kubectlIn(VERIFY_NAMESPACE, 'get', 'deployment', 'web', `--output=jsonpath=${ROLLOUT}`))}); [ "$1 $3 $3 $3" = "$2 $4 $5 $6" ] || { echo ${'the Deployment web is not rolled out'} >&2; exit 1; }`;

const READY = '{.status.conditions[?(@.type=="Ready")].status}';

/** A Deployment of one pod and a pod to ask from come up: scheduled, pulled, networked, ready. */
export const workload = (cluster: Cluster): ClusterCheck => ({
  ...active(cluster, 'Workload', 'a Deployment and a pod come up', ['ApiServer'], workloadDiagnosis(cluster)),
  settle: { timeoutMs: cluster.verify.timeoutMs, watch: workloadWatch },
  prepare: sh`printf %s ${verifyObjects(cluster, 1)} | ${embed(applied)} >/dev/null`,
  script: lines(
    sh`set -e`,
    isRolledOut,
    sh`[ "$(${embed(kubectlIn(VERIFY_NAMESPACE, 'get', 'pod', 'client', `--output=jsonpath=${READY}`))})" = True ] || { echo ${'the pod client is not ready'} >&2; exit 1; }`,
    kubectlIn(
      VERIFY_NAMESPACE,
      'get',
      'pods',
      '--no-headers',
      '--output=custom-columns=A:.metadata.labels.app,N:.spec.nodeName',
    ),
  ),
  judge: ({ code, stdout, stderr }) => {
    if (code !== 0) return fails(lastLine(stderr) || 'not ready in time');
    const nodes = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const on = (app: string): string => nodes.find(([name]) => name === app)?.[1] ?? 'no node';
    const isAlone = on('web') === on('client');
    return holds(
      `the server on ${on('web')}, the client on ${on('client')}${isAlone ? ', the same: no other node takes them' : ''}`,
    );
  },
});

const workloadWatch = apiWatch(
  namedPath(`/apis/apps/v1/namespaces/${VERIFY_NAMESPACE}/deployments`, 'web'),
  namedPath(`/api/v1/namespaces/${VERIFY_NAMESPACE}/pods`, 'client'),
);

const workloadDiagnosis = (cluster: Cluster): Diagnosis => {
  const { script, read } = podDiagnosis(VERIFY_NAMESPACE);
  const hint = imageHint(cluster);
  return {
    script,
    read: (stdout) =>
      read(stdout).map((reason) =>
        /^(image pull|container)$/.test(reason.kind) ? { ...reason, hint } : reason,
      ),
  };
};

/** Names of services are found from within a pod. */
export const podDns = (cluster: Cluster): ClusterCheck => {
  const { dnsDomain } = cluster.kubernetes;
  const names = [`kubernetes.default.svc.${dnsDomain}`, `web.${VERIFY_NAMESPACE}.svc.${dnsDomain}`];
  return {
    ...active(cluster, 'PodDNS', 'cluster DNS answers in a pod', ['Workload'], dnsDiagnosis()),
    script: lines(sh`set -e`, ...names.map((name) => sh`timeout 15 ${embed(inPod('nslookup', name))}`)),
    judge: ({ code, stdout, stderr }) =>
      code === 0 ? holds(names.join(', ')) : fails(lastLine(stderr) || lastLine(stdout) || 'no answer'),
  };
};

/** Who to ask where a Service does not answer. */
const serviceMaker = (cluster: Cluster): string =>
  hasKubeProxy(cluster)
    ? 'kube-proxy (kubectl -n kube-system logs daemonset/kube-proxy)'
    : 'what stands in for kube-proxy';

/** A Service answers at its own address, from a pod of another node where there is one. */
export const clusterIp = (cluster: Cluster): ClusterCheck => ({
  ...active(cluster, 'ClusterIP', 'a Service answers at its cluster IP', ['Workload']),
  script: lines(
    sh`set -e`,
    sh`ip=$(${embed(kubectlIn(VERIFY_NAMESPACE, 'get', 'service', 'web', '--output=jsonpath={.spec.clusterIP}'))})`,
    sh`case $ip in *:*) ip="[$ip]";; esac`,
    sh`echo "http://$ip"`,
    sh`${embed(fetch)} "http://$ip/"`,
  ),
  judge: (output) => judgeAnswer(output, `see ${serviceMaker(cluster)}`),
});

/** A NodePort answers at the address of every node asked, wherever the pod behind it runs. */
export const nodePort = (cluster: Cluster): ClusterCheck => ({
  ...active(cluster, 'NodePort', 'a NodePort Service answers at the nodes', ['Workload']),
  script: lines(
    sh`set -e`,
    sh`port=$(${embed(kubectlIn(VERIFY_NAMESPACE, 'get', 'service', 'web-node-port', '--output=jsonpath={.spec.ports[0].nodePort}'))})`,
    sh`nodes=$(${embed(kubectlIn(VERIFY_NAMESPACE, 'get', 'nodes', '--output=jsonpath={range .items[*]}{.metadata.name} {.status.addresses[?(@.type=="InternalIP")].address}{"\\n"}{end}'))} | head -n ${NODES_ASKED})`,
    sh`printf '%s\n' "$nodes" | while read -r name ip others; do case $ip in *:*) ip="[$ip]";; esac; ${embed(fetch)} "http://$ip:$port/" </dev/null >/dev/null || { echo "no answer at $name (http://$ip:$port)" >&2; exit 1; }; echo "$name"; done`,
  ),
  judge: ({ code, stdout, stderr }) =>
    code === 0
      ? holds(`from ${stdout.trim().split('\n').join(', ')}`)
      : fails(
          lastLine(stderr) || 'no answer',
          `see ${serviceMaker(cluster)} on that node, and whether a firewall drops 30000-32767/tcp`,
        ),
});

/** A changed Deployment replaces its pod, and the new one answers. */
export const rollout = (cluster: Cluster): ClusterCheck => ({
  ...active(cluster, 'Rollout', 'a changed Deployment rolls out', ['ClusterIP']),
  settle: { timeoutMs: cluster.verify.timeoutMs + PATIENCE_MS },
  prepare: sh`printf %s ${verifyDeployment(cluster, 2)} | ${embed(applied)} >/dev/null`,
  script: seenAs(2),
  judge: (output) => judgeAnswer(output),
});

/** `kubectl rollout undo` brings the first one back. */
export const rollback = (cluster: Cluster): ClusterCheck => ({
  ...active(cluster, 'Rollback', 'a rollout can be undone', ['Rollout']),
  settle: { timeoutMs: cluster.verify.timeoutMs + PATIENCE_MS },
  prepare: sh`${embed(kubectlIn(VERIFY_NAMESPACE, 'rollout', 'undo', 'deployment/web'))} >/dev/null`,
  script: seenAs(1),
  judge: (output) => judgeAnswer(output),
});

const applied = kubectlIn(
  VERIFY_NAMESPACE,
  'apply',
  '--server-side',
  '--force-conflicts',
  '--field-manager=slipway',
  '-f',
  '-',
);

/** It is rolled out, and the Service answers as this revision. */
function seenAs(revision: 1 | 2): Script {
  const ip = kubectlIn(VERIFY_NAMESPACE, 'get', 'service', 'web', '--output=jsonpath={.spec.clusterIP}');
  return lines(
    sh`set -e`,
    isRolledOut,
    sh`ip=$(${embed(ip)}); case $ip in *:*) ip="[$ip]";; esac; echo "http://$ip"`,
    sh`answer=$(${embed(fetch)} "http://$ip/"); printf '%s\n' "$answer"; case $answer in *${`revision ${revision}`}*) :;; *) exit 1;; esac`,
  );
}

function judgeAnswer({ code, stdout, stderr }: CheckOutput, hint?: string): Verdict {
  const [url = '', ...answer] = stdout.trim().split('\n');
  if (code === 0) return holds(`${url} answered "${lastLine(answer.join('\n'))}"`);
  return fails(`${url === '' ? '' : `${url}: `}${lastLine(stderr) || 'no answer'}`, hint);
}

const active = (
  cluster: Cluster,
  name: string,
  summary: string,
  needs: readonly string[],
  diagnosis: Diagnosis = podDiagnosis(VERIFY_NAMESPACE),
) => ({
  name,
  summary,
  needs,
  isActive: true,
  timeoutMs: TRIES_TIMEOUT_MS,
  settle: patienceOf(cluster),
  diagnosis,
});
