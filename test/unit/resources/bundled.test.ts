import { describe, expect, it } from 'vitest';

import type { ClusterBundle } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { RunStep } from '#core/step.ts';
import { freshMachineOf } from '#distributions/supported.ts';
import type { BundlePackagesAnswer } from '#facts/bundle-state.ts';
import type { ImagesAnswer } from '#facts/runtime-images.ts';
import { bundledImages } from '#resources/bundle/bundled-images.ts';
import { bundledPackages } from '#resources/bundle/bundled-packages.ts';

import { blobOf, packageOf } from '../../support/bundle-fixture.ts';

const image = (name: string, on: 'all' | 'control-planes', ...more: readonly string[]) => ({
  name,
  root: blobOf(`index of ${name}`),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  on,
  blobs: [blobOf(`index of ${name}`), blobOf(`layer of ${name}`), ...more.map(blobOf)],
});

const WANTED = ['kubelet 1.35.8', 'socat'];
const KUBELET = packageOf('kubelet', '1.35.8-1.1', 'kubelet');
const SOCAT = packageOf('socat', '1.7.4.4-2', 'socat');
const BUNDLE: ClusterBundle = {
  id: 'b'.repeat(64),
  images: [
    image('a.io/etcd:1', 'control-planes'),
    image('a.io/one:1', 'all', 'base'),
    image('a.io/two:1', 'all', 'base'),
  ],
  repositories: [
    { release: 'debian 12', architecture: 'amd64', wanted: WANTED, packages: [KUBELET, SOCAT] },
    { release: 'debian 12', architecture: 'amd64', wanted: ['other'], packages: [] },
  ],
  wanted: { cp1: { 'debian 12': WANTED, 'debian 13': WANTED } },
};
const NOWHERE: BundlePackagesAnswer = { id: null, pool: [], index: null, installed: {} };

const decide = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'cp1', changed: [] });
const stepsOf = (outcome: Outcome): readonly RunStep[] =>
  (outcome.answer === 'change' ? outcome.steps : []) as readonly RunStep[];
const paths = ({ pieces = [] }: RunStep): readonly string[] => pieces.map(({ path }) => path);
const textOf = ({ pieces = [] }: RunStep, path: string): string => {
  const found = pieces.find((one) => one.path === path);
  return found !== undefined && 'text' in found ? found.text : '';
};

const onHost = (release: string, found: Partial<BundlePackagesAnswer>, arch = 'amd64'): Outcome =>
  decide(bundledPackages(BUNDLE, 'cp1'), {
    os: { ...freshMachineOf(release), arch },
    deb: { ...NOWHERE, ...found },
  });

const imagesOn = (role: 'control-plane' | 'worker', found: ImagesAnswer): Outcome =>
  decide(bundledImages(BUNDLE, role), { found });
const ready = (
  images: Extract<ImagesAnswer, { state: 'ready' }>['images'] = {},
  blobs: readonly string[] = [],
): ImagesAnswer => ({ state: 'ready', images, blobs });
const there = (name: string, isPinned = true) => ({
  [name]: { digest: `sha256:${blobOf(`index of ${name}`).sha256}`, isPinned },
});

