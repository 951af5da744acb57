import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import {
  change,
  changeOr,
  deferred,
  differs,
  gated,
  none,
  type Outcome,
  resource,
  type Resource,
  withChange,
} from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { type ApiNodes, apiNode } from '#facts/api.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { fileContent } from '#facts/file.ts';
import { reports } from '#facts/node-of.ts';
import { packages } from '#resources/packages/packages.ts';

import { dueFacts, UPGRADE_PHASE, upgradedFrom } from './due.ts';
import { forgetRecord, UPGRADE_RECORD } from './kubeadm-upgrade.ts';

/** A kubelet reports its version when it registers, seconds after its start; a control plane may be away after that. */
const DONE_TIMEOUT_MS = 300_000;
const STEADY_MS = 15_000;
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

/** The kubelet and kubectl. */
export const kubeletPackages = (cluster: Cluster, host: Pick<Host, 'role'>): Resource =>
  gated(upgradedPackages(cluster, host, ['kubelet', 'kubectl']), {}, (_, __, decide) =>
    withChange(decide(), (wanted) => ({ ...wanted, restarts: [UNIT] })),
  );

const UNIT = 'kubelet.service';

/**
 * The kubelet that runs is the one that is installed: packages do not all restart it. Then the node is done, and what was
 * written down of its upgrade goes. A kubelet of another minor starts the programs of a control plane anew, moments after
 * it has registered: the API server has to answer for a while before the next node is begun.
 */
export const kubeletVersion = (cluster: Cluster, host: Host): Resource => {
  const { version } = cluster.kubernetes;
  const wanted = `v${version}`;
  return resource({
    address: 'kubelet-version',
    facts: {
      ...dueFacts(cluster, host),
      api: at(CLUSTER, apiNode(host.name)),
      record: fileContent(UPGRADE_RECORD),
    },
    settle: {
      timeoutMs: DONE_TIMEOUT_MS,
      asksAgain: ['api', 'record'],
      diagnosis: TROUBLES,
      remedy: {
        afterMs: host.role === 'control-plane' ? STEADY_MS : 0,
        steps: ({ api }) => (isBack(api, host, version) ? [forgetRecord] : []),
      },
    },
    diff: (answers) => {
      const { api, record } = answers;
      const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
      const running = node !== undefined && !reports(node, version) ? node.kubeletVersion : undefined;
      if (upgradedFrom(answers, cluster) !== undefined)
        return deferred(
          { host: host.name, phase: UPGRADE_PHASE },
          `the kubelet of ${wanted}`,
          ended(running, wanted, { record: version, onlyIf: 'its package has not done so' }),
        );
      const isInstalled = answers['its node'] === 'file' && answers['its kubelet'].installed !== null;
      return ended(isInstalled ? running : undefined, wanted, { record: record.content?.trim() ?? null });
    },
  });
};

interface End extends Pick<Step, 'onlyIf'> {
  /** The version that was written down. */
  readonly record: string | null;
}

/** What is left of an upgrade of which the packages are there. */
function ended(running: string | undefined, wanted: string, { record, ...condition }: End): Outcome {
  const unfinished = differs(UPGRADE_RECORD, record, null);
  if (running === undefined) {
    // Without steps: it is waited until the node is back.
    return changeOr('the node is not to be upgraded, or has been', unfinished, []);
  }
  const restart: Step = {
    do: 'run',
    summary: `restart ${UNIT}`,
    script: lines(sh`systemctl daemon-reload`, sh`systemctl restart ${UNIT}`),
    timeoutMs: 120_000,
    ...condition,
  };
  return change([{ what: 'kubelet that runs', from: running, to: wanted }, ...unfinished], [restart], [UNIT]);
}

/** Whether the API server answers, and says that the node runs the version, where it knows the node. */
function isBack(api: ApiNodes, { name }: Host, version: string): boolean {
  if (api.state !== 'ready') return false;
  const node = api.nodes[name];
  return node === undefined || reports(node, version);
}
