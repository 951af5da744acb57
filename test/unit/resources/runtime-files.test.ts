import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

import { runtimeOfSocket } from '../../../src/catalog/cri-sockets.ts';
import type { Registry } from '../../../src/core/runtime.ts';
import { registriesConfig } from '../../../src/configuration/container-registries.ts';
import { crioConfig } from '../../../src/configuration/crio-config.ts';
import { bothRecords, dockerConfig } from '../../../src/configuration/docker-config.ts';

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
  const REGISTRIES = [dockerHub, own];
  const LISTS = {
    mirrors: ['https://mirror.example.com', 'http://cache.lan:5000'],
    insecure: ['cache.lan:5000', 'registry.lan:5000'],
  };

  it('keeps what others set, adds to their lists, and replaces the cgroup driver alone', () => {
    const before = {
      'log-driver': 'json-file',
      'exec-opts': ['native.cgroupdriver=cgroupfs', 'other=1'],
      'insecure-registries': ['old.lan'],
      'registry-mirrors': ['https://mine.lan', 'https://mirror.example.com'],
    };
    expect(dockerConfig(before, {}, { registries: REGISTRIES, config: { 'log-driver': 'local' } })).toEqual({
      wanted: {
        'log-driver': 'local',
        'exec-opts': ['other=1', 'native.cgroupdriver=systemd'],
        'registry-mirrors': ['https://mirror.example.com', 'http://cache.lan:5000', 'https://mine.lan'],
        'insecure-registries': ['old.lan', 'cache.lan:5000', 'registry.lan:5000'],
      },
      // The mirror that was there before is not slipway's.
      record: { config: { 'log-driver': 'local' }, ...LISTS, mirrors: ['http://cache.lan:5000'] },
    });
  });

  it('is the same made from itself, and so is its record', () => {
    const settings = { registries: REGISTRIES, config: { 'log-opts': { 'max-size': '1m' } } };
    const once = dockerConfig({ debug: true, 'registry-mirrors': ['https://mine.lan'] }, {}, settings);
    expect(dockerConfig(once.wanted, once.record, settings)).toEqual(once);
  });

  it("loses what was slipway's with the inventory, and nothing else", () => {
    const before = {
      debug: true,
      'log-opts': { env: 'a' },
      'registry-mirrors': ['https://mine.lan'],
      'insecure-registries': [],
    };
    const config = { debug: true, 'log-opts': { 'max-size': '1m' }, 'live-restore': true };
    const set = dockerConfig(before, {}, { registries: REGISTRIES, config });
    expect(set.record).toEqual({
      config: { 'log-opts': { 'max-size': '1m' }, 'live-restore': true },
      ...LISTS,
    });
    expect(dockerConfig(set.wanted, set.record, { registries: [], config: {} })).toEqual({
      wanted: {
        debug: true,
        'log-opts': { env: 'a' },
        'exec-opts': ['native.cgroupdriver=systemd'],
        'registry-mirrors': ['https://mine.lan'],
      },
      record: {},
    });
  });

  it('has what one run recorded, where it was cut off before the file was written', () => {
    const settings = { registries: REGISTRIES, config: { debug: true } };
    const { record } = dockerConfig({}, {}, settings);
    expect(dockerConfig({}, bothRecords({}, record), settings).record).toEqual(record);
    expect(bothRecords(record, {})).toEqual(record);
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
