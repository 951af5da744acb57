import { removedSettings } from '#catalog/containerd-contradictions.ts';
import { minorOf, pauseImage } from '#catalog/kubernetes.ts';
import { knownVersions, type ReleaseFiles, type ReleaseName, RELEASES } from '#catalog/releases.ts';
import { crioRepository, dockerRepository, keyUrlOf } from '#catalog/repositories.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { sorted } from '#core/json.ts';
import type { Download, Runtime } from '#core/runtime.ts';
import {
  type Accepted,
  defined,
  freeMap,
  map,
  oneOf,
  type Schema,
  sha256,
  text,
  url,
  type ValidPart,
} from '#core/schema.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { packageRepository, VERSION_PATTERN, withoutV } from '#inventory/values/release.ts';

import { buildHandlers, handlerFindings, handlers } from './runtime/handlers.ts';

const downloadSchema = map(
  {
    version: text('The version; by default the newest one slipway knows.', {
      wanted: 'a version such as 2.3.4',
      pattern: VERSION_PATTERN,
    }),
    url: url("Where the file is, with {version} and {arch} in it; by default the project's own page."),
    sha256: map(
      {
        amd64: sha256('The digest of the file for amd64.'),
        arm64: sha256('The digest of the file for arm64.'),
      },
      'The digests the files must have; needed where slipway does not know the version.',
    ),
  },
  'A release file.',
);

const download = (description: string) => defined('download', downloadSchema, description);

const downloads = map(
  {
    containerd: download("containerd's archive."),
    runc: download('The program runc.'),
    cniPlugins: download('The archive of the CNI plugins.'),
    criDockerd: download("cri-dockerd's archive or deb package."),
  },
  'Release files other than those slipway knows: another version, or a mirror.',
);

/** What of a runtime its release files depend on. */
interface Written {
  readonly version?: string;
  readonly downloads?: Accepted<typeof downloads>;
  readonly fetch?: Download['fetch'];
}

/** Where containerd is a release file, `version` is its too. */
function versionOf(name: ReleaseName, { downloads: files, version }: ValidPart<Written>): string {
  const written = files?.[name]?.version ?? (name === 'containerd' ? version : undefined);
  return written === undefined ? knownVersions(name)[0] : withoutV(written);
}

/** Nothing is run that no digest pins. */
function digestFindings(name: ReleaseName, runtime: ValidPart<Written>, path: Path): readonly Finding[] {
  const known: ReleaseFiles = RELEASES[name];
  const version = versionOf(name, runtime);
  const written = runtime.downloads?.[name]?.sha256;
  if (known.sha256[version] !== undefined || Object.keys(written ?? {}).length > 0) return [];
  const message = `the digests of ${name} ${version} are not known: give downloads.${name}.sha256, or a version that is`;
  return [{ path, message, wanted: knownVersions(name).join(', ') }];
}

function buildDownload(name: ReleaseName, written: Written): Download {
  const release: ReleaseFiles = RELEASES[name];
  const version = versionOf(name, written);
  const file = written.downloads?.[name];
  const { url: location = release.url, sha256: digests = release.sha256[version] ?? {} } = file ?? {};
  return {
    version,
    files: Object.fromEntries(
      Object.entries(digests).map(([arch, digest]) => [
        arch,
        {
          url: location.replaceAll('{version}', version).replaceAll('{arch}', arch),
          sha256: digest.toLowerCase(),
        },
      ]),
    ),
    fetch: written.fetch ?? 'host',
  };
}

export const runtimeDefaults = { type: 'containerd', source: 'distribution', fetch: 'host' } as const;

const repository = map(
  {
    url: url("Where the packages are: a mirror of Docker's or CRI-O's repository."),
    keyUrl: url('Where the ASCII-armoured signing key is.'),
    fingerprint: text('The fingerprint that the key must have.', {
      wanted: '40 hexadecimal digits',
      pattern: '^([0-9A-Fa-f] *){40}$',
    }),
  },
  "The package repository, in place of Docker's or CRI-O's own.",
);

