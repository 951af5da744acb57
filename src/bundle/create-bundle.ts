import { join } from 'node:path';

import { isOfControlPlane } from '#catalog/kubeadm-images.ts';
import type { ArtifactRef } from '#core/artifact.ts';
import {
  BUNDLE_FORMAT,
  type BundledFile,
  type BundledImage,
  type BundledRepository,
  type BundleIndex,
  compare,
  type ImagePlace,
} from '#core/bundle.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Listener } from '#core/event.ts';
import { Semaphore } from '#core/semaphore.ts';
import { fetchedFile } from '#engine/fetch-file.ts';

import { askKubeadm } from './ask-kubeadm.ts';
import { BlobStore } from './blob-store.ts';
import { packageClosure } from './closure.ts';
import { programRunner, type RunProgram } from './programs.ts';
import { pullImage } from './pull-image.ts';
import { Registries } from './registry.ts';
import { type Wanted, wholeName } from './wanted.ts';
import { writeBundle } from './write-bundle.ts';

/** Images fetched at once, each piece by piece. */
const IMAGES_AT_ONCE = 3;

export interface CreateOptions {
  readonly cluster: Cluster;
  readonly wanted: Wanted;
  /** Text of artifacts, by location. */
  readonly artifacts: ReadonlyMap<string, string>;
  readonly architectures: readonly string[];
  /** Lines of sources.list, or repositories of dnf's, by release. */
  readonly sources: ReadonlyMap<string, string>;
  /** The version of slipway. */
  readonly slipway: string;
  /** Where pieces are kept for the next bundle. */
  readonly cache: string;
  readonly out: string;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Default: programs of this machine. */
  readonly run?: RunProgram | undefined;
}

/** Collects all that is wanted and writes the bundle. What an earlier attempt has fetched is not fetched again. */
export async function createBundle(options: CreateOptions): Promise<BundleIndex> {
  const { cluster, wanted, artifacts, architectures, listener, signal, cache } = options;
  const store = new BlobStore(join(cache, 'bundle', 'blobs'));
  const during = async <T>(location: string, work: () => Promise<T>): Promise<T> => {
    listener({ event: 'fetching', location });
    const result = await work();
    listener({ event: 'fetched', location });
    return result;
  };
  const run = options.run ?? programRunner(signal);
  const files = [
    ...(await artifactFiles(wanted.artifacts, artifacts, store)),
    ...(await releaseFiles(wanted, options, store)),
  ];
  const repositories: BundledRepository[] = [];
  for (const one of wanted.packages) {
    for (const architecture of architectures) {
      repositories.push(
        await packageClosure(one, architecture, {
          run,
          store,
          directory: join(cache, 'bundle', one.family.packageFormat === 'rpm' ? 'dnf' : 'apt'),
          keys: artifacts,
          sources: options.sources,
          during,
        }),
      );
    }
  }
  const kubeadm = await askKubeadm(cluster.kubernetes, repositories, {
    run,
    store,
    tell: (location) => listener({ event: 'fetching', location }),
  });
  const names = new Map<string, ImagePlace>([
    ...wanted.images,
    ...kubeadm.map((name) => [wholeName(name), isOfControlPlane(name) ? 'control-planes' : 'all'] as const),
  ]);
  const registries = new Registries({
    registries: cluster.registries,
    certificates: artifacts,
    listener,
    signal,
  });
  const places = new Semaphore(IMAGES_AT_ONCE);
  const images = await Promise.all(
    [...names].map(([name, on]) =>
      places.run((): Promise<BundledImage> => {
        signal.throwIfAborted();
        return during(name, () => pullImage(name, { registries, store, architectures, on }));
      }),
    ),
  );
  const { version, imageRepository } = cluster.kubernetes;
  const index: BundleIndex = {
    format: BUNDLE_FORMAT,
    slipway: options.slipway,
    kubernetes: { version, imageRepository },
    architectures: architectures.toSorted(compare),
    files: files.toSorted((left, right) => compare(left.location, right.location)),
    images: images.toSorted((left, right) => compare(left.name, right.name)),
    repositories: repositories.toSorted((left, right) => compare(keyOf(left), keyOf(right))),
  };
  await writeBundle(options.out, index, { store, signal });
  return index;
}

const keyOf = ({ release, architecture, wanted }: BundledRepository): string =>
  [release, architecture, ...wanted].join('\n');

async function artifactFiles(
  refs: readonly ArtifactRef[],
  artifacts: ReadonlyMap<string, string>,
  store: BlobStore,
): Promise<readonly BundledFile[]> {
  const unique = new Map(refs.map((ref) => [ref.location, ref]));
  const found = await Promise.all(
    [...unique.values()].map(async ({ location, pin }) => {
      const text = artifacts.get(location);
      // One that only some hosts want, and that is not to be had.
      if (text === undefined) return [];
      return [{ location, pin, ...(await store.put(Buffer.from(text))) }];
    }),
  );
  return found.flat();
}

async function releaseFiles(
  { files }: Wanted,
  { cache, listener, signal }: CreateOptions,
  store: BlobStore,
): Promise<readonly BundledFile[]> {
  const found: BundledFile[] = [];
  for (const ref of files) {
    const bytes = await fetchedFile(ref, { cache, listener, signal });
    found.push({ location: ref.url, pin: `sha256:${ref.sha256}`, ...(await store.put(bytes)) });
  }
  return found;
}
