import type { Cluster, Host } from '#core/cluster.ts';
import { type Outcome, type Resource, wantedAnew } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { NodeState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

import { onNode } from './on-node.ts';
import { diffOwned, readOwned } from './owned-metadata.ts';

const OWN_LABELS = 'slipway/labels';

/** Labels of a node as the inventory says. Of other labels, those that slipway set before are taken away. */
export function nodeLabels(cluster: Cluster, host: Host): Resource {
  const diff = ({ labels, annotations }: NodeState): Outcome => {
    const keys = Object.keys(host.labels);
    const owned = readOwned(annotations[OWN_LABELS]);
    const wrong = keys.filter((key) => labels[key] !== host.labels[key]);
    const gone = owned.filter((key) => !keys.includes(key) && key in labels);
    const words = [...wrong.map((key) => `${key}=${host.labels[key]}`), ...gone.map((key) => `${key}-`)];
    return diffOwned({
      host,
      annotation: OWN_LABELS,
      owned,
      wanted: keys,
      differences: [...wrong, ...gone].map((key) => ({
        what: `label ${key}`,
        from: labels[key] ?? null,
        to: host.labels[key] ?? null,
      })),
      script: sh`${embed(kubectl)} label node ${host.name} --overwrite ${words}`,
    });
  };
  return onNode(
    cluster,
    host,
    'labels',
    diff,
    wantedAnew(host.labels, (key) => `label ${key}`),
  );
}
