import type { Blob, BundledImage } from '#core/bundle.ts';
import type { ClusterBundle, Role } from '#core/cluster.ts';
import { rememberLast } from '#core/remember-last.ts';
import {
  changeOr,
  deferred,
  type Difference,
  differs,
  type Outcome,
  type Resource,
  resource,
} from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Piece, RunStep } from '#core/step.ts';
import { containerdImages, type ImagesAnswer, PINNED } from '#facts/runtime-images.ts';

/** By SSH over a slow line. */
export const IMPORT_TIMEOUT_MS = 60 * 60_000;

/** The images of the bundle that a host runs, in containerd, under their digests and kept from being cleared away. */
export function bundledImages(bundle: ClusterBundle, role: Role): Resource {
  const images = imagesFor(bundle, role);
  return resource({
    address: 'bundle:images',
    facts: {
      found: containerdImages({
        names: images.map(({ name }) => name),
        blobs: [...new Set(images.flatMap(({ blobs }) => blobs.map(({ sha256 }) => sha256)))].toSorted(),
      }),
    },
    diff: ({ found }, { host }) =>
      found.state === 'ready'
        ? decide(images, found)
        : deferred({ host, phase: 'runtime' }, 'containerd, which takes them', decide(images, NOTHING)),
  });
}

/** Those that hosts of a role run. */
export const imagesFor = rememberLast(({ images }: ClusterBundle, role: Role): readonly BundledImage[] =>
  images.filter(({ on }) => on === 'all' || role === 'control-plane'),
);

type Ready = Extract<ImagesAnswer, { readonly state: 'ready' }>;

const NOTHING: Ready = { state: 'ready', images: {}, blobs: [] };

function decide(images: readonly BundledImage[], { images: known, blobs }: Ready): Outcome {
  const isThere = ({ name, root }: BundledImage): boolean => known[name]?.digest === `sha256:${root.sha256}`;
  const lacking = images.filter((image) => !isThere(image));
  const loose = images.filter((image) => isThere(image) && known[image.name]?.isPinned !== true);
  const differences: readonly Difference[] = [
    ...lacking.flatMap(({ name, root }) =>
      differs(name, known[name]?.digest ?? null, `sha256:${root.sha256}`),
    ),
    ...loose.flatMap(({ name }) => differs(`${name} pinned`, false, true)),
  ];
  return changeOr('the images of the bundle are there, and pinned', differences, () => [
    ...importSteps(lacking, new Set(blobs)),
    ...loose.map(pinStep),
  ]);
}

/** One after the other, so that what images share goes out once, and a run that is cut off has those that are whole. */
function importSteps(images: readonly BundledImage[], there: Set<string>): readonly RunStep[] {
  return images.map((image) => {
    const lacking = image.blobs.filter(({ sha256 }) => sha256 === image.root.sha256 || !there.has(sha256));
    for (const { sha256 } of lacking) there.add(sha256);
    return importStep(image, lacking);
  });
}

/** An image layout of one image, and of its pieces those that are sent. */
export function layoutPieces(
  { name, root, mediaType }: Pick<BundledImage, 'name' | 'root' | 'mediaType'>,
  blobs: readonly Blob[],
): readonly Piece[] {
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType,
        digest: `sha256:${root.sha256}`,
        size: root.sizeBytes,
        annotations: { 'io.containerd.image.name': name },
      },
    ],
  };
  return [
    { path: 'oci-layout', text: '{"imageLayoutVersion":"1.0.0"}' },
    { path: 'index.json', text: JSON.stringify(index) },
    ...blobs.map(({ sha256, sizeBytes }) => ({ path: `blobs/sha256/${sha256}`, sha256, sizeBytes })),
  ];
}

/** @see https://github.com/containerd/containerd/blob/v1.7.28/cmd/ctr/commands/images/import.go */
function importStep({ name, root, mediaType }: BundledImage, lacking: readonly Blob[]): RunStep {
  const pieces = layoutPieces({ name, root, mediaType }, lacking);
  return {
    do: 'run',
    summary: `import ${name}`,
    timeoutMs: IMPORT_TIMEOUT_MS,
    pieces,
    script: sh`ctr -n k8s.io images import -
ctr -n k8s.io images label ${name} ${`${PINNED}=pinned`} >/dev/null`,
  };
}

const pinStep = ({ name }: BundledImage): RunStep => ({
  do: 'run',
  summary: `keep ${name} from being cleared away`,
  script: sh`ctr -n k8s.io images label ${name} ${`${PINNED}=pinned`} >/dev/null`,
});
