import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { blobPath } from '#bundle/bundle-paths.ts';
import { diffBundles } from '#bundle/diff-bundles.ts';
import { openBundle, verifyBundle } from '#bundle/open-bundle.ts';
import { writeBundle } from '#bundle/write-bundle.ts';
import type { BundleIndex } from '#core/bundle.ts';

import { blobOf, bundleFixture, packageOf } from '../../support/bundle-fixture.ts';

const { signal } = new AbortController();

describe('bundle', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
    path = join(directory, 'bundle.tar');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = async (to: string, changes?: Partial<BundleIndex>): Promise<BundleIndex> => {
    const { index, store } = await bundleFixture(join(directory, 'blobs'), changes);
    await writeBundle(to, index, { store, signal });
    return index;
  };
  const faults = async () => verifyBundle(await openBundle(path), { signal });
  /** Replaces bytes of the file by others of the same length. */
  const replace = (from: string, to: string): void =>
    writeFileSync(path, readFileSync(path, 'latin1').replace(from, to), 'latin1');

  it('that was written is read, whole', async () => {
    const index = await write(path);
    const bundle = await openBundle(path);
    expect(bundle.index).toEqual(index);
    expect((await bundle.read(blobOf('layer').sha256)).toString()).toBe('layer');
    expect(await faults()).toEqual([]);
  });

  it('of the same inputs has the same bytes', async () => {
    await write(path);
    await write(join(directory, 'again.tar'));
    expect(readFileSync(path).equals(readFileSync(join(directory, 'again.tar')))).toBe(true);
  });

  it('is a tar and an image layout for others', async () => {
    await write(path);
    const list = execFileSync('tar', ['-tvf', path], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    expect(list.split('\n')[0]).toMatch(/^-rw-r--r-- 0\/0 +31 1970-01-01 00:00 oci-layout$/);
    expect(list).toContain(`blobs/sha256/${blobOf('layer').sha256}`);
    const layout = JSON.parse(
      execFileSync('tar', ['-xOf', path, 'index.json'], { encoding: 'utf8' }),
    ) as object;
    expect(layout).toMatchObject({
      schemaVersion: 2,
      manifests: [
        {
          digest: `sha256:${blobOf('index').sha256}`,
          size: 5,
          annotations: { 'io.containerd.image.name': 'registry.k8s.io/pause:3.10.1' },
        },
      ],
    });
  });

  it('that was altered names every piece that is, and what for', async () => {
    await write(path);
    replace('\0layer\0', '\0LAYER\0');
    const found = await faults();
    expect(found).toHaveLength(1);
    expect(found[0]!.what).toBe('image registry.k8s.io/pause:3.10.1');
    expect(found[0]!.fault).toMatch(/^is altered: its sha256 is [0-9a-f]{64}, wanted /);
    await expect((await openBundle(path)).read(blobOf('layer').sha256)).rejects.toThrow('is altered');
  });

  it('that lacks a piece names it, and one that nobody asked for', async () => {
    await write(path);
    const { sha256 } = blobOf('socat');
    const other = `${sha256.slice(0, -1)}${sha256.endsWith('0') ? '1' : '0'}`;
    // The sum in the header has to be right for tar to read it on.
    const bytes = readFileSync(path, 'latin1');
    const at = bytes.indexOf(blobPath(sha256));
    const header = Buffer.from(
      bytes.slice(at, at + 512).replace(blobPath(sha256), blobPath(other)),
      'latin1',
    );
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    writeFileSync(path, bytes.slice(0, at) + header.toString('latin1') + bytes.slice(at + 512), 'latin1');
    expect(await faults()).toEqual([
      { what: 'package socat_1.7.4.4-2_amd64.deb for debian 12', fault: 'is missing' },
      { what: `blobs/sha256/${other}`, fault: 'is not in its index' },
    ]);
  });

  it('whose list of images is another is altered', async () => {
    await write(path);
    replace('"schemaVersion":2', '"schemaVersion":3');
    expect(await faults()).toEqual([
      { what: 'index.json', fault: 'is altered: it names other images than the bundle' },
    ]);
  });

  it.each([
    ['is cut off', (file: string) => truncateSync(file, 4000), /cannot read the bundle .*: it is cut off/],
    ['is something else', (file: string) => writeFileSync(file, 'x'.repeat(2000)), /it is not a tar archive/],
    ['is not there', (file: string) => rmSync(file), /there is no such file/],
    [
      'is of another form',
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file, 'latin1').replace('slipway-bundle/1', 'slipway-bundle/9'),
          'latin1',
        ),
      /is of the form slipway-bundle\/9, wanted slipway-bundle\/1/,
    ],
  ])('that %s is refused as a wrong input', async (_, spoil, message) => {
    await write(path);
    spoil(path);
    await expect(openBundle(path)).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
      exitCode: 3,
    });
  });

  it('is not written where a piece has changed meanwhile, and nothing is left of it', async () => {
    const { index, store } = await bundleFixture(join(directory, 'blobs'));
    writeFileSync(store.pathOf(blobOf('layer').sha256), 'LAYER');
    await expect(writeBundle(path, index, { store, signal })).rejects.toThrow('was changed');
    expect(() => readFileSync(path)).toThrow('ENOENT');
    expect(() => readFileSync(`${path}.part`)).toThrow('ENOENT');
  });

  it('is compared with another one', async () => {
    const from = await write(path);
    const [{ packages }] = from.repositories as [(typeof from.repositories)[number]];
    const to: BundleIndex = {
      ...from,
      files: [],
      images: from.images.map((image) => ({ ...image, root: blobOf('manifest') })),
      repositories: [
        {
          ...from.repositories[0]!,
          packages: [packageOf('kubelet', '1.35.7-1.1', 'older kubelet'), packages[1]!],
        },
      ],
    };
    expect(diffBundles(from, from)).toEqual({ differences: [], freshBytes: 0 });
    const { differences, freshBytes } = diffBundles(from, to);
    expect(differences).toEqual([
      { kind: 'file', name: 'https://example.com/calico.yaml', from: expect.any(String) as string, to: null },
      {
        kind: 'image',
        name: 'registry.k8s.io/pause:3.10.1',
        from: `sha256:${blobOf('index').sha256.slice(0, 12)}`,
        to: `sha256:${blobOf('manifest').sha256.slice(0, 12)}`,
      },
      { kind: 'package', name: 'kubelet (debian 12, amd64)', from: '1.35.8-1.1', to: '1.35.7-1.1' },
    ]);
    expect(freshBytes).toBe('older kubelet'.length);
  });
});
