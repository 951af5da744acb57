import { describe, expect, it } from 'vitest';

import type { Outcome } from '#core/resource.ts';
import type { RunStep } from '#core/step.ts';
import { freshMachineOf } from '#distributions/supported.ts';
import { dockerImages, type DockerImagesAnswer } from '#facts/docker-images.ts';
import type { ImagesAnswer } from '#facts/runtime-images.ts';
import { storageImages, type StorageImagesAnswer } from '#facts/storage-images.ts';
import { bundledImages } from '#resources/bundle/bundled-images.ts';
import { bundledDockerImages } from '#resources/bundle/docker-images.ts';
import { bundledStorageImages } from '#resources/bundle/storage-images.ts';

import { blobOf } from '../../support/bundle-fixture.ts';
import { BUNDLE, decide, paths, stepsOf, textOf } from './bundle-cases.ts';

const imagesOn = (role: 'control-plane' | 'worker', found: ImagesAnswer): Outcome =>
  decide(bundledImages(BUNDLE, role), { found });
const ready = (
  images: Extract<ImagesAnswer, { state: 'ready' }>['images'] = {},
  blobs: readonly string[] = [],
): ImagesAnswer => ({ state: 'ready', images, blobs });
const there = (name: string, isPinned = true) => ({
  [name]: { digest: `sha256:${blobOf(`index of ${name}`).sha256}`, isPinned },
});

describe('images of a bundle', () => {
  it('are those of the role, and what they share goes out once', () => {
    expect(stepsOf(imagesOn('control-plane', ready())).map(({ summary }) => summary)).toEqual([
      'import a.io/etcd:1',
      'import a.io/one:1',
      'import a.io/two:1',
    ]);
    const [one, two] = stepsOf(imagesOn('worker', ready())) as [RunStep, RunStep];
    const base = `blobs/sha256/${blobOf('base').sha256}`;
    expect(paths(one)).toContain(base);
    expect(paths(two)).not.toContain(base);
    expect(paths(two)).toContain(`blobs/sha256/${blobOf('index of a.io/two:1').sha256}`);
  });

  it('take along only pieces that are not there', () => {
    const [one] = stepsOf(imagesOn('worker', ready({}, [blobOf('base').sha256]))) as [RunStep];
    expect(paths(one)).toEqual([
      'oci-layout',
      'index.json',
      ...['index', 'config', 'layer']
        .map((part) => blobOf(`${part} of a.io/one:1`))
        .map(({ sha256 }) => `blobs/sha256/${sha256}`),
    ]);
  });

  it('are right by their digest, and pinned', () => {
    expect(imagesOn('worker', ready({ ...there('a.io/one:1'), ...there('a.io/two:1') })).answer).toBe('none');
    const loose = imagesOn('worker', ready({ ...there('a.io/one:1'), ...there('a.io/two:1', false) }));
    expect(stepsOf(loose).map(({ summary }) => summary)).toEqual(['keep a.io/two:1 from being cleared away']);
    const other = { 'a.io/two:1': { digest: `sha256:${'0'.repeat(64)}`, isPinned: true } };
    expect(stepsOf(imagesOn('worker', ready({ ...there('a.io/one:1'), ...other })))).toHaveLength(1);
  });

  it('wait for containerd, with a forecast of all of them', () => {
    const outcome = imagesOn('worker', { state: 'silent' });
    expect(outcome).toMatchObject({ answer: 'deferred', waitsFor: { host: 'cp1', phase: 'runtime' } });
    const forecast = outcome.answer === 'deferred' ? outcome.forecast : undefined;
    expect(forecast).toEqual(imagesOn('worker', ready()));
  });
});

const inDocker = (found: DockerImagesAnswer, arch = 'amd64'): Outcome =>
  decide(bundledDockerImages(BUNDLE, 'worker'), { os: { ...freshMachineOf('debian 12'), arch }, found });

const loaded = (images: Extract<DockerImagesAnswer, { state: 'ready' }>['images']) =>
  inDocker({ state: 'ready', images });

