import { createHash } from 'node:crypto';

import { BlobStore } from '#bundle/blob-store.ts';
import { BUNDLE_FORMAT, type Blob, type BundleIndex } from '#core/bundle.ts';

export const blobOf = (text: string): Blob => ({
  sha256: createHash('sha256').update(text).digest('hex'),
  sizeBytes: Buffer.byteLength(text),
});

/** A small bundle, whose pieces are texts; they are put into a store. */
export async function bundleFixture(
  directory: string,
  changes: Partial<BundleIndex> = {},
): Promise<{ readonly index: BundleIndex; readonly store: BlobStore }> {
  const store = new BlobStore(directory);
  for (const text of ['calico', 'index', 'manifest', 'layer', 'kubelet', 'socat', 'older kubelet'])
    await store.put(Buffer.from(text));
  const index: BundleIndex = {
    format: BUNDLE_FORMAT,
    slipway: '0.1.0',
    kubernetes: { version: '1.35.8', imageRepository: 'registry.k8s.io' },
    architectures: ['amd64'],
    files: [{ location: 'https://example.com/calico.yaml', pin: 'none', ...blobOf('calico') }],
    images: [
      {
        name: 'registry.k8s.io/pause:3.10.1',
        root: blobOf('index'),
        mediaType: 'application/vnd.oci.image.index.v1+json',
        on: 'all',
        blobs: [blobOf('index'), blobOf('manifest'), blobOf('layer')],
        platforms: [],
      },
    ],
    repositories: [
      {
        release: 'debian 12',
        architecture: 'amd64',
        wanted: ['kubelet 1.35.8'],
        packages: [packageOf('kubelet', '1.35.8-1.1', 'kubelet'), packageOf('socat', '1.7.4.4-2', 'socat')],
      },
    ],
    ...changes,
  };
  return { index, store };
}

export const packageOf = (name: string, version: string, text: string) => ({
  name,
  version,
  file: `${name}_${version}_amd64.deb`,
  control: `Package: ${name}\nVersion: ${version}\nArchitecture: amd64`,
  ...blobOf(text),
});