const definition = map(
  {
    type: oneOf(
      ['containerd', 'docker', 'cri-o'],
      'The container runtime; docker comes with cri-dockerd in front of it.',
      { default: runtimeDefaults.type },
    ),
    source: oneOf(
      ['distribution', 'docker', 'upstream'],
      "Where it comes from: the host's distribution, Docker's repository (containerd.io, docker-ce), or, for containerd, the release files of the projects themselves. CRI-O always comes from its own repository.",
      { default: runtimeDefaults.source },
    ),
    version: text('The version to install; by default whatever the source has.', {
      wanted: 'a version such as 2.2.7',
      pattern: VERSION_PATTERN,
      examples: ['2.2.7'],
    }),
    sandboxImage: text(
      'The image of the container that holds a pod together; by default the pause image that kubeadm names for this Kubernetes version, from kubernetes.imageRepository.',
      { wanted: 'an image such as registry.k8s.io/pause:3.10.1', examples: ['registry.k8s.io/pause:3.10.1'] },
    ),
    snapshotter: text("containerd's snapshotter; by default its own choice, overlayfs.", {
      wanted: 'the name of a snapshotter',
      examples: ['native'],
    }),
    config: freeMap(
      "Merged over slipway's own configuration of the runtime: for containerd in the shape that `containerd config dump` shows, for Docker keys of daemon.json, for CRI-O tables of crio.conf.",
      {
        examples: [{ plugins: { 'io.containerd.cri.v1.runtime': { max_container_log_line_size: 65_536 } } }],
      },
    ),
    handlers,
    repository,
    downloads,
    fetch: oneOf(
      ['host', 'controller'],
      'Who fetches release files: each host itself, or the machine slipway runs on, which streams them.',
      { default: runtimeDefaults.fetch },
    ),
  },
  'The container runtime.',
);

export type RuntimeDocument = Accepted<typeof definition>;

/** The container runtime, of all hosts; what one of them has comes from there and from its own settings. */
export const runtime: Section<Schema<RuntimeDocument>, object> = {
  schema: defined(
    'runtime',
    definition,
    'The container runtime; a host, its group or the defaults may say otherwise.',
  ),
  validate: (_, context) => {
    const findings = context.hosts.flatMap(({ entry, settings }) =>
      runtimeFindings(settings.runtime ?? {}, pathOf(context, entry)),
    );
    return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
  },
};

/** Where most of it is written: in the host, else in the section that is common to all. */
function pathOf({ document }: ValidationContext, entry: number): Path {
  const host = document.hosts?.[entry];
  if (host?.runtime !== undefined || document.runtime === undefined) return ['hosts', entry, 'runtime'];
  return ['runtime'];
}

function runtimeFindings(written: RuntimeDocument, path: Path): readonly Finding[] {
  const { type = runtimeDefaults.type, source, snapshotter, version } = written;
  const files: readonly ReleaseName[] = [
    ...(type === 'containerd' && source === 'upstream'
      ? (['containerd', 'runc', 'cniPlugins'] as const)
      : []),
    ...(type === 'docker' ? (['criDockerd'] as const) : []),
  ];
  const problemIf = (
    isWrong: boolean,
    field: 'source' | 'snapshotter',
    message: string,
  ): readonly Finding[] =>
    isWrong ? [{ path: [...path, field], message, got: quoteValue(written[field]) }] : [];
  return [
    ...problemIf(
      type === 'docker' && source === 'upstream',
      'source',
      'Docker comes from the distribution or from docker',
    ),
    ...problemIf(
      type === 'cri-o' && source !== undefined,
      'source',
      'CRI-O always comes from its own repository: leave it out',
    ),
    ...problemIf(
      type !== 'containerd' && snapshotter !== undefined,
      'snapshotter',
      `is a setting of containerd, not of ${type}`,
    ),
    ...handlerFindings(written.handlers ?? {}, type, [...path, 'handlers']),
    ...files.flatMap((name) => digestFindings(name, written, path)),
    ...(type === 'containerd' && version !== undefined
      ? removedSettings(version, written.config).map((removed) => ({
          path: [...path, 'config'],
          message: `sets ${removed}`,
        }))
      : []),
  ];
}

/** The runtime of a host. */
export function buildRuntime(settings: RuntimeDocument, kubernetes: Kubernetes): Runtime {
  const written = { ...runtimeDefaults, ...settings };
  const { type, source, version, snapshotter } = written;
  const base = {
    ...(version !== undefined && { version: withoutV(version) }),
    sandboxImage: written.sandboxImage ?? pauseImage(kubernetes),
    config: sorted(written.config ?? {}),
  };
  const handled = written.handlers === undefined ? {} : { handlers: buildHandlers(written.handlers, type) };
  if (type === 'cri-o') {
    const known = crioRepository(minorOf(kubernetes.version));
    const packages = packageRepository(written.repository, known, keyUrlOf);
    return { type, source: { from: 'repository', repository: packages }, ...base, ...handled };
  }
  const docker = packageRepository(
    written.repository,
    dockerRepository(written.repository?.url?.replace(/\/+$/, '')),
    (location) => dockerRepository(location).keyUrl,
  );
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
    ...handled,
    ...(snapshotter !== undefined && { snapshotter }),
  };
}
