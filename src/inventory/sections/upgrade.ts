import type { Cluster, Drain } from '#core/cluster.ts';
import { flag, integer, map, oneOf, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

const defaults = { maxUnavailable: '1', snapshot: true };
const drainDefaults = {
  when: 'minor',
  timeout: 600,
  force: false,
  disableEviction: false,
} as const satisfies Partial<Drain> & { readonly timeout: number };

/** @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/ (v1.34) */
const drain = map(
  {
    when: oneOf(
      ['never', 'minor', 'always'],
      "When a node is drained before its kubelet is upgraded; minor: where the kubelet's minor version changes, as Kubernetes asks; always: for a patch as well.",
      { default: drainDefaults.when },
    ),
    timeout: integer('Seconds that the pods of a node may take to go, and budgets to let them.', {
      minimum: 1,
      maximum: 86_400,
      default: drainDefaults.timeout,
    }),
    gracePeriod: integer('Seconds that each pod gets to end; by default what the pod itself asks for.', {
      minimum: 0,
      maximum: 86_400,
    }),
    force: flag('Let pods go for good that no controller makes anew.', { default: drainDefaults.force }),
    disableEviction: flag(
      'Delete pods rather than evict them: PodDisruptionBudgets count for nothing then.',
      {
        default: drainDefaults.disableEviction,
      },
    ),
  },
  'How a node is emptied of its pods, before an upgrade and before it leaves the cluster.',
);

const schema = map(
  {
    maxUnavailable: text('How many workers may be out of service at once: a number, or a share of all.', {
      wanted: 'a number such as "2", or a share such as "10%", in quotes',
      pattern: '^([1-9][0-9]*|([1-9][0-9]?|100)%)$',
      default: defaults.maxUnavailable,
      examples: ['1', '10%'],
    }),
    snapshot: flag('Save a snapshot of etcd on the first control plane before it is upgraded.', {
      default: defaults.snapshot,
    }),
    drain,
  },
  'How nodes are upgraded when kubernetes.version changes.',
);

export const upgrade: Section<typeof schema, Pick<Cluster, 'upgrade'>> = {
  schema,
  build: (written) => {
    const { maxUnavailable, snapshot } = { ...defaults, ...written };
    const { timeout, ...settings } = { ...drainDefaults, ...written?.drain };
    return { upgrade: { maxUnavailable, snapshot, drain: { ...settings, timeoutMs: timeout * 1000 } } };
  },
};
