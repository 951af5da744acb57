import type { JsonObject } from '#core/json.ts';
import { type FreeMap, freeMap, type Schema } from '#core/schema.ts';
import type { ValidationContext, Section } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { sorted } from '#inventory/values/json-values.ts';

import { networkingDefaults } from './networking.ts';

/** Fields of KubeletConfiguration, of all hosts or of some. */
export const kubelet = (
  description: string,
  example: JsonObject,
): Section<Schema<FreeMap>, { readonly kubelet: JsonObject }, unknown> => ({
  schema: freeMap(description, { examples: [example] }),
  validate: kubeletFindings,
  build: (written = {}) => ({ kubelet: sorted(written as JsonObject) }),
});

/** Fields that cannot be otherwise on a node of kubeadm's with containerd under systemd. */
function kubeletFindings(
  written: FreeMap = {},
  { document: { kubernetes } }: ValidationContext,
  path: Path,
): readonly Finding[] {
  const dnsDomain = kubernetes?.networking?.dnsDomain ?? networkingDefaults.dnsDomain;
  const owned: Readonly<Record<string, { readonly value: string; readonly why: string }>> = {
    apiVersion: { value: 'kubelet.config.k8s.io/v1beta1', why: 'is the only version there is' },
    kind: { value: 'KubeletConfiguration', why: 'is what the fields here belong to' },
    staticPodPath: { value: '/etc/kubernetes/manifests', why: 'is where kubeadm puts the control plane' },
    cgroupDriver: { value: 'systemd', why: 'is the driver that slipway gives the runtime' },
    clusterDomain: { value: dnsDomain, why: 'is the DNS domain: use networking.dnsDomain' },
    containerRuntimeEndpoint: { value: '', why: 'is set by slipway to the endpoint of the runtime' },
  };
  return Object.entries(owned).flatMap(([field, { value, why }]) => {
    if (!Object.hasOwn(written, field) || written[field] === value) return [];
    const message = value === '' ? why : `must be ${value}, which ${why}`;
    return [{ path: [...path, field], message, got: quoteValue(written[field]) }];
  });
}
