import type { BundledImage } from '#core/bundle.ts';
import type { ClusterBundle, Role } from '#core/cluster.ts';
import { changeOr, deferred, differs, type Outcome, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { os } from '#facts/os.ts';
import { storageImages, type StorageImagesAnswer } from '#facts/storage-images.ts';

import { imagesFor, IMPORT_TIMEOUT_MS, layoutPieces } from './bundled-images.ts';

/**
 * The images of the bundle that a host runs, in the storage of CRI-O, into which skopeo brings them. Nothing keeps the kubelet
 * from clearing one away.
 */
export function bundledStorageImages(bundle: ClusterBundle, role: Role): Resource {
  const images = imagesFor(bundle, role);
  return resource({
    address: 'bundle:images',
    facts: { os: os(), found: storageImages(images.map(({ name }) => name)) },
    diff: ({ os: { arch }, found }, { host }) =>
      found.state === 'ready'
        ? decide(images, arch, found)
        : deferred(
            { host, phase: 'images' },
            'skopeo, which brings them',
            decide(images, arch, { state: 'ready', images: {} }),
          ),
  });
}

type Ready = Extract<StorageImagesAnswer, { readonly state: 'ready' }>;

/** What is kept under a name is the manifest of one architecture, or the list that it came from. */
function decide(images: readonly BundledImage[], arch: string, { images: known }: Ready): Outcome {
  const isIt = ({ name, root, platforms }: BundledImage): boolean => {
    const manifests = platforms.flatMap((one) => (one.architecture === arch ? [one.manifest] : []));
    return [root.sha256, ...manifests].includes(known[name] ?? '');
  };
  const lacking = images.filter((image) => !isIt(image));
  return changeOr(
    'the images of the bundle are there',
    lacking.flatMap(({ name, root }) => differs(name, digestOf(known[name]), digestOf(root.sha256))),
    () => lacking.map(copyStep),
  );
}

const digestOf = (sha256: string | undefined): string | null =>
  sha256 === undefined ? null : `sha256:${sha256}`;

/**
 * No policy of the host's is asked, which would be about signatures: its digests are those of the bundle.
 *
 * @see https://github.com/containers/skopeo/blob/v1.9.3/docs/skopeo-copy.1.md
 */
const copyStep = (image: BundledImage): RunStep => ({
  do: 'run',
  summary: `copy ${image.name}`,
  timeoutMs: IMPORT_TIMEOUT_MS,
  pieces: layoutPieces(image, image.blobs),
  script: sh`layout=$(mktemp -d /var/tmp/slipway-image-XXXXXX) || exit 1
trap 'rm -rf "$layout"' EXIT
tar -x -f - -C "$layout" --no-same-owner
skopeo copy --quiet --insecure-policy oci:"$layout" containers-storage:${image.name}`,
});
