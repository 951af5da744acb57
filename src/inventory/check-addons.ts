import { ADDONS, type AddonName, addonVersions } from '#catalog/addons.ts';

import { addonOrder } from './addon-order.ts';
import { isChartPath } from './build-addons.ts';
import type { Check } from './check-context.ts';
import { type Finding, type Path, quoteValue } from './text/problem.ts';
import type { SoundDocument } from './sound-document.ts';

type AddonsDocument = NonNullable<SoundDocument['addons']>;

/** Versions that have digests, sources that are one, and names that are unique. */
export const checkAddons: Check = ({ document: { addons = {} }, isFaulty }) =>
  isFaulty(['addons'])
    ? []
    : [
        ...versionFindings(addons),
        ...manifestFindings(addons),
        ...chartFindings(addons),
        ...nameFindings(addons),
        ...orderFindings(addons),
      ];

const NAMES = Object.keys(ADDONS) as readonly AddonName[];

function versionFindings(addons: AddonsDocument): readonly Finding[] {
  return NAMES.flatMap((name): readonly Finding[] => {
    const { version, manifest } = addons[name] ?? {};
    if (manifest !== undefined) {
      const isOne = (manifest.url === undefined) !== (manifest.path === undefined);
      return isOne ? [] : [{ path: ['addons', name, 'manifest'], message: 'must have either url or path' }];
    }
    const known = addonVersions(name);
    if (version === undefined || known.includes(version.replace(/^v/, ''))) return [];
    const wanted = known.join(' or ');
    const message = `slipway does not know the digests of ${name} ${version}: take ${wanted}, or name its manifest and sha256`;
    return [{ path: ['addons', name, 'version'], message, wanted, got: quoteValue(version) }];
  });
}

function manifestFindings({ manifests = [] }: AddonsDocument): readonly Finding[] {
  return manifests.flatMap((entry, index): readonly Finding[] => {
    const path: Path = ['addons', 'manifests', index];
    const sources = [entry.path, entry.url, entry.kustomize].filter((source) => source !== undefined);
    if (sources.length !== 1) return [{ path, message: 'must have one of path, url and kustomize' }];
    if (entry.url !== undefined && entry.sha256 === undefined) {
      return [{ path: [...path, 'url'], message: 'needs a sha256 beside it: the file there may change' }];
    }
    if (entry.url === undefined && entry.sha256 !== undefined) {
      return [{ path: [...path, 'sha256'], isKey: true, message: '"sha256" has no meaning without a url' }];
    }
    return [];
  });
}

function chartFindings({ charts = [] }: AddonsDocument): readonly Finding[] {
  return charts.flatMap(({ chart, repository, version, runsOn }, index): readonly Finding[] => {
    const path: Path = ['addons', 'charts', index];
    const isPath = isChartPath(chart);
    const isReference = chart.startsWith('oci://');
    if (repository === undefined && !isPath && !isReference) {
      return [
        {
          path,
          message: 'needs a repository: its chart is neither a path (./ in front) nor an oci:// reference',
        },
      ];
    }
    if (repository !== undefined && (isPath || isReference)) {
      return [
        { path: [...path, 'repository'], isKey: true, message: '"repository" is for a chart by its name' },
      ];
    }
    if (version === undefined && !isPath) {
      return [{ path, message: 'needs a version: without one helm takes whatever is the newest' }];
    }
    if (isPath && runsOn === 'control-plane') {
      return [{ path: [...path, 'runsOn'], message: 'must be controller for a chart on this machine' }];
    }
    return [];
  });
}

function nameFindings(addons: AddonsDocument): readonly Finding[] {
  const seen = new Set<string>(NAMES);
  const entries = (['manifests', 'charts'] as const).flatMap((section) =>
    (addons[section] ?? []).map(
      ({ name }, index) => [['addons', section, index, 'name'] as Path, name] as const,
    ),
  );
  return entries.flatMap(([path, name]): readonly Finding[] => {
    if (seen.has(name)) return [{ path, message: 'is the name of another addon', got: quoteValue(name) }];
    seen.add(name);
    return [];
  });
}

/** What is to come first must be there, and not wait itself. */
function orderFindings({ manifests = [], charts = [] }: AddonsDocument): readonly Finding[] {
  const names = new Set([...manifests, ...charts].map(({ name }) => name));
  const stuck = new Set(addonOrder([...manifests, ...charts]).stuck.map(({ name }) => name));
  return [['manifests', manifests] as const, ['charts', charts] as const].flatMap(([section, entries]) =>
    entries.flatMap(({ name, after = [] }, index) =>
      after.flatMap((other, position): readonly Finding[] => {
        const path: Path = ['addons', section, index, 'after', position];
        const got = quoteValue(other);
        if (!names.has(other))
          return [{ path, message: 'must name another of the manifests and charts', got }];
        return stuck.has(name) && stuck.has(other)
          ? [{ path, message: 'waits for this one in turn', got }]
          : [];
      }),
    ),
  );
}
