import type { ManifestSource } from '#core/cluster.ts';

interface CalicoRelease {
  readonly version: string;
  /** sha256 of `manifests/calico.yaml` at the release's tag. */
  readonly sha256: string;
}

/**
 * The Calico releases whose manifest slipway knows, newest first; the first is the default.
 *
 * @see https://github.com/projectcalico/calico/releases (digests of the files at the tags v3.32.1 and v3.31.7)
 */
export const CALICO_RELEASES: readonly [CalicoRelease, ...CalicoRelease[]] = [
  { version: '3.32.1', sha256: 'a1df919d9721cf667accdc3e72848911b0cb25cfab7d2478ad0c996302c95744' },
  { version: '3.31.7', sha256: 'd6d8a489a4ed8e5b8efd8b339047b496ca657b55ee2e3618e791507b0a853e8d' },
];

/** The manifest of a known release; nothing where the release is not known. */
export function calicoManifest(version: string): ManifestSource | undefined {
  const release = CALICO_RELEASES.find((candidate) => candidate.version === version);
  return release && { location: calicoManifestUrl(version), sha256: release.sha256 };
}

/** @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/self-managed-onprem/onpremises (3.32) */
const calicoManifestUrl = (version: string): string =>
  `https://raw.githubusercontent.com/projectcalico/calico/v${version}/manifests/calico.yaml`;
