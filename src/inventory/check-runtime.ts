import { knownVersions, type ReleaseName, RELEASES, type ReleaseFiles } from '#catalog/releases.ts';

import { downloadVersion } from './build-runtime.ts';
import type { Check, CheckContext } from './check-context.ts';
import { DEFAULTS } from './inventory-default.ts';
import { type Finding, type Path, quoteValue } from './text/problem.ts';
import type { RegistryDocument, RuntimeDocument } from './schema.ts';

/** The runtime of each host, as it comes out of the inventory's sections, and the registries. */
export const checkRuntime: Check = (context) => {
  const findings = context.hosts.flatMap(({ entry, settings }) => {
    const { runtime = {} } = settings;
    return runtimeFindings(runtime, pathOf(context, entry));
  });
  const types = new Set(context.hosts.map(({ settings }) => settings.runtime?.type ?? DEFAULTS.runtime));
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...unique.values(), ...registryFindings(context.document.registries, types)];
};

/** Where most of it is written: in the host, else in the section that is common to all. */
function pathOf({ document }: CheckContext, entry: number): Path {
  const host = document.hosts?.[entry];
  if (host?.runtime !== undefined || document.runtime === undefined) return ['hosts', entry, 'runtime'];
  return ['runtime'];
}

function runtimeFindings(runtime: RuntimeDocument, path: Path): readonly Finding[] {
  const { type = DEFAULTS.runtime, source } = runtime;
  const isUpstream = type === 'containerd' && source === 'upstream';
  const files: readonly ReleaseName[] = [
    ...(isUpstream ? (['containerd', 'runc', 'cniPlugins'] as const) : []),
    ...(type === 'docker' ? (['criDockerd'] as const) : []),
  ];
  return [
    ...(type === 'docker' && source === 'upstream'
      ? [fault([...path, 'source'], 'Docker comes from the distribution or from docker', source)]
      : []),
    ...(type === 'cri-o' && source !== undefined
      ? [fault([...path, 'source'], 'CRI-O always comes from its own repository: leave it out', source)]
      : []),
    ...(type !== 'containerd' && runtime.snapshotter !== undefined
      ? [fault([...path, 'snapshotter'], `is a setting of containerd, not of ${type}`, runtime.snapshotter)]
      : []),
    ...files.flatMap((name) => digestFindings(name, runtime, path)),
  ];
}

/** Nothing is run that no digest pins. */
function digestFindings(name: ReleaseName, runtime: RuntimeDocument, path: Path): readonly Finding[] {
  const { sha256 }: ReleaseFiles = RELEASES[name];
  const version = downloadVersion(name, runtime);
  const written = runtime.downloads?.[name]?.sha256;
  if (sha256[version] !== undefined || Object.keys(written ?? {}).length > 0) return [];
  const message = `the digests of ${name} ${version} are not known: give downloads.${name}.sha256, or a version that is`;
  return [{ path, message, wanted: knownVersions(name).join(', ') }];
}

function registryFindings(
  registries: Readonly<Record<string, RegistryDocument | null>> = {},
  types: ReadonlySet<string>,
): readonly Finding[] {
  return Object.entries(registries).flatMap(([host, registry]): readonly Finding[] => {
    const path: Path = ['registries', host];
    const isName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d+)?$/i.test(host);
    return [
      ...(isName
        ? []
        : [
            {
              path,
              isKey: true,
              message: `${quoteValue(host)} must be host or host:port, as images name it`,
            },
          ]),
      ...(types.has('docker') && host !== 'docker.io' && (registry?.mirrors ?? []).length > 0
        ? [
            {
              path: [...path, 'mirrors'],
              message: 'Docker has mirrors for docker.io only, and some hosts run Docker',
            },
          ]
        : []),
      ...loginFindings(registry, path),
      ...(registry?.mirrors ?? []).flatMap((mirror, index) =>
        loginFindings(mirror, [...path, 'mirrors', index]),
      ),
    ];
  });
}

function loginFindings(
  endpoint: Pick<RegistryDocument, 'username' | 'password'> | null | undefined,
  path: Path,
): readonly Finding[] {
  if ((endpoint?.username === undefined) === (endpoint?.password === undefined)) return [];
  const missing = endpoint?.username === undefined ? 'username' : 'password';
  return [{ path: [...path, missing], isKey: true, message: `the key "${missing}" is missing` }];
}

const fault = (path: Path, message: string, got: unknown): Finding => ({
  path,
  message,
  got: quoteValue(got),
});
