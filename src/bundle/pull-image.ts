import {
  type Blob,
  type BundledImage,
  type BundledPlatform,
  compare,
  type ImagePlace,
} from '#core/bundle.ts';
import { retry } from '#core/retry.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { type BlobStore, WrongDigest } from './blob-store.ts';
import { type ImageName, readImageName } from './image-name.ts';
import type { Registries } from './registry.ts';
import { sha256Of } from '#core/sha256.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
}

interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

export interface PullOptions {
  readonly registries: Registries;
  readonly store: BlobStore;
  /** Of the hosts, in Go's words. */
  readonly architectures: readonly string[];
  readonly on: ImagePlace;
}

/**
 * Brings an image into the store: what its name stands for, byte for byte, and of that the parts that the hosts'
 * architectures need.
 *
 * @throws {SlipwayError} when it cannot be had, or is not for one of the architectures.
 */
export async function pullImage(
  name: string,
  { registries, store, architectures, on }: PullOptions,
): Promise<BundledImage> {
  const image = readImageName(name);
  const { bytes, mediaType } = await registries.manifest(image);
  if (image.reference.startsWith('sha256:')) refuseOther(image, image.reference, bytes);
  const root = await store.put(bytes);
  const manifest = parse(image, bytes);
  const fetch = ({ digest }: Descriptor): Promise<Blob> =>
    retry(() => fetchPiece(image, digest, store, registries), {
      after: Interrupted,
      pauseMs: (attempt) => PAUSES_MS[attempt - 1],
    });
  const partsOf = async ({ config, layers = [] }: Manifest): Promise<readonly Blob[]> => {
    const parts = [...(config === undefined ? [] : [config]), ...layers.filter(isOurs)];
    const found: Blob[] = [];
    // One after the other: several images are fetched at once.
    for (const part of parts) found.push(await fetch(part));
    return found;
  };
  const blobs: Blob[] = [root];
  const platforms: BundledPlatform[] = [];
  if (manifest.manifests === undefined) {
    blobs.push(...(await partsOf(manifest)));
    for (const architecture of architectures)
      platforms.push(await platformOf(image, { architecture, manifest: root.sha256 }, manifest, store));
  } else {
    for (const [architecture, one] of platformsOf(image, manifest.manifests, architectures)) {
      const hex = hexOf(image, one.digest);
      const text = (await store.find(hex))
        ? await store.read(hex)
        : (await registries.manifest(image, one.digest)).bytes;
      refuseOther(image, one.digest, text);
      const own = parse(image, text);
      blobs.push(await store.put(text), ...(await partsOf(own)));
      platforms.push(await platformOf(image, { architecture, manifest: hex }, own, store));
    }
  }
  const unique = [...new Map(blobs.map((blob) => [blob.sha256, blob])).values()];
  return {
    name: image.text,
    root,
    mediaType,
    on,
    blobs: unique.toSorted((left, right) => compare(left.sha256, right.sha256)),
    platforms,
  };
}

/** What one platform is made of; its configuration has come already. */
async function platformOf(
  image: ImageName,
  about: Pick<BundledPlatform, 'architecture' | 'manifest'>,
  { config, layers = [] }: Manifest,
  store: BlobStore,
): Promise<BundledPlatform> {
  const hex = config === undefined ? '' : hexOf(image, config.digest);
  const text = hex === '' ? '{}' : (await store.read(hex)).toString('utf8');
  const { rootfs } = JSON.parse(text) as { readonly rootfs?: { readonly diff_ids?: readonly string[] } };
  return {
    ...about,
    config: hex,
    layers: layers.filter(isOurs).map(({ digest }) => hexOf(image, digest)),
    diffIds: rootfs?.diff_ids ?? [],
  };
}

/** What has come so far stays: the next attempt goes on from there. */
async function fetchPiece(
  image: ImageName,
  digest: string,
  store: BlobStore,
  registries: Registries,
): Promise<Blob> {
  try {
    return await store.fetch(hexOf(image, digest), (from) => registries.blob(image, digest, from));
  } catch (error) {
    if (error instanceof WrongDigest) throw altered(image, digest, error.found);
    if (error instanceof SlipwayError || (error instanceof Error && error.name === 'AbortError')) throw error;
    throw new Interrupted(
      `${image.text}, ${digest}: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: 'image-unreachable',
        cause: error,
        hint: 'the connection was lost again and again: run the same command again, it goes on where it ended',
      },
    );
  }
}

/** A piece that did not come whole. */
class Interrupted extends SlipwayError {}

const PAUSES_MS = [500, 2000, 5000];

/** Layers that lie at their vendor's only, of Windows. */
const isOurs = ({ mediaType }: Descriptor): boolean =>
  !/foreign|nondistributable/.test(mediaType) || mediaType.includes('json');

/** For each architecture the manifest of Linux; of several variants the first, which is the most common one. */
function platformsOf(
  image: ImageName,
  manifests: readonly Descriptor[],
  architectures: readonly string[],
): readonly (readonly [architecture: string, manifest: Descriptor])[] {
  const linux = manifests.filter(({ platform }) => platform?.os === 'linux');
  return architectures.map((architecture) => {
    const found = linux.find(({ platform }) => platform?.architecture === architecture);
    if (found !== undefined) return [architecture, found];
    const there = [...new Set(linux.map(({ platform }) => platform?.architecture))].join(', ');
    throw new SlipwayError(`the image ${image.text} is not there for ${architecture}, but for ${there}`, {
      code: 'image-platform',
      hint: 'name another image in the inventory, or leave the architecture out',
    });
  });
}

function parse(image: ImageName, bytes: Buffer): Manifest {
  try {
    return JSON.parse(bytes.toString('utf8')) as Manifest;
  } catch {
    throw new SlipwayError(`what the registry has for ${image.text} is no manifest`, {
      code: 'image-unreadable',
    });
  }
}

function refuseOther(image: ImageName, digest: string, bytes: Buffer): void {
  const found = sha256Of(bytes);
  if (`sha256:${found}` !== digest) throw altered(image, digest, found);
}

function hexOf(image: ImageName, digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex !== undefined) return hex;
  throw new SlipwayError(`the image ${image.text} has a piece without a sha256: ${digest}`, {
    code: 'image-unreadable',
  });
}

const altered = ({ text }: ImageName, wanted: string, found: string): SlipwayError =>
  new SlipwayError(`a piece of the image ${text} has the sha256 ${found}, wanted ${wanted}`, {
    code: 'artifact-mismatch',
    hint: 'the registry has something else than it says, or the connection spoils what comes: try again',
  });
