import { describe, expect, it } from 'vitest';

import type { ClusterBundle } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { RunStep } from '#core/step.ts';
import { freshMachineOf } from '#distributions/supported.ts';
import type { BundlePackagesAnswer } from '#facts/bundle-state.ts';
import { bundledPackages } from '#resources/bundle/bundled-packages.ts';
import { noBundle } from '#resources/bundle/no-bundle.ts';
import { repositoryFor } from '#resources/packages/repository.ts';

import { blobOf, packageOf } from '../../support/bundle-fixture.ts';
import { BUNDLE, decide, KUBELET, paths, SOCAT, stepsOf, textOf, WANTED } from './bundle-cases.ts';

const NOWHERE: BundlePackagesAnswer = { id: null, pool: [], index: null, installed: {} };

const onHost = (release: string, found: Partial<BundlePackagesAnswer>, arch = 'amd64'): Outcome =>
  decide(bundledPackages(BUNDLE, 'cp1'), {
    os: { ...freshMachineOf(release), arch },
    deb: { ...NOWHERE, ...found },
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

const rpm = (name: string, version: string) => ({
  ...packageOf(name, version, name),
  file: `${name}-${version}.x86_64.rpm`,
  control: `<package type="rpm">\n  <name>${name}</name>\n</package>`,
});

describe('packages of a bundle, of dnf', () => {
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
    expect(step.script).toContain('dnf --setopt=reposdir=/var/lib/slipway/bundle/repos.d');
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

describe('a host that was set up from a bundle', () => {
  const definition = {
    name: 'kubernetes',
    repository: { url: 'https://a.io', keyUrl: 'https://a.io/key', fingerprint: '' },
    artifacts: new Map<string, string>(),
  };

  it('wants no other repositories, and says by what it goes', () => {
    const [wanted] = repositoryFor({}, definition) as [Resource];
    const answers = { os: freshMachineOf('debian 12'), 'its bundle': 'b'.repeat(64) };
    expect(decide(wanted, answers)).toEqual({
      answer: 'none',
      why: 'packages come out of the bundle bbbbbbbbbbbb',
      notes: [
        'set up from the bundle bbbbbbbbbbbb: what is in it is looked at with --bundle FILE, and it is left with --no-bundle',
      ],
    });
    expect(decide(wanted, { ...answers, 'its bundle': null }).answer).toBe('change');
  });

  it('wants them where it leaves it', () => {
    const [wanted] = repositoryFor({ leavesBundle: true }, definition) as [Resource];
    expect(wanted.facts).not.toHaveProperty('its bundle');
    expect(repositoryFor({ bundle: BUNDLE }, definition)).toEqual([]);
  });
});

describe('a host that leaves its bundle', () => {
  it('loses what it has of it', () => {
    expect(decide(noBundle, { found: 'absent' }).answer).toBe('none');
    expect(stepsOf(decide(noBundle, { found: 'directory' })).map(({ script }) => script)).toEqual([
      'rm -rf -- /var/lib/slipway/bundle',
    ]);
  });
});
