import { type AddonName, ADDONS } from '#addons/addons.ts';
import type { Cluster } from '#core/cluster.ts';
import { type Accepted, flag, list, map, type Schema, url } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';

import {
  type AddonContext,
  buildKnown,
  knownFiles,
  knownFindings,
  knownSchema,
  type WrittenAddon,
} from './addons/known-addon.ts';
import {
  addonOrder,
  buildChart,
  buildManifests,
  chartFiles,
  chartFindings,
  chartSchema,
  manifestsFiles,
  manifestsFindings,
  manifestsSchema,
} from './addons/own-addons.ts';
import { kubernetesOf } from './kubernetes.ts';

const schema = map(
  {
    prune: flag(
      'Whether objects that slipway applied, and that no addon has any more, are deleted. Namespaces, definitions and volumes never are.',
      { default: false },
    ),
    mirror: url('What stands in place of https://raw.githubusercontent.com; the digests stay.', {
      default: 'https://raw.githubusercontent.com',
    }),
    ...(Object.fromEntries(ADDONS.map((addon) => [addon.name, knownSchema(addon)])) as Readonly<
      Record<AddonName, Schema<WrittenAddon>>
    >),
    manifests: list(manifestsSchema, 'Objects of yours, applied on the server side.', {
      wanted: 'a list of manifests',
    }),
    charts: list(chartSchema, 'Helm charts.', { wanted: 'a list of charts' }),
  },
  'What runs on the cluster beside what makes it one. An addon is there when its key is, as in volcano: {}.',
);

type AddonsDocument = Accepted<typeof schema>;

/** The addons that slipway knows come first, then the operator's, in the order they ask for. */
export const addons: Section<typeof schema, Pick<Cluster, 'addons'>> = {
  schema,
  validate: (written, context, path) =>
    written === undefined || context.isFaulty(path) ? [] : findings(written as AddonsDocument, path),
  files: (written, path) =>
    written === undefined
      ? []
      : [
          ...knownOf(written).flatMap(({ addon, entry }) => knownFiles(entry, [...path, addon.name])),
          ...(written.manifests ?? []).flatMap((entry, index) =>
            manifestsFiles(entry ?? {}, [...path, 'manifests', index]),
          ),
          ...(written.charts ?? []).flatMap((entry, index) =>
            chartFiles(entry ?? {}, [...path, 'charts', index]),
          ),
        ],
  build: (written = {}, context) => {
    const { prune = false, mirror, manifests = [], charts = [] } = written;
    const addonContext: AddonContext = {
      kubernetes: kubernetesOf(context),
      places: context.places,
      ...(mirror !== undefined && { mirror: mirror.replace(/\/+$/, '') }),
    };
    const sets = [
      ...knownOf(written).map(({ addon, entry }) => buildKnown(addon, entry, addonContext)),
      ...addonOrder([...manifests, ...charts]).ordered.map((entry) =>
        'chart' in entry ? buildChart(entry, addonContext) : buildManifests(entry, context.places),
      ),
    ];
    return { addons: { isPruning: prune, sets } };
  },
};

/** The addons of the table that are asked for, with what is written of them. */
const knownOf = <Entry>(written: Readonly<Partial<Record<AddonName, Entry>>>) =>
  ADDONS.flatMap((addon) => {
    const entry = written[addon.name];
    return entry === undefined ? [] : [{ addon, entry }];
  });

function findings(written: AddonsDocument, path: Path): readonly Finding[] {
  const { manifests = [], charts = [] } = written;
  const entries = [
    ...manifests.map((entry, index) => ({ entry, at: [...path, 'manifests', index] })),
    ...charts.map((entry, index) => ({ entry, at: [...path, 'charts', index] })),
  ];
  const names = new Set<string>(ADDONS.map(({ name }) => name));
  return [
    ...knownOf(written).flatMap(({ addon, entry }) => knownFindings(addon, entry, [...path, addon.name])),
    ...entries.flatMap(({ entry, at }) =>
      'chart' in entry ? chartFindings(entry, at) : manifestsFindings(entry, at),
    ),
    ...entries.flatMap(({ entry: { name }, at }) => {
      const isTaken = names.has(name);
      names.add(name);
      const message = 'is the name of another addon';
      return isTaken ? [{ path: [...at, 'name'], message, got: quoteValue(name) }] : [];
    }),
    ...orderFindings(entries),
  ];
}

interface OwnAddon {
  readonly entry: { readonly name: string; readonly after?: readonly string[] };
  readonly at: Path;
}

/** What is to come first must be there, and not wait itself. */
function orderFindings(entries: readonly OwnAddon[]): readonly Finding[] {
  const names = new Set(entries.map(({ entry }) => entry.name));
  const stuck = new Set(addonOrder(entries.map(({ entry }) => entry)).stuck.map(({ name }) => name));
  return entries.flatMap(({ entry: { name, after = [] }, at }) =>
    after.flatMap((other, position): readonly Finding[] => {
      const path = [...at, 'after', position];
      const got = quoteValue(other);
      if (!names.has(other)) {
        return [{ path, message: 'must name another of the manifests and charts', got }];
      }
      return stuck.has(name) && stuck.has(other)
        ? [{ path, message: 'waits for this one in turn', got }]
        : [];
    }),
  );
}
