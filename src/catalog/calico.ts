import type { ManifestSource } from '#core/manifest-source.ts';

/** A file of a release, below `manifests/`. */
type CalicoFile = 'calico.yaml' | 'calico-typha.yaml' | 'operator-crds.yaml' | 'tigera-operator.yaml';

interface CalicoRelease {
  readonly version: string;
  /** sha256 of the files at the release's tag. */
  readonly sha256: Readonly<Record<CalicoFile, string>>;
}

/**
 * The Calico releases whose manifests slipway knows, newest first; the first is the default.
 *
 * @see https://github.com/projectcalico/calico/releases (digests of the files at the tags v3.32.1 and v3.31.7)
 */
export const CALICO_RELEASES: readonly [CalicoRelease, ...CalicoRelease[]] = [
  {
    version: '3.32.1',
    sha256: {
      'calico.yaml': 'a1df919d9721cf667accdc3e72848911b0cb25cfab7d2478ad0c996302c95744',
      'calico-typha.yaml': '7ecc42a5ca2bd47764384f5c52b89b007c06cbf907fd3214c1cf4abc75ead76f',
      'operator-crds.yaml': '192f8b2d934ef24b62e86b7e1a6e1762d1c8af26a916f78057bc13fa5ed60f71',
      'tigera-operator.yaml': 'f18e073794207d372606bc3ea6f8fd73972f86d6828f4ba666dfe0d4aa8ab07f',
    },
  },
  {
    version: '3.31.7',
    sha256: {
      'calico.yaml': 'd6d8a489a4ed8e5b8efd8b339047b496ca657b55ee2e3618e791507b0a853e8d',
      'calico-typha.yaml': '86bdaabf6098f98320773a257f3408f70a8654e9ccf26a48e717ef2d028d71b7',
      'operator-crds.yaml': '380414d5756e9a1af29ddb1ad70cada07aa344ae7a2680ba7355248621f8adbf',
      'tigera-operator.yaml': '092c10b3d0cb73617aca51367ca59755348f4647e6d2e63fa4e5b81266203214',
    },
  },
];

/** A manifest of a known release; nothing where the release is not known. */
export function calicoManifest(
  version: string,
  file: CalicoFile = 'calico.yaml',
): ManifestSource | undefined {
  const release = CALICO_RELEASES.find((candidate) => candidate.version === version);
  return release && { location: calicoManifestUrl(version, file), sha256: release.sha256[file] };
}

/** @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/self-managed-onprem/onpremises (3.32) */
const calicoManifestUrl = (version: string, file: CalicoFile): string =>
  `https://raw.githubusercontent.com/projectcalico/calico/v${version}/manifests/${file}`;

/**
 * What the operator runs for an Installation and an APIServer, and not what other objects of it ask for. It takes them from
 * quay.io, by the version of its release; it is not known of others.
 *
 * @see https://github.com/tigera/docs/blob/69ef9b0/calico_versioned_docs/version-3.32/releases.json (and version-3.31: names, registry)
 * @see https://github.com/tigera/operator/blob/v1.38.6/pkg/components/calico.go (CalicoImages, without those of FIPS, Windows and certificates of others)
 */
const OPERATOR_IMAGES = [
  'apiserver',
  'cni',
  'csi',
  'kube-controllers',
  'node',
  'node-driver-registrar',
  'pod2daemon-flexvol',
  'typha',
] as const;

/** The images that the operator of a release runs; undefined where the release is not known. */
export const calicoOperatorImages = (version: string, registry = 'quay.io'): readonly string[] | undefined =>
  CALICO_RELEASES.some((known) => known.version === version)
    ? OPERATOR_IMAGES.map((name) => `${registry}/calico/${name}:v${version}`)
    : undefined;
