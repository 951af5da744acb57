import type { CalicoNetwork } from '#core/network.ts';
import { none, type Resource } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { workloads } from '#facts/workloads.ts';
import { calicoNode } from '#objects/calico-workloads.ts';

import { check } from './check.ts';

/** Two installations of Calico would fight over every node. */
export function calicoInstall(wanted: CalicoNetwork): Resource {
  const { by } = wanted.install;
  const [other, namespace] =
    by === 'operator' ? (['manifest', 'kube-system'] as const) : (['operator', 'calico-system'] as const);
  return check({
    name: 'CalicoInstall',
    facts: { api: apiState, found: workloads([{ ...calicoNode(wanted), namespace }]) },
    judge: ({ api, found }) => {
      const absent = `Calico is not there by ${other}`;
      if (found === null) {
        return waitsForApi(`the API server, to look for Calico by ${other}`, api, () => none(absent));
      }
      if (found[0]?.rollout === 'absent') return absent;
      return {
        why: `Calico was installed by ${other}, and the inventory wants it by ${by}`,
        hint: `write network.install: ${other} into the inventory, or remove that Calico first: https://docs.tigera.io/calico/latest/operations/operator-migration`,
      };
    },
  });
}
