import { minorOf } from '#catalog/kubernetes.ts';
import { knownVersions, type ReleaseName, RELEASES, type ReleaseFiles } from '#catalog/releases.ts';
import { crioRepository, dockerRepository, keyUrlOf } from '#catalog/repositories.ts';
import type { JsonObject } from '#core/json.ts';
import type { PackageRepository } from '#core/cluster.ts';
import type { Download, Runtime } from '#core/runtime.ts';

import { DEFAULTS } from './inventory-default.ts';
import type { RuntimeDocument } from './schema.ts';
import { sorted } from './values/sorted.ts';

/** What a runtime's defaults depend on. */
interface RuntimeDefaults {
  readonly sandboxImage: string;
  /** Of Kubernetes. */
  readonly version: string;
}

/** A host's runtime, every default applied. */
export function buildRuntime(written: RuntimeDocument = {}, defaults: RuntimeDefaults): Runtime {
  const { type = DEFAULTS.runtime, source = 'distribution', version, snapshotter } = written;
  const base = {
    ...(version !== undefined && { version: version.replace(/^v/, '') }),
    sandboxImage: written.sandboxImage ?? defaults.sandboxImage,
    config: sorted((written.config ?? {}) as JsonObject),
  };
  if (type === 'cri-o') {
    const repository = buildRepository(written, crioRepository(minorOf(defaults.version)), keyUrlOf);
    return { type, source: { from: 'repository', repository }, ...base };
  }
  const docker = buildRepository(written, dockerRepository(), (url) => dockerRepository(url).keyUrl);
  const packages =
    source === 'docker'
      ? ({ from: 'repository', repository: docker } as const)
      : ({ from: 'distribution' } as const);
  if (type === 'docker') {
    return { type, source: packages, criDockerd: buildDownload('criDockerd', written), ...base };
  }
  return {
    type,
    source:
      source === 'upstream'
        ? {
            from: 'upstream',
            containerd: buildDownload('containerd', written),
            runc: buildDownload('runc', written),
            cniPlugins: buildDownload('cniPlugins', written),
          }
        : packages,
    ...base,
    ...(snapshotter !== undefined && { snapshotter }),
  };
}

/** The version of a release file: where containerd is one, `version` is its too. */
export function downloadVersion(name: ReleaseName, { downloads, version }: RuntimeDocument): string {
  const written = downloads?.[name]?.version ?? (name === 'containerd' ? version : undefined);
  return written?.replace(/^v/, '') ?? knownVersions(name)[0];
}

function buildDownload(name: ReleaseName, written: RuntimeDocument): Download {
  const release: ReleaseFiles = RELEASES[name];
  const version = downloadVersion(name, written);
  const { url = release.url, sha256 = release.sha256[version] ?? {} } = written.downloads?.[name] ?? {};
  return {
    version,
    files: Object.fromEntries(
      Object.entries(sha256).map(([arch, digest]) => [
        arch,
        {
          url: url.replaceAll('{version}', version).replaceAll('{arch}', arch),
          sha256: digest.toLowerCase(),
        },
      ]),
    ),
    fetch: written.fetch ?? 'host',
  };
}

function buildRepository(
  { repository: written }: RuntimeDocument,
  known: PackageRepository,
  keyUrlBelow: (url: string) => string,
): PackageRepository {
  const url = written?.url?.replace(/\/+$/, '') ?? known.url;
  return {
    ...known,
    url,
    keyUrl: written?.keyUrl ?? keyUrlBelow(url),
    fingerprint: written?.fingerprint?.replaceAll(' ', '').toUpperCase() ?? known.fingerprint,
  };
}
