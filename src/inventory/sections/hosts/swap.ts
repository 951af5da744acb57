import type { Host, SwapUse } from '#core/cluster.ts';
import { type JsonObject, valueAt } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { oneOf, type Schema } from '#core/schema.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import { type Finding, isFirstAtPath, type Path, quoteValue } from '#inventory/text/problem.ts';

import type { HostContext } from './expand-hosts.ts';

const SWAP = 'off';

/** @see https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/ (v1.34) */
const KUBELET_FIELDS: Readonly<Record<SwapUse, JsonObject>> = {
  off: {},
  leave: { failSwapOn: false },
  limited: { failSwapOn: false, memorySwap: { swapBehavior: 'LimitedSwap' } },
};

/** Fields of KubeletConfiguration that go with it. */
export const kubeletFieldsFor = (written: SwapUse = SWAP): JsonObject => KUBELET_FIELDS[written];

export const swap: Section<Schema<SwapUse>, Pick<Host, 'swap'>, HostContext> = {
  schema: oneOf(
    ['off', 'leave', 'limited'],
    'Swap of the host. off: none, now and at boot; leave: as it is, and pods get none; limited: pods of class Burstable get some, which needs cgroup v2. The kubelet is set accordingly. By default off, unless kubelet.failSwapOn is false.',
  ),
  build: (written, { host, kubernetes }) => {
    const kubelet = mergeObjects(kubernetes.kubelet, host.settings.kubelet ?? {});
    return { swap: written ?? (kubelet['failSwapOn'] === false ? 'leave' : SWAP) };
  },
};

const OWNED = ['failSwapOn', 'memorySwap.swapBehavior'].map((field) => ({ field, keys: field.split('.') }));

/** Fields of the kubelet that say otherwise, wherever they stand. */
export function swapFindings({ document, hosts }: ValidationContext, path: Path): readonly Finding[] {
  const ofCluster = document.kubernetes?.kubelet ?? {};
  return hosts
    .flatMap(({ entry, settings }) => {
      const wanted = kubeletFieldsFor(settings.swap);
      if (Object.keys(wanted).length === 0) return [];
      const written = mergeObjects(ofCluster, settings.kubelet ?? {});
      return OWNED.flatMap(({ field, keys }): readonly Finding[] => {
        const [found, needed] = [valueAt(written, keys), valueAt(wanted, keys)];
        if (found === null || needed === null || found === needed) return [];
        const message = `swap: ${settings.swap} is kubelet.${field}: ${JSON.stringify(needed)}, and the inventory has ${quoteValue(found)} there`;
        return [{ path: [...path, entry, 'swap'], message }];
      });
    })
    .filter(isFirstAtPath());
}
