import type { Cluster, Drain } from '#core/cluster.ts';
import { hostSelector, SELECTOR } from '#core/host-selector.ts';
import { flag, integer, map, oneOf, text, textList } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

import { selectable, unmatched } from './hosts/selected.ts';

const defaults = { maxUnavailable: '1', snapshot: true };
const drainDefaults = {
  when: 'minor',
  timeout: 600,
  force: false,
  disableEviction: false,
  nvidia: 'never',
} as const satisfies Partial<Drain> & { readonly timeout: number };

const before = (what: string) =>
  oneOf(
    ['never', 'whenRestarting', 'always'],
    `When a node is drained before ${what} change there; always: also where no daemon is restarted for it.`,
    { default: drainDefaults.nvidia },
  );

const runtimeDefaults = { containerd: 'never', docker: 'never', 'cri-o': 'never' } as const;

/** @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/ (v1.34) */
const drain = map(
  {
    when: oneOf(
      ['never', 'minor', 'always'],
      "When a node is drained before its kubelet is upgraded; minor: where the kubelet's minor version changes, as Kubernetes asks; always: for a patch as well.",
      { default: drainDefaults.when },
    ),
    runtimes: map(
      {
        containerd: before('containerd or runc'),
        docker: before('Docker or cri-dockerd'),
        'cri-o': before('CRI-O'),
      },
      'When a node is drained for changes of its container runtime.',
    ),
    nvidia: before("NVIDIA's toolkit and settings"),
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
    order: textList('Which workers come first, one list after the other; all others come after them.', {
      wanted: 'a list of names, patterns, groups and labels',
      item: SELECTOR,
      examples: [['group:canary', 'label:pool=batch', 'w*']],
    }),
    pauseAfter: textList(
      'After which hosts a run ends where there is more to do, so that you can look before you run it again.',
      {
        wanted: 'a list of names, patterns, groups and labels',
        item: SELECTOR,
        examples: [['role:control-plane', 'group:canary']],
      },
    ),
    drain,
  },
  'How nodes are upgraded when kubernetes.version changes.',
);

export const upgrade: Section<typeof schema, Pick<Cluster, 'upgrade'>> = {
  schema,
  validate: (written, { hosts }, path) => {
    const all = hosts.map(selectable);
    const workers = all.filter(({ role }) => role === 'worker');
    return [
      ...unmatched(written?.order, [...path, 'order'], workers, 'worker'),
      ...unmatched(written?.pauseAfter, [...path, 'pauseAfter'], all, 'host'),
    ];
  },
  build: (written, { hosts }) => {
    const { maxUnavailable, snapshot } = { ...defaults, ...written };
    const { timeout, ...settings } = { ...drainDefaults, ...written?.drain };
    const all = hosts.map(selectable);
    const namesOf = (selector: string) => all.filter(hostSelector(selector)).map(({ name }) => name);
    return {
      upgrade: {
        maxUnavailable,
        snapshot,
        order: (written?.order ?? []).map(namesOf),
        pauseAfter: (written?.pauseAfter ?? []).map((after) => ({ after, hosts: namesOf(after) })),
        drain: {
          ...settings,
          runtimes: { ...runtimeDefaults, ...written?.drain?.runtimes },
          timeoutMs: timeout * 1000,
        },
      },
    };
  },
};
