import { criSocket } from '#catalog/cri-sockets.ts';
import { DEFAULT_DATA_DIR } from '#catalog/etcd-paths.ts';
import { memberData } from '#configuration/etcd.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import type { Cluster, Host, HostKind } from '#core/cluster.ts';
import { at, CLUSTER, type Fact } from '#core/fact.ts';
import {
  changeOr,
  deferred,
  type Difference,
  type ForecastNone,
  gated,
  having,
  type Outcome,
  type PhaseRef,
  refused,
  resource,
  type Resource,
} from '#core/resource.ts';
import { command, lines, type Script, sh } from '#core/shell.ts';
import type { RunStep, Step } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { existingPaths } from '#facts/existing-paths.ts';
import { fileContent } from '#facts/file.ts';

type OfEtcd = Pick<Cluster, 'kubernetes'>;

/** Up to two minutes for etcd alone, where its members do not answer. */
const TIMEOUT_MS = 600_000;

/** What `kubeadm init` and `join` make, and `kubeadm reset` takes away again; it deletes the kubeconfigs last. */
const tracesOf = (cluster: OfEtcd): readonly string[] => [
  ...['admin', 'super-admin', 'kubelet', 'bootstrap-kubelet', 'controller-manager', 'scheduler'].map(
    (name) => `/etc/kubernetes/${name}.conf`,
  ),
  '/etc/kubernetes/manifests/*.yaml',
  '/etc/kubernetes/pki/*',
  ...[memberData(cluster)].filter((path) => path !== undefined),
  '/var/lib/kubelet/pki',
  KUBEADM_FILES.kubeletConfiguration,
];

/** What kubeadm has made on a host. */
export const kubeadmTraces = (cluster: OfEtcd): Fact<readonly string[]> => existingPaths(tracesOf(cluster));

const factsOf = (cluster: OfEtcd) => ({
  found: kubeadmTraces(cluster),
  isStarting: detachedRunning(KUBEADM_UNITS.init),
  isJoining: detachedRunning(KUBEADM_UNITS.join),
});

/**
 * `kubeadm reset`, as it is run on a host with this runtime. Where etcd is external it would still empty /var/lib/etcd,
 * which may be that of the external etcd; and where no API server tells it of another directory, it empties that one only.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/cmd/phases/reset/removeetcdmember.go
 */
export const resetStep = (
  { kubernetes: { etcd } }: OfEtcd,
  { runtime }: Pick<HostKind, 'runtime'>,
  summary: string,
): RunStep => ({
  do: 'run',
  summary,
  script: lines(
    command(
      'kubeadm',
      'reset',
      '--force',
      `--cri-socket=${criSocket(runtime)}`,
      ...(etcd.type === 'external' ? ['--skip-phases=remove-etcd-member'] : []),
    ),
    ...(etcd.type === 'stacked' && etcd.dataDir !== DEFAULT_DATA_DIR
      ? [command('rm', '-rf', '--', `${etcd.dataDir}/member`)]
      : []),
  ),
  timeoutMs: TIMEOUT_MS,
});

/**
 * A host on which nothing is left of what kubeadm has made there. What `kubeadm reset` was cut off in is done again by it.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/ (v1.34)
 */
export const kubeadmReset = (cluster: OfEtcd, host: Host): Resource =>
  resource({
    address: 'kubeadm-reset',
    facts: factsOf(cluster),
    diff: (answers) => {
      const step = resetStep(cluster, host, 'kubeadm reset');
      const outcome = changeOr(
        'kubeadm has left nothing here',
        [
          ...(answers.isStarting ? [running('kubeadm init')] : []),
          ...(answers.isJoining ? [running('kubeadm join')] : []),
          ...(answers.found.length > 0
            ? [{ what: 'node', from: describe(answers.found, memberData(cluster)), to: null }]
            : []),
        ],
        [{ ...step, script: lines(STOP, step.script) }],
      );
      return having(outcome, { destroys: [host.name] });
    },
  });

const AUTHORITIES = { own: fileContent(KUBEADM_FILES.ca), ours: at(CLUSTER, fileContent(KUBEADM_FILES.ca)) };

/** Of a host that is to be no part of this cluster: it may have become a part of another one since. */
export const resetOfLeaving = (cluster: OfEtcd, host: Host): Resource =>
  gated(kubeadmReset(cluster, host), AUTHORITIES, ({ own, ours }, _context, decide) => {
    const outcome = decide();
    const isOfAnother =
      (own.content ?? '') !== '' && (ours.content ?? '') !== '' && own.content !== ours.content;
    return isOfAnother && outcome.answer === 'change'
      ? refused(
          'JoinedElsewhere',
          `${host.name} has joined another cluster: ${KUBEADM_FILES.ca} is of another authority`,
          `leave ${host.name} out of the inventory; what this cluster has of it is removed by: slipway remove ${host.name}`,
        )
      : outcome;
  });

/**
 * It is waited for what `kubeadm reset` leaves, on the same host.
 *
 * @param foresee what that comes to, of what is to be done now; absent: the same, as kubeadm leaves all of it alone.
 */
export const afterReset = (
  cluster: OfEtcd,
  waitsFor: PhaseRef,
  rest: Resource,
  foresee = (now: Outcome): Outcome | ForecastNone => now,
): Resource =>
  gated(rest, { traces: kubeadmTraces(cluster) }, ({ traces }, _context, decide) =>
    traces.length === 0 ? decide() : deferred(waitsFor, 'what kubeadm reset leaves', foresee(decide())),
  );

/** What `kubeadm reset` leaves has to be seen. */
export const LEFT = unknown('kubeadm reset');

/** Of a step: it is taken where anything is left for it. */
export const ifLeft = (step: Step): Step => ({ ...step, onlyIf: 'kubeadm reset leaves any of it' });

const running = (what: string): Difference => ({ what, from: 'running', to: null });

const describe = (found: readonly string[], data: string | undefined): string =>
  data !== undefined && found.includes(data) ? 'a control plane, with its data of etcd' : 'files of kubeadm';

/** What an earlier run has started would go on beside it. */
const STOP: Script = sh`systemctl stop ${Object.values(KUBEADM_UNITS).map((unit) => `${unit}.service`)} 2>/dev/null || :`;
