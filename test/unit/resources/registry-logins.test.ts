import { spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

import { crioConfig } from '#configuration/crio-config.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Registry, Runtime } from '#core/runtime.ts';
import { Secret } from '#core/secret.ts';
import { template } from '#core/template.ts';
import { pulledFirst } from '#resources/kubeadm/pulled-first.ts';
import { hasLogins, kubeletLogins } from '#resources/kubelet/kubelet-logins.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

const login = { secret: 'login of https://r.lan', basic: new Secret('YTpi') };
const withLogin: Registry = {
  host: 'r.lan',
  endpoint: { url: 'https://r.lan', skipVerify: false, login },
  mirrors: [],
};
const mirrored: Registry = {
  host: 'docker.io',
  endpoint: { url: 'https://registry-1.docker.io', skipVerify: false },
  mirrors: [{ url: 'https://m.lan', skipVerify: false, login }],
};

const clusterWith = (imageRepository: string, registries: readonly Registry[]): Cluster =>
  ({ kubernetes: { version: '1.34.9', imageRepository }, registries }) as unknown as Cluster;
const hostWith = (type: string, role = 'control-plane'): Host =>
  ({ runtime: { type }, role }) as unknown as Host;
const INIT = ['kubeadm', 'init', '--config=/run/c.yaml'];

describe('a login for what is pulled without the kubelet', () => {
  it('is a file for CRI-O, for all images and the pause image', () => {
    const settings = { sandboxImage: 'r.lan/pause:3', config: {}, hasGpu: false };
    expect(parse(crioConfig({ ...settings, logins: '/var/lib/kubelet/config.json' }))).toMatchObject({
      crio: {
        image: {
          pause_image: 'r.lan/pause:3',
          pause_image_auth_file: '/var/lib/kubelet/config.json',
          global_auth_file: '/var/lib/kubelet/config.json',
        },
      },
    });
    expect(crioConfig(settings)).not.toContain('auth_file');
    expect([[withLogin], [mirrored], []].map((registries) => hasLogins(registries, 'cri-o'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each<[Runtime['type'], readonly string[]]>([
    ['cri-o', ['m.lan', 'r.lan']],
    ['docker', ['r.lan']],
    ['containerd', ['r.lan']],
  ])('is one of a mirror only where the runtime looks for it there: %s', (runtime, names) => {
    const [resource] = kubeletLogins([mirrored, withLogin], runtime);
    const found = { state: 'absent', access: null, isOwn: false };
    const outcome = resource?.diff({ found } as never, { host: 'w1', changed: [] });
    const written = JSON.stringify(outcome);
    expect(names.filter((name) => written.includes(`\\"${name}\\": {`))).toEqual(names);
    expect(written.includes('m.lan')).toBe(names.includes('m.lan'));
    expect(written).not.toContain('YTpi');
  });

  it("is found by cri-dockerd in the kubelet's directory", () => {
    expect(template('systemd/cri-docker.service')).toContain('\nWorkingDirectory=-/var/lib/kubelet\n');
  });

  it.each<[string, string, readonly Registry[], Host]>([
    ['containerd, which has it in hosts.toml', 'r.lan/k8s', [withLogin], hostWith('containerd')],
    ['CRI-O, which has it in its configuration', 'r.lan/k8s', [withLogin], hostWith('cri-o')],
    ['a worker, for which kubeadm pulls nothing', 'r.lan/k8s', [withLogin], hostWith('docker', 'worker')],
    ['images of another registry', 'registry.k8s.io', [withLogin], hostWith('docker')],
    ['a mirror', 'docker.io/library', [mirrored], hostWith('docker')],
  ])('is not given by hand for %s', (_, repository, registries, host) => {
    expect(pulledFirst(clusterWith(repository, registries), host, INIT)).toEqual(INIT);
  });
});

describe('images of a control plane with Docker', () => {
  const [program = '', ...args] = pulledFirst(
    clusterWith('r.lan/k8s', [withLogin]),
    hostWith('docker'),
    INIT,
  );

  /** Stand-ins write down how they were called. */
  async function run(present: string, pulls: boolean) {
    const directory = await scratchDirectory();
    const said = join(directory, 'said');
    const standIn = async (name: string, text: string): Promise<void> => {
      const path = join(directory, name);
      await writeFile(path, `#!/bin/sh\necho ${name} "$@" >>${said}\n${text}\n`);
      await chmod(path, 0o755);
    };
    await standIn('kubeadm', `[ "$1" = config ] && printf '%s\\n' r.lan/k8s/a:1 r.lan/k8s/b:1; exit 0`);
    await standIn(
      'docker',
      `[ "$1" = image ] && { [ "$3" = '${present}' ]; exit; }; ${pulls ? 'exit 0' : 'echo denied >&2; exit 1'}`,
    );
    const { status } = spawnSync(program, args, { env: { PATH: `${directory}:/usr/bin:/bin` } });
    return { status, said: (await readFile(said, 'utf8')).trim().split('\n') };
  }

  it('are pulled by its client with the login, but for those that are there, and then kubeadm is run', async () => {
    expect(await run('r.lan/k8s/a:1', true)).toEqual({
      status: 0,
      said: [
        'kubeadm config images list --kubernetes-version=v1.34.9 --image-repository=r.lan/k8s',
        'docker image inspect r.lan/k8s/a:1',
        'docker image inspect r.lan/k8s/b:1',
        'docker --config /var/lib/kubelet pull --quiet r.lan/k8s/b:1',
        INIT.join(' '),
      ],
    });
  });

  it('stop the run of kubeadm where they cannot be pulled, and name no secret', async () => {
    const { status, said } = await run('', false);
    expect(status).not.toBe(0);
    expect(said).not.toContain(INIT.join(' '));
    expect([program, ...args].join(' ')).not.toContain('YTpi');
  });
});
