import { KUBEADM_DOCUMENTS, type KubeadmField, V1BETA4_MINOR } from '#catalog/kubeadm-fields.ts';
import { kubernetesMinor, minorNumber } from '#catalog/kubernetes.ts';
import { type Kubernetes, SKIPPABLE_PHASES } from '#core/kubernetes.ts';
import { type JsonObject, sorted } from '#core/json.ts';
import { freeMap, list, map, oneOf } from '#core/schema.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import { meaningless } from '#inventory/text/problem.ts';
import { valueAt } from '#inventory/text/validate.ts';
import { kubeadmFieldFindings } from '#inventory/values/kubernetes-setting-findings.ts';
import { withoutV } from '#inventory/values/release.ts';

const fields = (kind: string, example: JsonObject) =>
  freeMap(`Fields of ${kind} (kubeadm.k8s.io/v1beta4), beside those that slipway sets.`, {
    examples: [example],
  });

const schema = map(
  {
    initConfiguration: fields('InitConfiguration', { timeouts: { kubernetesAPICall: '2m' } }),
    clusterConfiguration: fields('ClusterConfiguration', { dns: { imageTag: 'v1.12.1' } }),
    joinConfiguration: fields('JoinConfiguration', { timeouts: { discovery: '10m' } }),
  },
  "What has no key of its own, in the words of kubeadm's configuration.",
);

/** What kubeadm is told beside all that has a key of its own. */
export const kubeadm: Section<typeof schema, Pick<Kubernetes, 'kubeadm'>> = {
  schema,
  validate: (written = {}, context, path) => {
    const version = withoutV(context.document.kubernetes?.version ?? '');
    if (Object.keys(written).length === 0 || kubernetesMinor(version) === undefined) return [];
    const minor = minorNumber(version);
    if (minor < V1BETA4_MINOR) {
      const message = `"kubeadm" needs Kubernetes 1.${V1BETA4_MINOR}, whose kubeadm reads v1beta4, and the version is ${version}`;
      return [{ path, isKey: true, message }];
    }
    const reserved = (field: KubeadmField) => reservedBy(field, context);
    return KUBEADM_DOCUMENTS.flatMap((document) =>
      kubeadmFieldFindings(written[document] ?? {}, document, {
        minor,
        path: [...path, document],
        reserved,
      }),
    );
  },
  build: ({ initConfiguration = {}, clusterConfiguration = {}, joinConfiguration = {} } = {}) => ({
    kubeadm: {
      initConfiguration: sorted(initConfiguration),
      clusterConfiguration: sorted(clusterConfiguration),
      joinConfiguration: sorted(joinConfiguration),
    },
  }),
};

function reservedBy(
  { key, own }: KubeadmField,
  { document, placeOf }: ValidationContext,
): string | undefined {
  if (own !== undefined) return `cannot be set: ${own}`;
  if (key === undefined) return undefined;
  const place = key.split('.');
  const line = valueAt(document, place) === undefined ? '' : ` on ${placeOf(place)}`;
  return `has a key of its own: write it into ${key}${line}`;
}

const skipPhasesSchema = list(
  oneOf(SKIPPABLE_PHASES, 'A phase of kubeadm init.'),
  'Phases that kubeadm init is to skip, for clusters that bring a DNS of their own, or a network plugin that does the work of kube-proxy.',
  { wanted: 'a list of phases', examples: [['addon/kube-proxy']] },
);

export const skipPhases: Section<typeof skipPhasesSchema, Pick<Kubernetes, 'skipPhases'>> = {
  schema: skipPhasesSchema,
  validate: (written = [], { document: { kubernetes } }, path) =>
    written.includes('addon/kube-proxy') && kubernetes?.kubeProxy !== undefined
      ? [meaningless([...path.slice(0, -1), 'kubeProxy'], 'without kube-proxy, which skipPhases leaves out')]
      : [],
  build: (written = []) => ({ skipPhases: SKIPPABLE_PHASES.filter((phase) => written.includes(phase)) }),
};
