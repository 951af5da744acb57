import type { Cluster, Host } from '#core/cluster.ts';
import { change, none, resource, type Resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { pathKind } from '#facts/path.ts';
import { saveSnapshot, SNAPSHOT_DIRECTORY } from '#resources/etcd/save-snapshot.ts';

import { dueFacts, upgradedFrom } from './due.ts';

/** What etcd has before the cluster is upgraded: no program goes back from what a newer one has written. */
export function etcdSnapshot(cluster: Cluster, host: Host): Resource {
  const { version } = cluster.kubernetes;
  const name = `slipway-before-${version}.db`;
  const path = `${SNAPSHOT_DIRECTORY}/${name}`;
  return resource({
    address: 'etcd-snapshot',
    facts: { ...dueFacts(cluster, host), snapshot: pathKind(path) },
    diff: (answers) => {
      if (upgradedFrom(answers, cluster) === undefined) return none('the node is not to be upgraded');
      if (answers.snapshot === 'file') return none(`${path} is there`);
      return change(
        [{ what: 'snapshot of etcd', from: null, to: path }],
        [
          saveSnapshot(),
          run(
            `name it ${name}`,
            lines(
              sh`cd ${SNAPSHOT_DIRECTORY}`,
              sh`newest=$(ls -1t | grep -x 'slipway-.*Z[.]db' | head -n 1)`,
              sh`ln -f "$newest" ${name}`,
            ),
          ),
        ],
      );
    },
  });
}