describe('images of a bundle, for Docker', () => {
  const [, one] = BUNDLE.images;
  const [platform] = one!.platforms;
  const it1 = { id: `sha256:${platform!.config}`, layers: platform!.diffIds };
  const two = BUNDLE.images[2]!.platforms[0]!;
  const it2 = { id: `sha256:${two.config}`, layers: two.diffIds };

  it('are loaded as docker save writes them, with the layers in their order', () => {
    const [step] = stepsOf(loaded({})) as [RunStep];
    expect({ summary: step.summary, script: step.script }).toEqual({
      summary: 'load a.io/one:1',
      script: 'docker load --quiet',
    });
    expect(JSON.parse(textOf(step, 'manifest.json'))).toEqual([
      {
        Config: `blobs/sha256/${platform!.config}`,
        RepoTags: ['a.io/one:1'],
        Layers: ['base', 'layer of a.io/one:1'].map((text) => `blobs/sha256/${blobOf(text).sha256}`),
      },
    ]);
    // What only registries need is not sent.
    expect(paths(step)).not.toContain(`blobs/sha256/${one!.root.sha256}`);
  });

  it('are right by what they run, wherever Docker keeps them', () => {
    expect(loaded({ 'a.io/one:1': it1, 'a.io/two:1': it2 }).answer).toBe('none');
    const inContainerd = { id: `sha256:${'1'.repeat(64)}`, layers: it2.layers };
    expect(loaded({ 'a.io/one:1': it1, 'a.io/two:1': inContainerd }).answer).toBe('none');
    const other = { id: `sha256:${'1'.repeat(64)}`, layers: it1.layers };
    expect(stepsOf(loaded({ 'a.io/one:1': it1, 'a.io/two:1': other })).map(({ summary }) => summary)).toEqual(
      ['load a.io/two:1'],
    );
  });

  it('wait for Docker, and are refused where it cannot take them', () => {
    expect(inDocker({ state: 'silent' })).toMatchObject({
      answer: 'deferred',
      forecast: loaded({}),
    });
    expect(inDocker({ state: 'without-program' })).toMatchObject({ answer: 'refused', check: 'Bundle' });
    expect(inDocker({ state: 'ready', images: {} }, 'arm64')).toMatchObject({
      answer: 'refused',
      why: 'the bundle has no images for arm64',
    });
  });

  it('are read out of what docker says', () => {
    const { family } = dockerImages([]);
    const parsed = (output: string, names: readonly string[]): unknown =>
      family.parse(output, [names] as never)[0];
    const said = `ready\nimage a.io/one:1 ${it1.id} ${JSON.stringify(it1.layers)}\nimage a.io/none:1 ${it1.id} null\n`;
    expect(parsed(said, ['a.io/one:1', 'a.io/two:1'])).toEqual({
      state: 'ready',
      images: { 'a.io/one:1': it1 },
    });
    expect(parsed('', ['a.io/one:1'])).toEqual({ state: 'silent' });
    expect(parsed('without-program\n', [])).toEqual({ state: 'without-program' });
  });
});

const stored = (found: StorageImagesAnswer): Outcome =>
  decide(bundledStorageImages(BUNDLE, 'worker'), {
    os: { ...freshMachineOf('debian 12'), arch: 'amd64' },
    found,
  });

describe('images of a bundle, for CRI-O', () => {
  const [, one, two] = BUNDLE.images;

  it('are copied by skopeo out of a layout of one image', () => {
    const [step] = stepsOf(stored({ state: 'ready', images: {} })) as [RunStep];
    expect(step.summary).toBe('copy a.io/one:1');
    expect(step.script).toContain('oci:"$layout" containers-storage:a.io/one:1');
    expect(paths(step)).toEqual([
      'oci-layout',
      'index.json',
      ...one!.blobs.map(({ sha256 }) => `blobs/sha256/${sha256}`),
    ]);
  });

  it('are right by the manifest of the architecture, or the list that it is from', () => {
    const images = { 'a.io/one:1': one!.root.sha256, 'a.io/two:1': two!.platforms[0]!.manifest };
    expect(stored({ state: 'ready', images }).answer).toBe('none');
    const other = { ...images, 'a.io/two:1': '1'.repeat(64) };
    expect(stepsOf(stored({ state: 'ready', images: other }))).toHaveLength(1);
  });

  it('wait for skopeo, and are read out of what it says', () => {
    expect(stored({ state: 'silent' })).toMatchObject({
      answer: 'deferred',
      forecast: stored({ state: 'ready', images: {} }),
    });
    const { family } = storageImages([]);
    const digest = '2'.repeat(64);
    const said = `ready\nimage a.io/one:1 ${digest}  -\n`;
    expect(family.parse(said, [['a.io/one:1', 'a.io/two:1']] as never)).toEqual([
      { state: 'ready', images: { 'a.io/one:1': digest } },
    ]);
    expect(family.parse('', [['a.io/one:1']] as never)).toEqual([{ state: 'silent' }]);
  });
});