describe('packages of a bundle', () => {
  it('are all brought to a bare host', () => {
    const [step] = stepsOf(onHost('debian 12', {})) as [RunStep];
    expect(paths(step).slice(0, 2)).toEqual([
      `repository/${KUBELET.sha256}.deb`,
      `repository/${SOCAT.sha256}.deb`,
    ]);
    expect(textOf(step, 'repository/Packages')).toContain(
      `Package: kubelet\nVersion: 1.35.8-1.1\nArchitecture: amd64\nFilename: ./${KUBELET.sha256}.deb\nSize: 7\nSHA256: ${KUBELET.sha256}\n`,
    );
    expect(textOf(step, 'digests')).toBe(
      [KUBELET, SOCAT].map(({ sha256 }) => `${sha256}  repository/${sha256}.deb\n`).join(''),
    );
  });

  it.each([
    ['is installed', { installed: { socat: '1.7.4.4-2' } }],
    ['is installed in a newer version', { installed: { socat: '1.8.0-1' } }],
    ['lies there', { pool: [SOCAT.sha256] }],
  ])('are left out where one %s', (_, found) => {
    const [step] = stepsOf(onHost('debian 12', found)) as [RunStep];
    expect(paths(step).filter((path) => path.endsWith('.deb'))).toEqual([`repository/${KUBELET.sha256}.deb`]);
    // What lies there is still on offer.
    expect(textOf(step, 'repository/Packages').includes('Package: socat')).toBe('pool' in found);
  });

  it('are brought where an older one is installed', () => {
    const [step] = stepsOf(onHost('debian 12', { installed: { socat: '1.7.4.1-1' } })) as [RunStep];
    expect(paths(step)).toContain(`repository/${SOCAT.sha256}.deb`);
  });

  it('are right once they are there, and not with the index of another bundle', () => {
    const step = stepsOf(onHost('debian 12', {}))[0]!;
    const index = blobOf(textOf(step, 'repository/Packages')).sha256;
    const pool = [KUBELET.sha256, SOCAT.sha256];
    expect(onHost('debian 12', { id: BUNDLE.id, pool, index }).answer).toBe('none');
    // Installed from there, and still lying there.
    const installed = { kubelet: '1.35.8-1.1', socat: '1.7.4.4-2' };
    expect(onHost('debian 12', { id: BUNDLE.id, pool, index, installed }).answer).toBe('none');
    expect(onHost('debian 12', { id: 'c'.repeat(64), pool, index }).answer).toBe('change');
    expect(onHost('debian 12', { id: BUNDLE.id, pool, index: 'd'.repeat(64) }).answer).toBe('change');
  });

  it.each([
    ['another release', 'debian 13', 'amd64', 'debian 13 on amd64'],
    ['another architecture', 'debian 12', 'arm64', 'debian 12 on arm64'],
  ])('are refused for %s', (_, release, arch, named) => {
    expect(onHost(release, {}, arch)).toMatchObject({
      answer: 'refused',
      check: 'Bundle',
      why: `the bundle has no packages for ${named}, but for debian 12 on amd64`,
    });
  });
});

describe('packages of a bundle, of dnf', () => {
  const rpm = (name: string, version: string) => ({
    ...packageOf(name, version, name),
    file: `${name}-${version}.x86_64.rpm`,
    control: `<package type="rpm">\n  <name>${name}</name>\n</package>`,
  });
  const packages = [rpm('kubelet', '1.35.8-150500.1.1'), rpm('lib', '1:2.0-1')];
  const bundle: ClusterBundle = {
    ...BUNDLE,
    repositories: [
      ...BUNDLE.repositories,
      { release: 'rocky 9', architecture: 'amd64', wanted: WANTED, packages },
    ],
    wanted: { cp1: { 'debian 12': WANTED, 'rocky 9': WANTED } },
  };
  const on = (found: Partial<BundlePackagesAnswer>): Outcome =>
    decide(bundledPackages(bundle, 'cp1'), {
      os: { ...freshMachineOf('rocky 9'), versionId: '9.6', arch: 'amd64' },
      deb: NOWHERE,
      rpm: { ...NOWHERE, ...found },
    });

  it('are brought with metadata of those alone that lie there', () => {
    const [step] = stepsOf(on({ installed: { lib: '1:2.0-1' } })) as [RunStep];
    const [kubelet] = packages;
    expect(paths(step)).toEqual([
      `repository/${kubelet!.sha256}.rpm`,
      'repository/repodata/primary.xml',
      'repository/repodata/repomd.xml',
      'repos.d/slipway-bundle.repo',
      'digests',
      'keep',
      'id',
    ]);
    const primary = textOf(step, 'repository/repodata/primary.xml');
    expect(primary).toContain(
      `packages="1">\n<package type="rpm">\n  <location href="${kubelet!.sha256}.rpm"/>\n  <name>kubelet</name>`,
    );
    expect(textOf(step, 'repository/repodata/repomd.xml')).toContain(
      `<checksum type="sha256">${blobOf(primary).sha256}</checksum>`,
    );
    expect(step.script).toContain('/usr/bin/dnf --setopt=reposdir=/var/lib/slipway/bundle/repos.d');
    expect(step.script).not.toContain('apt-get');
  });

  it('are brought anew where an older epoch is installed, and left where a newer one is', () => {
    const lib = `repository/${packages[1]!.sha256}.rpm`;
    expect(paths(stepsOf(on({ installed: { lib: '9.0-1' } }))[0]!)).toContain(lib);
    expect(paths(stepsOf(on({ installed: { lib: '1:2.1-1' } }))[0]!)).not.toContain(lib);
  });

  it('are asked about in the words of each family that the host may be of', () => {
    const { facts } = bundledPackages(bundle, 'cp1');
    expect(facts).toMatchObject({
      deb: { question: { format: 'deb', names: ['kubelet', 'socat'] } },
      rpm: { question: { format: 'rpm', names: ['kubelet', 'lib'] } },
    });
  });
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
      ...[blobOf('index of a.io/one:1'), blobOf('layer of a.io/one:1')].map(
        ({ sha256 }) => `blobs/sha256/${sha256}`,
      ),
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
