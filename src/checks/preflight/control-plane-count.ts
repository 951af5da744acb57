import { isExternal } from '#configuration/etcd.ts';
import { type Cluster, controlPlanesOf } from '#core/cluster.ts';
import { none, noted, type Resource, resource } from '#core/resource.ts';

/**
 * An even number of control planes is one more that can fail, and not one more that may.
 *
 * @see https://etcd.io/docs/v3.5/faq/#why-an-odd-number-of-cluster-members
 */
export function controlPlaneCount(cluster: Cluster): readonly Resource[] {
  const count = controlPlanesOf(cluster).length;
  if (count % 2 === 1 || isExternal(cluster)) return [];
  const borne = count / 2 - 1;
  const note = `of ${count} control planes ${borne === 0 ? 'none' : borne} may fail, as of ${count - 1}: etcd needs more than half of them; of ${count + 1} it is ${borne + 1}`;
  return [
    resource({
      address: 'control-plane-count',
      facts: {},
      diff: () => noted(none(`${count} control planes`), [note]),
    }),
  ];
}
