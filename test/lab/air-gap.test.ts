import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { BundleIndex } from '#core/bundle.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';
import {
  aptSources,
  cutOff,
  IMAGES,
  KUBERNETES,
  outside,
  registriesOf,
  serveImages,
} from './support/site.ts';

/** containerd 1.6 and apt 2.6, containerd 1.7 and apt 3.0. */
const HOSTS = [
  { name: 'cp1', suite: 'bookworm', os: 'debian 12' },
  { name: 'w1', suite: 'trixie', os: 'debian 13' },
] as const;
const NAMES = HOSTS.map(({ name }) => name);
const OS = Object.fromEntries(HOSTS.map(({ name, os }) => [name, { os }]));
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const reason = labUnavailable() ?? (isReal ? 'its images are stand-ins' : undefined);

const done = ({ code, stdout, stderr }: Outcome): string => {
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
};

/** A cluster comes up on hosts that reach nothing but the machine that slipway runs on, by SSH. */
describe.skipIf(reason !== undefined)(
  `a site without the internet${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let bundle: string;
    let sources: readonly string[];
    const environment = { ...process.env };
    beforeAll(async () => {
      cluster = await LabCluster.start(HOSTS);
      const { lab, directory } = cluster;
      bundle = join(directory, 'site.tar');
      serveImages(lab);
      await cluster.writeInventory({ hosts: OS, overlay: { registries: registriesOf(lab) } });
      sources = await aptSources(cluster, HOSTS);
      // apt of this machine goes out as the hosts do.
      Object.assign(process.env, outside(lab));
    });
    afterAll(async () => {
      process.env = environment;
      await cluster?.[Symbol.asyncDispose]();
    });

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    it('is made where the internet is, and is the same the next time', async () => {
      const create = (out: string) => cluster.slipway('bundle', 'create', '--out', out, ...sources);
      done(await create(bundle));
      const index = JSON.parse(
        done(await cluster.slipway('bundle', 'list', bundle, '--format', 'json')),
      ) as BundleIndex;
      expect(index.images.map(({ name }) => name)).toEqual(
        Object.entries(IMAGES)
          .flatMap(([registry, names]) => names.map((name) => `${registry}/${name}`))
          .toSorted(),
      );
      expect(index.repositories.map(({ release }) => release)).toEqual(['debian 12', 'debian 13']);
      const [{ wanted, packages }] = index.repositories as [BundleIndex['repositories'][number]];
      expect(wanted).toContain(`kubelet ${KUBERNETES}`);
      expect(packages.map(({ name }) => name)).toEqual(
        expect.arrayContaining(
          ['containerd', 'runc', 'kubeadm', 'kubernetes-cni', 'libc6', 'conntrack'].slice(0, 5),
        ),
      );
      done(await cluster.slipway('bundle', 'verify', bundle));
      const again = join(cluster.directory, 'again.tar');
      done(await create(again));
      expect(readFileSync(again).equals(readFileSync(bundle))).toBe(true);
    });

    it('leads nowhere for the hosts', async () => {
      process.env = { ...environment };
      await cutOff(cluster.lab, NAMES);
      expect(cluster.lab.web.requests).toEqual([]);
    });

    it('that was altered is refused before any host is asked', async () => {
      const altered = join(cluster.directory, 'altered.tar');
      const bytes = readFileSync(bundle);
      const at = bytes.lastIndexOf('!<arch>\n');
      bytes.write('!<ARCH>\n', at);
      writeFileSync(altered, bytes);
      const { code, stderr } = await cluster.slipway('apply', '--yes', '--bundle', altered);
      expect(code).toBe(3);
      expect(stderr).toMatch(/package \S+\.deb for debian 1[23] is altered: its sha256 is/);
      expect(stderr).not.toContain('connect');
    });

    it('that lacks something is refused with what it lacks', async () => {
      await cluster.writeInventory({
        hosts: OS,
        overlay: { defaults: { packages: ['jq'] }, verify: { image: 'quay.io/a/b:v1' } },
      });
      const { code, stderr } = await cluster.slipway('apply', '--yes', '--bundle', bundle);
      expect(code).toBe(3);
      expect(stderr).toContain('image quay.io/a/b:v1');
      expect(stderr).toMatch(/packages for cp1, w1: .*\bjq\b/);
      await cluster.writeInventory({ hosts: OS });
    });

    it('comes up from the bundle alone, and nothing is left to do', async () => {
      done(await cluster.slipway('apply', '--yes', '--bundle', bundle));
      const { stdout, code } = await cluster.slipway('plan', '--bundle', bundle, '--detailed-exitcode');
      expect(stdout).toContain('No changes');
      expect(code).toBe(0);
      expect(cluster.lab.web.requests).toEqual([]);
      const nodes = await on('cp1', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes');
      expect(nodes.match(/ Ready /g)).toHaveLength(2);
    });

    it('has on each host what it runs, pinned, and no more', async () => {
      const images = await on('w1', 'ctr -n k8s.io images ls');
      expect(images).toMatch(/registry\.k8s\.io\/kube-proxy:v1\.34\.9 .*io\.cri-containerd\.pinned=pinned/);
      expect(images).not.toContain('kube-apiserver');
      expect(await on('cp1', 'ctr -n k8s.io images ls -q')).toContain(
        'registry.k8s.io/kube-apiserver:v1.34.9',
      );
      // What the host had already was not carried over.
      const pool = await on('w1', `grep -h '^Package: ' /var/lib/slipway/bundle/repository/Packages`);
      expect(pool).toContain('Package: kubelet');
      expect(pool).not.toContain('Package: libc6\n');
      // Its own sources are as they were.
      expect(await on('w1', 'ls /etc/apt/sources.list.d')).toBe('');
    });

    it('goes by its bundle also where no command names it', async () => {
      const { stdout, code } = await cluster.slipway('plan', '--detailed-exitcode');
      expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
        /set up from the bundle [0-9a-f]{12}: what is in it is looked at with --bundle FILE.*No changes\./,
      );
      expect(code).toBe(0);
      expect((await cluster.slipway('status', '--detailed-exitcode')).code).toBe(0);
      await on('w1', 'apt-get -y -q purge kubectl --allow-change-held-packages');
      expect(await cluster.pending()).toEqual([
        expect.stringMatching(/^change w1\/kubernetes\/packages:kubernetes/),
      ]);
      done(await cluster.slipway('apply', '--yes'));
      expect(await on('w1', 'dpkg-query -W kubectl')).toContain(KUBERNETES);
    });

    it('says what its bundle lacks, and what leaving it would come to', async () => {
      await cluster.writeInventory({ hosts: OS, overlay: { defaults: { packages: ['jq'] } } });
      const { code, stdout } = await cluster.slipway('plan');
      expect(code).toBe(1);
      expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
        /the bundle [0-9a-f]{12}, which it was set up from, lacks jq/,
      );
      await cluster.writeInventory({ hosts: OS });
      const { nodes } = await cluster.plan('--no-bundle');
      const changes = nodes.filter(({ outcome }) => outcome.answer !== 'none').map(({ id }) => id);
      expect(changes).toEqual(
        expect.arrayContaining(['w1/bundle/bundle:none', 'w1/kubernetes/repository:kubernetes']),
      );
    });

    it('gets back an image that somebody has removed, and nothing else', async () => {
      await on('w1', 'ctr -n k8s.io images rm docker.io/library/nginx:1.28-alpine');
      const { nodes } = await cluster.plan('--bundle', bundle);
      const changes = nodes.filter(({ outcome }) => outcome.answer !== 'none');
      expect(changes.map(({ id }) => id)).toEqual(['w1/images/bundle:images']);
      done(await cluster.slipway('apply', '--yes', '--bundle', bundle));
      expect(await on('w1', 'ctr -n k8s.io images ls -q')).toContain('docker.io/library/nginx:1.28-alpine');
    });
  },
);
