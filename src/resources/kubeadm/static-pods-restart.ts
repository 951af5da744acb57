import { criSocket } from '#catalog/cri-sockets.ts';
import type { Host } from '#core/cluster.ts';
import type { Difference } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import type { StaticPod, StaticPodsAnswer } from '#facts/static-pods.ts';

/** An API server ends the requests that it has taken. */
const GRACE_SECONDS = 30;

/**
 * Has the kubelet start programs of the control plane anew, by ending their containers as the kubelet itself would: with
 * time to end, which the removal of a pod does not give. One that has ended before is held back by the kubelet for up to
 * five minutes, and only a restart of the kubelet ends that.
 *
 * @see https://github.com/kubernetes-sigs/cri-tools/blob/v1.34.0/docs/crictl.md
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy (v1.34)
 */
export const restartStep = ({ runtime }: Host, pods: readonly StaticPod[]): RunStep => ({
  do: 'run',
  summary: `restart ${pods.join(', ')}`,
  script: lines(
    sh`runtime() { crictl --runtime-endpoint ${criSocket(runtime)} --image-endpoint ${criSocket(runtime)} "$@"; }`,
    sh`held=`,
    sh`for pod in ${pods}; do`,
    sh`  found=$(runtime ps -q --label io.kubernetes.pod.namespace=kube-system --name "^$pod\$")`,
    sh`  if [ -n "$found" ]; then runtime stop --timeout ${GRACE_SECONDS} $found; else held=yes; fi`,
    sh`done`,
    sh`[ -z "$held" ] || systemctl restart kubelet.service`,
  ),
  timeoutMs: 180_000,
});

/** What is waited for after a restart, where the API server is not ready. */
export const notReady = ({ unready }: StaticPodsAnswer): readonly Difference[] =>
  unready === null ? [] : [{ what: 'kube-apiserver', from: unready, to: 'ready' }];
