import { stringify } from 'yaml';

import type { Cluster } from '#core/cluster.ts';
import { handlerLabel, handlersOf } from '#core/runtime.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';

/** Those of it that no host has any more are deleted with `prune`. */
export const RUNTIME_CLASS_SET = 'runtime-classes';

/**
 * A RuntimeClass for each handler that a host has; its pods go where it is. Empty where no host has any.
 *
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/ (v1.34: handler, scheduling)
 */
export const runtimeClasses = ({ hosts }: Pick<Cluster, 'hosts'>): string =>
  [...new Set(hosts.flatMap(({ runtime }) => handlersOf(runtime).map(({ name }) => name)))]
    .toSorted()
    .map((name) =>
      stringify({
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name, labels: { [SET_LABEL]: RUNTIME_CLASS_SET } },
        handler: name,
        scheduling: { nodeSelector: { [handlerLabel(name)]: 'true' } },
      }),
    )
    .join('---\n');
