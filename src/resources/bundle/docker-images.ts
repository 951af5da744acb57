import type { BundledImage, BundledPlatform } from '#core/bundle.ts';
import type { ClusterBundle, Role } from '#core/cluster.ts';
import {
  changeOr,
  deferred,
  differs,
  type Outcome,
  refused,
  type Resource,
  resource,
} from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Piece, RunStep } from '#core/step.ts';
import { dockerImages, type DockerImagesAnswer } from '#facts/docker-images.ts';
import { os } from '#facts/os.ts';

import { imagesFor, IMPORT_TIMEOUT_MS } from './bundled-images.ts';

/**
 * The images of the bundle that a host runs, in Docker. It knows an image by its configuration, or, where it keeps them in
 * containerd, by its layers. Nothing of Docker's keeps the kubelet from clearing one away.
 */
export function bundledDockerImages(bundle: ClusterBundle, role: Role): Resource {
  const images = imagesFor(bundle, role);
  return resource({
    address: 'bundle:images',
    facts: { os: os(), found: dockerImages(images.map(({ name }) => name)) },
    diff: ({ os: { arch }, found }, { host }) => {
      if (found.state === 'without-program') {
        return refused(
          'Bundle',
          'Docker takes images by its program docker, which is not there',
          'name its package in the inventory, and make the bundle anew: packages: [docker-cli]',
        );
      }
      return found.state === 'ready'
        ? decide(images, arch, found)
        : deferred(
            { host, phase: 'runtime' },
            'Docker, which takes them',
            decide(images, arch, { state: 'ready', images: {} }),
          );
    },
  });
}

type Ready = Extract<DockerImagesAnswer, { readonly state: 'ready' }>;

function decide(images: readonly BundledImage[], arch: string, { images: known }: Ready): Outcome {
  const wanted = images.flatMap(({ name, blobs, platforms }) => {
    const platform = platforms.find(({ architecture }) => architecture === arch);
    return platform === undefined ? [] : [{ name, platform, blobs }];
  });
  if (wanted.length < images.length) {
    return refused(
      'Bundle',
      `the bundle has no images for ${arch}`,
      `make it anew with slipway bundle create --arch ${arch}`,
    );
  }
  const lacking = wanted.filter(({ name, platform }) => !isIt(platform, known[name]));
  return changeOr(
    'the images of the bundle are there',
    lacking.flatMap(({ name, platform }) =>
      differs(name, known[name]?.id ?? null, `sha256:${platform.config}`),
    ),
    () => lacking.map(loadStep),
  );
}

const isIt = ({ config, diffIds }: BundledPlatform, found: Ready['images'][string] | undefined): boolean =>
  found !== undefined &&
  (found.id === `sha256:${config}` || (diffIds.length > 0 && found.layers.join(' ') === diffIds.join(' ')));

interface Wanted extends Pick<BundledImage, 'name' | 'blobs'> {
  readonly platform: BundledPlatform;
}

const pathOf = (sha256: string): string => `blobs/sha256/${sha256}`;

/**
 * As `docker save` writes it, which all releases of Docker read. It compares each layer with what the configuration says.
 *
 * @see https://github.com/moby/moby/blob/v20.10.24/image/tarexport/load.go
 */
function loadStep({ name, platform: { config, layers }, blobs }: Wanted): RunStep {
  const manifest = [{ Config: pathOf(config), RepoTags: [name], Layers: layers.map(pathOf) }];
  const needed = new Set([config, ...layers]);
  const pieces: readonly Piece[] = [
    { path: 'manifest.json', text: JSON.stringify(manifest) },
    ...blobs.flatMap(({ sha256, sizeBytes }) =>
      needed.has(sha256) ? [{ path: pathOf(sha256), sha256, sizeBytes }] : [],
    ),
  ];
  return {
    do: 'run',
    summary: `load ${name}`,
    timeoutMs: IMPORT_TIMEOUT_MS,
    pieces,
    script: sh`docker load --quiet`,
  };
}
