import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { serveCrioRepository } from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { serveCriDockerd } from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';
import { aptSources, cutOff, outside, serveImages } from './support/site.ts';

const NAMES = ['cp1', 'w1'] as const;
const reason = labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'its images are stand-ins' : undefined);

const done = ({ code, stdout, stderr }: Outcome): string => {
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
};

/**
 * cp1: Debian's Docker, which is the real one, with a stand-in for cri-dockerd; w1: a stand-in for CRI-O, whose storage is
 * filled by Debian's skopeo, the real one.
 */
describe.skipIf(reason !== undefined)(
  `a bundle for hosts with Docker and CRI-O${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let bundle: string;
    const environment = { ...process.env };
    beforeAll(async () => {
      cluster = await LabCluster.start(NAMES.map((name) => ({ name })));
      const { lab, directory } = cluster;
      bundle = join(directory, 'site.tar');
      serveImages(lab);
      const criDockerd = await serveCriDockerd(lab, 'tgz');
      const crio = await serveCrioRepository(lab);
      await cluster.writeInventory({
        hosts: {
          cp1: { runtime: { type: 'docker', downloads: { criDockerd } } },
          w1: { runtime: { type: 'cri-o', repository: crio } },
        },
        overlay: { defaults: { os: 'debian 12' }, runtime: { config: undefined } },
      });
      const [, sources = ''] = await aptSources(cluster, [{ name: 'cp1', os: 'debian 12' }]);
      Object.assign(process.env, outside(lab));
      done(await cluster.script('create-bundle.ts', lab.web.url, bundle, sources));
      process.env = { ...environment };
      await cutOff(lab, NAMES);
    });
    afterAll(async () => {
      process.env = environment;
      await cluster?.[Symbol.asyncDispose]();
    });

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const pending = async (): Promise<readonly string[]> =>
      (await cluster.plan('--bundle', bundle)).nodes.flatMap(({ id, outcome }) =>
        outcome.answer === 'none' ? [] : [id],
      );
    const inDocker = (name: string): Promise<string> =>
      on('cp1', `docker image inspect -f {{.Id}} ${name} || :`);
    const inStorage = (name: string): Promise<string> =>
      on('w1', `skopeo inspect --raw containers-storage:${name} | sha256sum`);

    it('is all that they take: packages, cri-dockerd and images', async () => {
      done(await cluster.slipway('apply', '--yes', '--bundle', bundle));
      expect(await pending()).toEqual([]);
      expect(await cluster.pending()).toEqual([]);
      expect(cluster.lab.web.requests).toEqual([]);
      expect(await inDocker('registry.k8s.io/kube-apiserver:v1.34.9')).toMatch(/^sha256:/);
      expect(await inDocker('docker.io/library/nginx:1.28-alpine')).toMatch(/^sha256:/);
      const nginx = await inStorage('docker.io/library/nginx:1.28-alpine');
      expect(nginx).not.toBe(await inStorage('registry.k8s.io/kube-proxy:v1.34.9'));
      expect(await on('w1', 'skopeo list-tags --help >/dev/null; ls /var/lib/containers/storage')).toContain(
        'images',
      );
    });

    it('brings back an image that somebody has removed, or has put another in the place of', async () => {
      const proxy = await inDocker('registry.k8s.io/kube-proxy:v1.34.9');
      await on(
        'cp1',
        'docker rmi nginx:1.28-alpine; docker tag registry.k8s.io/pause:3.10.1 registry.k8s.io/kube-proxy:v1.34.9',
      );
      const copy = 'skopeo copy -q --insecure-policy containers-storage:registry.k8s.io/pause:3.10.1';
      await on('w1', `${copy} containers-storage:registry.k8s.io/kube-proxy:v1.34.9`);
      expect(await pending()).toEqual(['cp1/images/bundle:images', 'w1/images/bundle:images']);
      done(await cluster.slipway('apply', '--yes', '--bundle', bundle));
      expect(await pending()).toEqual([]);
      expect(await inDocker('registry.k8s.io/kube-proxy:v1.34.9')).toBe(proxy);
    });
  },
);
