/**
 * What a bundle holds, as its file `slipway-bundle.json` has it: everything that hosts of a cluster would fetch from
 * outside, by digest. The pieces themselves lie beside it, at `blobs/sha256/`.
 */
export interface BundleIndex {
  readonly format: typeof BUNDLE_FORMAT;
  /** The version of slipway that made it. */
  readonly slipway: string;
  readonly kubernetes: { readonly version: string; readonly imageRepository: string };
  /** In Go's words: `amd64`. */
  readonly architectures: readonly string[];
  /** By location. */
  readonly files: readonly BundledFile[];
  /** By name. */
  readonly images: readonly BundledImage[];
  /** By release and architecture. */
  readonly repositories: readonly BundledRepository[];
}

export const BUNDLE_FORMAT = 'slipway-bundle/1';

/** A piece of a bundle. */
export interface Blob {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A manifest, a key, a release file, or what a program of the controller printed. */
export interface BundledFile extends Blob {
  readonly location: string;
  /** What pinned it when it was fetched: `sha256:...`, `fingerprint:...`. */
  readonly pin: string;
}

export interface BundledImage {
  /** As container runtimes keep it: with its registry, and a tag or a digest. */
  readonly name: string;
  /** Of what the name stands for: an index of several platforms, or a manifest. */
  readonly root: Blob;
  readonly mediaType: string;
  /** Which hosts run it. */
  readonly on: ImagePlace;
  /** All pieces of it for the architectures of the bundle, the root among them, by digest. */
  readonly blobs: readonly Blob[];
  /** What it is on each architecture of the bundle. */
  readonly platforms: readonly BundledPlatform[];
}

/** Digests of the pieces of an image on one architecture, in hexadecimal. */
export interface BundledPlatform {
  /** In Go's words. */
  readonly architecture: string;
  readonly manifest: string;
  readonly config: string;
  /** In their order, from the bottom. */
  readonly layers: readonly string[];
  /** Of the layers as they are unpacked. */
  readonly diffIds: readonly string[];
}

export type ImagePlace = 'all' | 'control-planes';

/** Packages of one release of a distribution, with all that they depend on. */
export interface BundledRepository {
  /** `debian 12`. */
  readonly release: string;
  readonly architecture: string;
  /** What was asked for, as hosts ask for it: `kubelet 1.35.8`. */
  readonly wanted: readonly string[];
  /** By name. */
  readonly packages: readonly BundledPackage[];
}

export interface BundledPackage extends Blob {
  readonly name: string;
  readonly version: string;
  /** As the package manager calls the file: `kubelet_1.35.8-1.1_amd64.deb`. */
  readonly file: string;
  /** What the package manager's index says of it, without its place, size and digests. */
  readonly control: string;
}

/** How a package is asked for, in one line. */
export const wantedLine = ({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string | null;
}): string => (version === null ? name : `${name} ${version}`);

/** Every piece of a bundle, once, by digest. */
export function blobsOf({ files, images, repositories }: BundleIndex): readonly Blob[] {
  const all = [
    ...files,
    ...images.flatMap(({ blobs }) => blobs),
    ...repositories.flatMap(({ packages }) => packages),
  ];
  const found = new Map(all.map(({ sha256, sizeBytes }) => [sha256, { sha256, sizeBytes }]));
  return [...found.values()].toSorted((left, right) => compare(left.sha256, right.sha256));
}

/** By code units, whatever the machine's language. */
export const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
