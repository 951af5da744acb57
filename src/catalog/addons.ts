import type { ManifestSource } from '#core/cluster.ts';

import { minorNumber } from './kubernetes.ts';

interface AddonRelease {
  readonly version: string;
  /** Paths in the project's own tree at the release's tag, and the sha256 of each. */
  readonly files: Readonly<Record<string, string>>;
}

interface AddonCatalog {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Newest first. */
  readonly releases: readonly [AddonRelease, ...AddonRelease[]];
}

/** The same in 0.8.1 and 0.9.0; the image's tag is set by slipway, as manifests/components/release does. */
const METRICS_SERVER_FILES = {
  'manifests/base/apiservice.yaml': '03266df7891b56dfffebb855a031b524ed20c6736846417ccd491dd91c6c0ec3',
  'manifests/base/deployment.yaml': '18970227f17d0c6cb8e7a4a1cdde847117703afd3b0777badf8a006cfea252c2',
  'manifests/base/rbac.yaml': '510be174d47ae7d05ae6908ccb7ca7111008f18b5d1a920ebc6de6582c23b854',
  'manifests/base/service.yaml': '1ce19a57f4769906255c3410a38a01fb0f803e21976ce160f506a90638cbb5c7',
};

/** The same in the three releases. The files under manifests/crds are links to these. */
const SCHEDULER_PLUGINS_FILES = {
  'manifests/capacityscheduling/crd.yaml': 'eb92b2f26b18af47a430007c5bb1135186445d07eb96a0d6eb9e2ef77238e1d0',
  'manifests/coscheduling/crd.yaml': 'acf75c3eef75e1273f0d1ed53a4b230b558d8066a92acdddc10c9bc8c91ab42c',
  'manifests/noderesourcetopology/crd.yaml':
    '046de8d4722db1f5f5b8a2c6d22445cbc7f2ab6ba7b7836e2cb9955a9861a40b',
};

/** Digests are of the files at the tags, `v` and the version, read from clones of the repositories in 2026. */
export const ADDONS = {
  /** @see https://github.com/kubernetes-sigs/metrics-server/tree/v0.9.0/manifests */
  'metrics-server': {
    repository: 'kubernetes-sigs/metrics-server',
    releases: [
      { version: '0.9.0', files: METRICS_SERVER_FILES },
      { version: '0.8.1', files: METRICS_SERVER_FILES },
    ],
  },
  /** @see https://github.com/volcano-sh/volcano/tree/v1.15.1/installer */
  volcano: {
    repository: 'volcano-sh/volcano',
    releases: [
      {
        version: '1.15.1',
        files: {
          'installer/volcano-development.yaml':
            'b5fb45a57bcd1132be7055354999d244266873710609afd1f162005772d15c41',
        },
      },
      {
        version: '1.14.4',
        files: {
          'installer/volcano-development.yaml':
            'fe5626e9a3f3f363e9426b9c3c340a630892b0fb29e303be463239fdd11c974b',
        },
      },
    ],
  },
  /** @see https://github.com/kubernetes-sigs/scheduler-plugins/tree/v0.34.7/manifests */
  'scheduler-plugins': {
    repository: 'kubernetes-sigs/scheduler-plugins',
    releases: [
      { version: '0.34.7', files: SCHEDULER_PLUGINS_FILES },
      { version: '0.33.5', files: SCHEDULER_PLUGINS_FILES },
      { version: '0.32.7', files: SCHEDULER_PLUGINS_FILES },
    ],
  },
  /** @see https://github.com/rancher/local-path-provisioner/tree/v0.0.37/deploy */
  'local-path-provisioner': {
    repository: 'rancher/local-path-provisioner',
    releases: [
      {
        version: '0.0.37',
        files: {
          'deploy/local-path-storage.yaml':
            '9781b39c24f3f651bd6d6e41b561e04e4904bbdb6d4f8c7a6009df3a702dcd65',
        },
      },
      {
        version: '0.0.36',
        files: {
          'deploy/local-path-storage.yaml':
            'a5b4b057e4e400a2ca7188b03dc11303f874bfe600fc837d5446d86b3d13e26c',
        },
      },
    ],
  },
} as const satisfies Readonly<Record<string, AddonCatalog>>;

export type AddonName = keyof typeof ADDONS;

/** Below it lie `owner/name/TAG/path`. */
export const GITHUB_FILES = 'https://raw.githubusercontent.com';

/** Versions whose digests are known, newest first. */
export const addonVersions = (name: AddonName): readonly string[] =>
  ADDONS[name].releases.map(({ version }) => version);

/** The files of a release; nothing where the release is not known. */
export function addonSources(
  name: AddonName,
  version: string,
  mirror = GITHUB_FILES,
): readonly ManifestSource[] | undefined {
  const { repository, releases }: AddonCatalog = ADDONS[name];
  const release = releases.find((candidate) => candidate.version === version);
  return (
    release &&
    Object.entries(release.files).map(([path, sha256]) => ({
      location: `${mirror}/${repository}/v${version}/${path}`,
      sha256,
    }))
  );
}

/**
 * The release of scheduler-plugins that is built with a Kubernetes minor, or else with the nearest older one; a
 * scheduler may be one minor older than the API server.
 *
 * @see https://github.com/kubernetes-sigs/scheduler-plugins/blob/v0.34.7/README.md#compatibility-matrix
 */
export function schedulerPluginsVersion(kubernetes: string): string {
  const minor = minorNumber(kubernetes);
  const { releases } = ADDONS['scheduler-plugins'];
  const fitting = releases.find(({ version }) => minorNumber(version) <= minor);
  return (fitting ?? releases[2]).version;
}
