import { V1BETA4_MINOR } from '#catalog/kubeadm-fields.ts';
import { minorNumber } from '#catalog/kubernetes.ts';
import { type Kubernetes, PATCH_TARGETS, PATCH_TYPES, type StaticPodPatch } from '#core/kubernetes.ts';
import type { Json } from '#core/json.ts';
import { eitherOf, list, map, oneOf, required, type Schema } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { quoteValue } from '#inventory/text/problem.ts';
import { withoutV } from '#inventory/values/release.ts';

const TYPE_DEFAULT = 'strategic';

const patch: Schema<Json> = eitherOf(
  [{ type: 'object', additionalProperties: true }, { type: 'array' }],
  'What is changed: a map of the fields, or for json a list of operations.',
  {
    wanted: 'a map of fields, or a list of operations',
    examples: [{ spec: { dnsPolicy: 'ClusterFirstWithHostNet' } }],
  },
) as Schema<Json>;

const schema = list(
  map(
    {
      target: required(oneOf(PATCH_TARGETS, 'What kubeadm makes.')),
      type: oneOf(PATCH_TYPES, "The form of the patch, in kubectl's words.", { default: TYPE_DEFAULT }),
      patch: required(patch),
    },
    'A change to something that kubeadm makes.',
  ),
  "Changes to static pods of the control planes, and to CoreDNS, that kubeadm makes as it writes them, in this order. For the kubelet's configuration there is kubernetes.kubelet.",
  { wanted: 'a list of patches' },
);

/** @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/control-plane-flags/#patches (v1.34) */
export const patches: Section<typeof schema, Pick<Kubernetes, 'patches'>> = {
  schema,
  validate: (written = [], { document: { kubernetes } }, path) =>
    written.flatMap((one, index) => {
      if (one === null) return [];
      const at = [...path, index];
      const isList = Array.isArray(one.patch);
      const version = withoutV(kubernetes?.version ?? '');
      const isTooNew = one.target === 'corednsdeployment' && minorNumber(version) < V1BETA4_MINOR;
      return [
        ...(one.patch !== undefined && isList !== (one.type === 'json')
          ? [
              {
                path: [...at, 'patch'],
                message: isList
                  ? 'is a list, which is for type: json'
                  : 'must be a list of operations for type: json',
                got: quoteValue(one.patch),
              },
            ]
          : []),
        ...(isTooNew
          ? [
              {
                path: [...at, 'target'],
                message: `needs Kubernetes 1.${V1BETA4_MINOR}, and the version is ${version}`,
                got: quoteValue(one.target),
              },
            ]
          : []),
      ];
    }),
  build: (written = []) => ({
    patches: written.map(({ target, type = TYPE_DEFAULT, patch: content }): StaticPodPatch => ({
      target,
      type,
      content,
    })),
  }),
};
