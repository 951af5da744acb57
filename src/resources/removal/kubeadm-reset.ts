import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import type { Host, HostKind } from '#core/cluster.ts';
import {
  changeOr,
  deferred,
  type Difference,
  gated,
  type PhaseRef,
  resource,
  type Resource,
} from '#core/resource.ts';
import { command, lines, type Script, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { existingPaths } from '#facts/existing-paths.ts';

/** Up to two minutes for etcd alone, where its members do not answer. */
const TIMEOUT_MS = 600_000;

/** What `kubeadm init` and `join` make, and `kubeadm reset` takes away again; it deletes the kubeconfigs last. */
const TRACES = [
  ...['admin', 'super-admin', 'kubelet', 'bootstrap-kubelet', 'controller-manager', 'scheduler'].map(
    (name) => `/etc/kubernetes/${name}.conf`,
  ),
  '/etc/kubernetes/manifests/*.yaml',
  '/etc/kubernetes/pki/*',
  KUBEADM_FILES.etcdData,
  '/var/lib/kubelet/pki',
  KUBEADM_FILES.kubeletConfiguration,
];

const facts = {
  found: existingPaths(TRACES),
  isStarting: detachedRunning(KUBEADM_UNITS.init),
  isJoining: detachedRunning(KUBEADM_UNITS.join),
};

/** `kubeadm reset`, as it is run on a host with this runtime. */
export const resetStep = ({ runtime }: Pick<HostKind, 'runtime'>, summary: string): RunStep => ({
  do: 'run',
  summary,
  script: command('kubeadm', 'reset', '--force', `--cri-socket=${criSocket(runtime)}`),
  timeoutMs: TIMEOUT_MS,
});

/**
 * A host on which nothing is left of what kubeadm has made there. What `kubeadm reset` was cut off in is done again by it.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/ (v1.34)
 */
export const kubeadmReset = (host: Host): Resource =>
  resource({
    address: 'kubeadm-reset',
    facts,
    diff: (answers) => {
      const step = resetStep(host, 'kubeadm reset');
      return changeOr(
        'kubeadm has left nothing here',
        [
          ...(answers.isStarting ? [running('kubeadm init')] : []),
          ...(answers.isJoining ? [running('kubeadm join')] : []),
          ...(answers.found.length > 0 ? [{ what: 'node', from: describe(answers.found), to: null }] : []),
        ],
        [{ ...step, script: lines(STOP, step.script) }],
      );
    },
  });

/** It is waited for what `kubeadm reset` leaves, on the same host. */
export const afterReset = (waitsFor: PhaseRef, rest: Resource): Resource =>
  gated(rest, { traces: facts.found }, ({ traces }, _context, decide) =>
    traces.length === 0 ? decide() : deferred(waitsFor, 'what kubeadm reset leaves'),
  );

const running = (what: string): Difference => ({ what, from: 'running', to: null });

const describe = (found: readonly string[]): string =>
  found.includes(KUBEADM_FILES.etcdData) ? 'a control plane, with its data of etcd' : 'files of kubeadm';

/** What an earlier run has started would go on beside it. */
const STOP: Script = sh`systemctl stop ${Object.values(KUBEADM_UNITS).map((unit) => `${unit}.service`)} 2>/dev/null || :`;
