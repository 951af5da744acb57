import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, HostKind, Role } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import {
  changeIn,
  deferred,
  type DiffContext,
  type ForecastNone,
  foretold,
  gated,
  none,
  type Outcome,
  type Resource,
} from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import type { PackageAnswer } from '#distributions/distribution-family.ts';
import { upstreamVersion } from '#distributions/package-version.ts';
import { apiState } from '#facts/api.ts';
import type { FileAnswer } from '#facts/file.ts';
import { reports } from '#facts/node-of.ts';
import { packageState } from '#facts/package.ts';
import { pathKind, type PathKind } from '#facts/path.ts';
import { edited, writeStep } from '#resources/files/diff-file.ts';

/** What the phase that upgrades nodes is called. */
export const UPGRADE_PHASE = 'upgrade';

/**
 * By what it is known that a node is to be upgraded: it has joined, and another version of the kubelet is installed than
 * the inventory wants. That package comes last, so it is so until all that comes before it is done.
 *
 * Of a worker the kubelet's own credentials count, as it writes its kubeconfig before it has them.
 */
export const dueFacts = ({ kubernetes: { version } }: Cluster, { role }: Pick<HostKind, 'role'>) =>
  factsOf(version, role);

/** Made once for hosts of a role, and not once a host. */
const factsOf = rememberLast((version: string, role: Role) => ({
  'its node': pathKind(role === 'worker' ? KUBEADM_FILES.clientCertificate : KUBEADM_FILES.kubelet),
  'its kubelet': packageState('kubelet', version),
}));

export interface DueAnswers {
  readonly 'its node': PathKind;
  readonly 'its kubelet': PackageAnswer;
}

/** The version that a node is to be upgraded from; undefined where it is not to be upgraded. */
export function upgradedFrom(answers: DueAnswers, { kubernetes: { version } }: Cluster): string | undefined {
  const { installed } = answers['its kubelet'];
  if (answers['its node'] !== 'file' || installed === null) return undefined;
  const found = upstreamVersion(installed);
  return found === version ? undefined : found;
}

/** A resource that is left alone while a node is to be upgraded. */
export const unlessDue = (wanted: Resource, cluster: Cluster, host: HostKind): Resource =>
  gated(wanted, dueFacts(cluster, host), (answers, _, decide) => {
    const from = upgradedFrom(answers, cluster);
    return from === undefined ? decide() : none(`of a node that runs ${from}: phase upgrade changes it`);
  });

/** What kubeadm writes as it upgrades a node, and is right or not after that: files, and a unit that runs on them. */
export const afterUpgrade = (wanted: Resource, cluster: Cluster, kind: HostKind): Resource =>
  gated(wanted, dueFacts(cluster, kind), (answers, context, decide) =>
    upgradedFrom(answers, cluster) === undefined
      ? decide()
      : deferred(
          { host: context.host, phase: UPGRADE_PHASE },
          'what kubeadm writes as it upgrades the node',
          foreseen(wanted, answers as never, context),
        ),
  );

/** What kubeadm writes is known when it has done so. */
export const REWRITTEN = unknown('kubeadm upgrade');

/** The same as is to be done now, to files that have another text then. It is restarted for those that slipway writes. */
function foreseen(
  { address, diff, restartOn }: Resource,
  answers: never,
  context: DiffContext,
): Outcome | ForecastNone {
  const changed = context.changed.filter((one) => context.planned?.(one.replace(/^file:/, '')) !== undefined);
  const now = diff(answers, { ...context, changed });
  const { found } = answers as { readonly found?: FileAnswer };
  if (found !== undefined) {
    const path = address.replace(/^file:/, '');
    const written = writeStep(edited(found, path, REWRITTEN));
    // What a new setting is recorded by, kubeadm was given.
    const steps = changeIn(now)?.steps.map((step) =>
      step.do === 'write' && step.path === path ? written : { ...step, onlyIf: 'kubeadm has not had it' },
    );
    return foretold(now, steps ?? [written]);
  }
  const { steps, restarts } = changeIn(diff(answers, { ...context, changed: restartOn })) ?? {};
  return now.answer === 'none' && steps !== undefined ? foretold(now, steps, restarts) : now;
}

/**
 * What kubeadm writes into the cluster as it upgrades control planes: some of it with the last of them.
 *
 * @param steps what is done to it if anything is, with its text unknown.
 */
export const afterControlPlanes = (wanted: Resource, cluster: Cluster, steps: readonly Step[]): Resource =>
  gated(wanted, { 'the cluster': at(CLUSTER, apiState) }, (answers, _, decide) => {
    const api = answers['the cluster'];
    const last = cluster.hosts.findLast(
      ({ name, role }) =>
        role === 'control-plane' &&
        api.state === 'ready' &&
        api.nodes[name] !== undefined &&
        api.nodes[name].isReady &&
        !reports(api.nodes[name], cluster.kubernetes.version),
    );
    return last === undefined
      ? decide()
      : deferred(
          { host: last.name, phase: UPGRADE_PHASE },
          'what kubeadm writes as it upgrades control planes',
          foretold(decide(), steps),
        );
  });
