import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

import { runtimeOfSocket } from '../../../src/catalog/cri-sockets.ts';
import type { Registry } from '../../../src/core/runtime.ts';
import { registriesConfig } from '../../../src/configuration/container-registries.ts';
import { crioConfig } from '../../../src/configuration/crio-config.ts';
import { daemonConfig } from '../../../src/resources/runtime/docker-daemon.ts';

const dockerHub: Registry = {
  host: 'docker.io',
  endpoint: { url: 'https://registry-1.docker.io', skipVerify: false },
  mirrors: [
    { url: 'https://mirror.example.com', skipVerify: false },
    { url: 'http://cache.lan:5000', skipVerify: false },
  ],
};
const own: Registry = {
  host: 'registry.example.com',
  endpoint: { url: 'https://registry.lan:5000', skipVerify: true },
  mirrors: [],
};

describe("Docker's configuration", () => {
  it('keeps what others set, and replaces the cgroup driver alone', () => {
    const before = {
      'log-driver': 'json-file',
      'exec-opts': ['native.cgroupdriver=cgroupfs', 'other=1'],
      'insecure-registries': ['old.lan'],
    };
    expect(daemonConfig(before, { registries: [dockerHub, own], config: { 'log-driver': 'local' } })).toEqual(
      {
        'log-driver': 'local',
        'exec-opts': ['other=1', 'native.cgroupdriver=systemd'],
        'registry-mirrors': ['https://mirror.example.com', 'http://cache.lan:5000'],
        'insecure-registries': ['old.lan', 'cache.lan:5000', 'registry.lan:5000'],
      },
    );
  });

  it('is the same made from itself', () => {
    const definition = { registries: [dockerHub, own], config: {} };
    const once = daemonConfig({ debug: true }, definition);
    expect(daemonConfig(once, definition)).toEqual(once);
  });
});

describe("CRI-O's configuration", () => {
  const settings = { sandboxImage: 'lab/pause:1', config: {}, hasGpu: false };

  it('has the pause image and systemd, and its own monitor only where NVIDIA needs it', () => {
    expect(parse(crioConfig(settings))).toEqual({
      crio: {
        image: { pause_image: 'lab/pause:1' },
        network: { network_dir: '/etc/cni/net.d/', plugin_dirs: ['/opt/cni/bin/'] },
        runtime: { cgroup_manager: 'systemd' },
      },
    });
    expect(crioConfig({ ...settings, hasGpu: true })).toContain('conmon = "/usr/libexec/crio/conmon"');
  });

  it('has the inventory laid over it', () => {
    const config = { runtime: { log_level: 'debug' } };
    expect(parse(crioConfig({ ...settings, config }))).toMatchObject({
      crio: { runtime: { cgroup_manager: 'systemd', log_level: 'debug' } },
    });
  });

  it('names registries, their places and their mirrors', () => {
    expect(parse(registriesConfig([dockerHub, own]))).toEqual({
      registry: [
        {
          prefix: 'docker.io',
          location: 'docker.io',
          mirror: [{ location: 'mirror.example.com' }, { location: 'cache.lan:5000', insecure: true }],
        },
        { prefix: 'registry.example.com', location: 'registry.lan:5000', insecure: true },
      ],
    });
  });
});

describe('a CRI socket', () => {
  it.each([
    ['unix:///run/cri-dockerd.sock', 'docker'],
    ['unix:///var/run/cri-dockerd.sock', 'docker'],
    ['/var/run/crio/crio.sock', 'cri-o'],
    ['unix:///var/run/containerd/containerd.sock', 'containerd'],
    ['unix:///run/other.sock', undefined],
  ])('%s is that of %s', (endpoint, type) => {
    expect(runtimeOfSocket(endpoint)).toBe(type);
  });
});
