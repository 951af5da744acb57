import { describe, expect, it } from 'vitest';

import { criContradictions, criSettings, removedSettings } from '#catalog/containerd-contradictions.ts';

const V1 = 'io.containerd.grpc.v1.cri';
const IMAGES = 'io.containerd.cri.v1.images';
const RUNTIME = 'io.containerd.cri.v1.runtime';

const found = (...roots: readonly object[]): readonly string[] =>
  criContradictions(
    roots.map((plugins, index) => ({ name: `file ${index}`, cri: criSettings({ plugins }) })),
  );

const certificates = { registry: { config_path: '/etc/containerd/certs.d' } };
const mirrors = { registry: { mirrors: { 'docker.io': { endpoint: ['https://mirror'] } } } };
const runc = { containerd: { default_runtime_name: 'runc', runtimes: { runc: {} } } };

describe('settings that keep the CRI plugin from loading', () => {
  it.each<readonly [string, readonly object[], string]>([
    [
      'mirrors beside config_path in one file',
      [{ [V1]: { registry: { ...certificates.registry, ...mirrors.registry } } }],
      'file 0 sets registry.mirrors',
    ],
    [
      'mirrors of a drop-in over config_path, in the form of 2.x',
      [{ [IMAGES]: certificates }, { [IMAGES]: mirrors }],
      'file 1 sets registry.mirrors',
    ],
    [
      'mirrors of a drop-in that is older than the main file',
      [{ [IMAGES]: certificates }, { [V1]: mirrors }],
      'file 1 sets registry.mirrors',
    ],
    [
      'a default runtime that no table defines',
      [{ [V1]: runc }, { [V1]: { containerd: { default_runtime_name: 'kata' } } }],
      'file 1 makes "kata" the default runtime, and no table defines it',
    ],
  ])('are named: %s', (_, roots, text) => {
    expect(found(...roots)).toEqual([expect.stringContaining(text)]);
  });

  it.each<readonly [string, readonly object[]]>([
    ['what slipway writes', [{ [IMAGES]: certificates, [RUNTIME]: runc }]],
    ['mirrors without config_path', [{ [V1]: mirrors }]],
    ['an empty config_path', [{ [V1]: { registry: { config_path: '', ...mirrors.registry } } }]],
    [
      'no mirrors in the table of mirrors',
      [{ [V1]: { registry: { ...certificates.registry, mirrors: {} } } }],
    ],
    [
      'a default runtime that another file defines',
      [
        { [V1]: { containerd: { default_runtime_name: 'kata' } } },
        { [V1]: { containerd: { runtimes: { kata: {} } } } },
      ],
    ],
    ['nothing', [{}]],
    ['plugins that are no map', [{ [V1]: 'x' }]],
  ])('are none of these: %s', (_, roots) => {
    expect(found(...roots)).toEqual([]);
  });
});

describe('settings that containerd 2.4 has no more', () => {
  const root = {
    plugins: { [IMAGES]: mirrors, [RUNTIME]: { enable_cdi: true, cni: { bin_dir: '/opt/cni/bin' } } },
  };

  it.each(['2.4.0', 'v2.4.1', '2.10.0', '3.0.0'])(
    'are named for %s, with what is there instead',
    (version) => {
      expect(removedSettings(version, root)).toEqual([
        'registry.mirrors, which is gone from containerd 2.4: registries of the inventory say it',
        'cni.bin_dir, which is gone from containerd 2.4: cni.bin_dirs is a list',
        'enable_cdi, which is gone from containerd 2.4: CDI is always on',
      ]);
    },
  );

  it.each(['1.7.28', '2.3.4'])('are right for %s', (version) => {
    expect(removedSettings(version, root)).toEqual([]);
  });

  it('are found in the form of 1.x too, and not where there are none', () => {
    expect(removedSettings('2.4.0', { plugins: { [V1]: { registry: { auths: {} } } } })).toHaveLength(1);
    expect(removedSettings('2.4.0', { plugins: { [IMAGES]: certificates } })).toEqual([]);
    expect(removedSettings('2.4.0', undefined)).toEqual([]);
  });
});
