import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

import { containerdConfig } from '../../../src/configuration/containerd-config.ts';

const settings = { sandboxImage: 'registry.k8s.io/pause:3.10.1', config: {} };

const runc = { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: true } };
const imports = ['/etc/containerd/conf.d/*.toml'];
const registry = { config_path: '/etc/containerd/certs.d' };
const containerd = { default_runtime_name: 'runc', runtimes: { runc } };

describe('containerd configuration', () => {
  it.each(['1.6.20~ds1-1+deb12u3', '1.7.24~ds1-6+deb13u1', '1.7.28-0ubuntu1~24.04.1', '1:1.7.1-1'])(
    'of %s is of format 2',
    (version) => {
      expect(parse(containerdConfig(version, settings))).toEqual({
        version: 2,
        imports,
        plugins: {
          'io.containerd.grpc.v1.cri': {
            sandbox_image: settings.sandboxImage,
            cni: { bin_dir: '/opt/cni/bin', conf_dir: '/etc/cni/net.d' },
            containerd,
            registry,
          },
        },
      });
    },
  );

  it.each([
    ['2.0.5', 3, { bin_dir: '/opt/cni/bin' }],
    ['2.1.0-1', 3, { bin_dirs: ['/opt/cni/bin'] }],
    ['2.2.7-1', 3, { bin_dirs: ['/opt/cni/bin'] }],
    ['2.3.4-1~debian', 4, { bin_dirs: ['/opt/cni/bin'] }],
    ['2.10.0', 4, { bin_dirs: ['/opt/cni/bin'] }],
  ])('of %s is of format %d', (version, format, bin) => {
    expect(parse(containerdConfig(version, settings))).toEqual({
      version: format,
      imports,
      plugins: {
        'io.containerd.cri.v1.images': { pinned_images: { sandbox: settings.sandboxImage }, registry },
        'io.containerd.cri.v1.runtime': { cni: { ...bin, conf_dir: '/etc/cni/net.d' }, containerd },
      },
    });
  });

  it('has the inventory merged over it, key by key', () => {
    const config = {
      oom_score: -999,
      imports: [],
      plugins: { 'io.containerd.grpc.v1.cri': { restrict_oom_score_adj: true, cni: { bin_dir: '/x' } } },
    };
    const parsed = parse(containerdConfig('1.7.24', { ...settings, config }));
    expect(parsed).toMatchObject({
      oom_score: -999,
      imports: [],
      plugins: {
        'io.containerd.grpc.v1.cri': {
          restrict_oom_score_adj: true,
          sandbox_image: settings.sandboxImage,
          cni: { bin_dir: '/x', conf_dir: '/etc/cni/net.d' },
        },
      },
    });
  });

  it('is the same text for the same settings', () => {
    expect(containerdConfig('1.7.24', settings)).toBe(containerdConfig('1.7.24', { ...settings }));
  });

  it('is not made for what is no version', () => {
    expect(() => containerdConfig('latest', settings)).toThrow(TypeError);
  });
});
