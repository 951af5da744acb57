import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, deferred, gated, none, resource, type Resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { apiState } from '#facts/api.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { reports } from '#facts/node-of.ts';
import { packages } from '#resources/packages/packages.ts';

import { dueFacts, UPGRADE_PHASE, upgradedFrom } from './due.ts';
import { forgetRecord } from './kubeadm-upgrade.ts';

/** A kubelet reports its version when it registers, seconds after its start. */
const REPORT_TIMEOUT_MS = 180_000;
const TROUBLES = nodeTroubles(KUBEADM_FILES.kubeletConfiguration);

/** A package of a node that is to be upgraded. */
export const upgradedPackages = (
  cluster: Cluster,
  host: Pick<Host, 'role'>,
  [name, ...others]: readonly [string, ...string[]],
): Resource => {
  const { version } = cluster.kubernetes;
  const wanted = packages({
    name,
    packages: [name, ...others].map((one) => ({ name: one, version })),
    isHeld: true,
    phase: 'kubernetes',
  });
  return gated(wanted, dueFacts(cluster, host), (answers, _, decide) =>
    upgradedFrom(answers, cluster) === undefined ? none('the node is not to be upgraded') : decide(),
  );
};

/** The kubelet and kubectl, after which a node counts as upgraded: what kubeadm wrote down of it goes then. */
export const kubeletPackages = (cluster: Cluster, host: Pick<Host, 'role'>): Resource =>
  gated(upgradedPackages(cluster, host, ['kubelet', 'kubectl']), {}, (_, __, decide) => {
    const outcome = decide();
    if (outcome.answer !== 'change') return outcome;
    return { ...outcome, steps: [...outcome.steps, forgetRecord], restarts: [UNIT] };
  });

const UNIT = 'kubelet.service';

/** The kubelet that runs is the one that is installed: packages do not all restart it. */
export const kubeletVersion = (cluster: Cluster, host: Host): Resource => {
  const wanted = `v${cluster.kubernetes.version}`;
  return resource({
    address: 'kubelet-version',
    facts: { ...dueFacts(cluster, host), api: at(CLUSTER, apiState) },
    settle: { timeoutMs: REPORT_TIMEOUT_MS, asksAgain: ['api'], diagnosis: TROUBLES },
    diff: (answers) => {
      const { api } = answers;
      if (upgradedFrom(answers, cluster) !== undefined)
        return deferred({ host: host.name, phase: UPGRADE_PHASE }, `the kubelet of ${wanted}`);
      const isInstalled = answers['its node'] === 'file' && answers['its kubelet'].installed !== null;
      const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
      if (!isInstalled || node === undefined) return none('the node is not to be upgraded');
      if (reports(node, cluster.kubernetes.version)) return none(`the node reports ${wanted}`);
      return change(
        [{ what: 'kubelet that runs', from: node.kubeletVersion, to: wanted }],
        [
          {
            do: 'run',
            summary: `restart ${UNIT}`,
            script: lines(sh`systemctl daemon-reload`, sh`systemctl restart ${UNIT}`),
            timeoutMs: 120_000,
          },
        ],
        [UNIT],
      );
    },
  });
};
