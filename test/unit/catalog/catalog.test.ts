import { describe, expect, test } from 'vitest';

import { CALICO_RELEASES, calicoManifest } from '#catalog/calico.ts';
import { containerdConfigVersion } from '#catalog/containerd.ts';
import { KUBERNETES_MINORS, kubernetesMinor, minorOf } from '#catalog/kubernetes.ts';
import { KEY_FINGERPRINTS, kubernetesRepository } from '#catalog/repositories.ts';

describe('Kubernetes', () => {
  test('minors follow one another without a gap', () => {
    const numbers = KUBERNETES_MINORS.map(({ minor }) => Number(minor.split('.')[1]));
    expect(numbers).toEqual([30, 31, 32, 33, 34, 35, 36, 37]);
  });

  test.each(KUBERNETES_MINORS)('$minor names a patch of its own', ({ minor, patch }) => {
    expect(minorOf(patch)).toBe(minor);
    expect(patch).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test.each([
    ['1.30.0', 'v1beta3', '3.9'],
    ['1.31.0', 'v1beta4', '3.10'],
    ['1.34.9', 'v1beta4', '3.10.1'],
    ['1.36.3', 'v1beta4', '3.10.2'],
  ])('%s has its configuration API and pause image', (version, kubeadmApi, pause) => {
    expect(kubernetesMinor(version)).toMatchObject({ kubeadmApi, pause });
  });

  test.each(['1.29.9', '1.3.0', '2.30.0', ''])('%s is not known', (version) => {
    expect(kubernetesMinor(version)).toBeUndefined();
  });

  test('repository is that of the minor', () => {
    expect(kubernetesRepository('1.34')).toEqual({
      url: 'https://pkgs.k8s.io/core:/stable:/v1.34',
      keyUrl: 'https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key',
      fingerprint: KEY_FINGERPRINTS.kubernetes,
    });
  });
});

test.each(Object.entries(KEY_FINGERPRINTS))(
  'fingerprint of %s has 40 hexadecimal digits',
  (_, fingerprint) => {
    expect(fingerprint).toMatch(/^[0-9A-F]{40}$/);
  },
);

describe('Calico', () => {
  test.each(CALICO_RELEASES)('$version has a manifest and its digest', ({ version }) => {
    const manifest = calicoManifest(version);
    expect(manifest?.location).toContain(`/v${version}/`);
    expect(manifest?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('unknown version has none', () => {
    expect(calicoManifest('3.0.0')).toBeUndefined();
  });
});

test.each([
  ['1.6.20', 2],
  ['1.7.27~ds1-1', 2],
  ['v1.7.0', 2],
  ['2.0.0', 3],
  ['2.2.7', 3],
  ['2.3.0', 4],
  ['2.10.0', 4],
  ['3.0.0', 4],
])('containerd %s reads configuration version %i', (version, format) => {
  expect(containerdConfigVersion(version)).toBe(format);
});
