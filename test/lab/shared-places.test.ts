import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { filesystemChanges } from '../../scripts/lab/filesystem-digest.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { signingKey } from '../../scripts/lab/signing-key.ts';
import {
  serveDockerRepository,
  type ServedRepository,
} from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { serveCriDockerd, type ServedRelease } from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const SOURCES = '/etc/apt/sources.list.d';
const OWN_KEYRING = '/etc/apt/keyrings/kubernetes-apt-keyring.asc';

const only = (host: string, phases: string): readonly string[] => ['--limit', host, '--only', phases];

const reason = labUnavailable();

/** b1 and t1: apt 2.6 and 3.0, with sources that a person and other tools have written; all of it is apt's own doing. */
describe.skipIf(reason !== undefined)(
  `places that others write to as well${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let docker: ServedRepository;
    let criDockerd: ServedRelease;
    let kubernetes: string;
    let key: string;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'b1' }, { name: 't1', suite: 'trixie' }, { name: 'd1' }]);
      docker = await serveDockerRepository(cluster.lab);
      criDockerd = await serveCriDockerd(cluster.lab, 'tgz');
      await inventory(['https://a.lan', 'https://b.lan']);
      const minor = (process.env['SLIPWAY_LAB_KUBERNETES'] ?? '1.34').split('.').slice(0, 2).join('.');
      const place = `core:/stable:/v${minor}/deb/`;
      const real = process.env['SLIPWAY_LAB_REPO'];
      kubernetes = `${cluster.lab.repositoryUrl}/${place}`;
      key = real ? await (await fetch(`${real}/${place}Release.key`)).text() : (await signingKey()).publicKey;
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const inventory = (mirrors: readonly string[]): Promise<void> =>
      cluster.writeInventory({
        hosts: {
          b1: { runtime: { source: 'docker', repository: docker } },
          d1: { runtime: { type: 'docker', downloads: { criDockerd } } },
        },
        overlay: {
          runtime: { config: undefined },
          ...(mirrors.length > 0 && {
            registries: { 'docker.io': { mirrors: mirrors.map((url) => ({ url })) } },
          }),
        },
      });
    const on = async (host: string, script: string): Promise<string> =>
      (await cluster.lab.exec(host, 'sh', { input: script })).stdout.trim();
    const apply = (...args: readonly string[]): Promise<Outcome> =>
      cluster.slipway('apply', '--yes', ...args);
    const converges = async (...args: readonly string[]): Promise<void> => {
      const { code, stdout, stderr } = await apply(...args);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect((await cluster.slipway('plan', ...args)).stdout).toContain('No changes');
    };
    /** Empty where apt can read its sources. */
    const complaint = (host: string): Promise<string> =>
      on(host, 'apt-get indextargets 2>&1 >/dev/null || :');

    it("an entry that Ansible has written is gone by, with Ansible's key", async () => {
      await on(
        't1',
        `mkdir -p /etc/apt/keyrings; chmod 0700 /etc/apt/keyrings; printf %s '${key}' >/etc/apt/keyrings/ansible.asc; chmod 0644 /etc/apt/keyrings/ansible.asc
echo 'deb [signed-by=/etc/apt/keyrings/ansible.asc] ${kubernetes} /' >${SOURCES}/pkgs_k8s_io_v1_34.list
echo 'deb [signed-by=/etc/apt/keyrings/ansible.asc] ${kubernetes.replace(/v[\d.]+/, 'v1.19')} /' >${SOURCES}/older.list`,
      );
      await on('t1', `sed -i 's/^/# /' ${SOURCES}/older.list`);
      const args = only('t1', 'preflight,kubernetes');
      const before = await cluster.lab.filesystemSnapshot('t1');
      const planned = await cluster.slipway('plan', ...args);
      expect(planned.code, flat(planned)).toBe(0);
      expect(filesystemChanges(before, await cluster.lab.filesystemSnapshot('t1'))).toEqual([]);
      await converges(...args);
      expect(await on('t1', `ls ${SOURCES}/kubernetes.list ${OWN_KEYRING} 2>/dev/null || :`)).toBe('');
      expect(await complaint('t1')).toBe('');
      expect(await on('t1', "dpkg-query -W -f='${Status}' kubelet")).toContain('ok installed');
    });

    it('is seen before anything is written, by file and line, where its key is not the one', async () => {
      await on(
        'b1',
        `mkdir -p /etc/apt/keyrings; echo nonsense >/usr/share/keyrings/docker.gpg
printf '# Docker\\nTypes: deb\\nURIs: ${docker.url}/debian\\nSuites: bookworm\\nComponents: stable\\nSigned-By: /usr/share/keyrings/docker.gpg\\n' >${SOURCES}/docker.sources`,
      );
      const args = only('b1', 'preflight,runtime');
      for (const verb of ['plan', 'apply']) {
        const refused = await cluster.slipway(verb, ...(verb === 'apply' ? ['--yes'] : []), ...args);
        expect(refused.code).toBe(1);
        expect(flat(refused)).toContain(
          `PackageRepository: ${SOURCES}/docker.sources:2 is an entry of ${docker.url}/debian bookworm`,
        );
      }
      expect(await complaint('b1')).toBe('');
      expect(await on('b1', `ls ${SOURCES}`)).toBe('docker.sources');
      // The way out that is named, literally.
      await on(
        'b1',
        `sed -i 's|^Signed-By: .*|Signed-By: /etc/apt/keyrings/docker-apt-keyring.asc|' ${SOURCES}/docker.sources`,
      );
      await converges(...args);
      expect(await on('b1', `ls ${SOURCES}`)).toBe('docker.sources');
      expect(await complaint('b1')).toBe('');
    });

    it('takes the place of an entry of slipway’s where it came later, and apt can read its sources again', async () => {
      const args = only('b1', 'preflight,kubernetes');
      await converges(...args);
      await on(
        'b1',
        `printf %s '${key}' >/usr/share/keyrings/k8s.asc
echo 'deb [signed-by=/usr/share/keyrings/k8s.asc] ${kubernetes} /' >${SOURCES}/later.list`,
      );
      expect(await complaint('b1')).toContain('Conflicting values set for option Signed-By');
      expect(flat(await cluster.slipway('plan', ...args))).toContain(`${SOURCES}/later.list:1 offers`);
      await converges(...args);
      expect(await complaint('b1')).toBe('');
      await on('b1', `rm ${SOURCES}/later.list`);
      await converges(...args);
    });

    it('that cannot be read with slipway’s among it is as it was, and the run says why', async () => {
      await on('b1', `rm ${SOURCES}/kubernetes.list; echo 'deb whatever' >${SOURCES}/broken.list`);
      const args = only('b1', 'preflight,kubernetes');
      const broken = await apply(...args);
      expect(broken.code).toBe(1);
      expect(flat(broken)).toContain(`Malformed entry 1 in list file ${SOURCES}/broken.list`);
      await on(
        'b1',
        `rm ${SOURCES}/broken.list; echo 'Dir::Etc::sourceparts "/etc/apt/site.d";' >/etc/apt/apt.conf.d/99site`,
      );
      const elsewhere = await apply(...args);
      expect(elsewhere.code).toBe(1);
      expect(flat(elsewhere)).toContain('has apt read its sources from /etc/apt/site.d/');
      expect(await on('b1', `ls ${SOURCES}`)).toBe('docker.sources');
      await on('b1', 'rm /etc/apt/apt.conf.d/99site');
      await converges(...args);
    });

    const CONFIG = '/etc/containerd/config.toml';
    const BY_HAND = `version = 2
root = "/data/containerd"
imports = ["/etc/containerd/site/*.toml"]
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
runtime_type = "io.containerd.kata.v2"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
endpoint = ["https://mirror.lan"]
`;

    it("a person's config.toml has named what goes before containerd is there, and stays beside the new one", async () => {
      await on(
        't1',
        // Nothing is known of versions before the first look into the index.
        `rm -rf /var/lib/apt/lists/* /run/slipway-package-index; mkdir -p /etc/containerd/site; printf 'version = 2\\n[debug]\\nlevel = "warn"\\n' >/etc/containerd/site/mine.toml
printf 'debug: true\\n' >/etc/crictl.yaml
cat >${CONFIG} <<'END'\n${BY_HAND}END`,
      );
      expect(await on('t1', 'command -v containerd || echo none')).toBe('none');
      const args = only('t1', 'preflight,runtime');
      const planned = flat(await cluster.slipway('plan', ...args));
      expect(planned).toContain('+(known after containerd is installed)');
      expect(planned).toContain(`a copy of it stays in ${CONFIG}.before-slipway.bak`);
      // Long words are broken where the line ends.
      const unwrapped = planned.replaceAll(' ', '');
      for (const lost of [
        'root="/data/containerd"',
        'runtimes.kata.runtime_type',
        'mirrors.docker.io.endpoint',
      ]) {
        expect(unwrapped).toContain(lost);
      }
      await converges(...args);
      expect(await on('t1', `cat ${CONFIG}.before-slipway.bak`)).toBe(BY_HAND.trim());
      // What could be kept is in force: its imports, and all else that crictl was told.
      expect(await on('t1', `containerd config dump | grep -E '^ *level'`)).toContain('warn');
      expect(await on('t1', 'cat /etc/crictl.yaml')).toContain('debug: true');
    });

    it('is kept a second time where it was put back, beside the first copy', async () => {
      await on('t1', `printf 'version = 2\\nroot = "/data/second"\\n' >${CONFIG}`);
      await converges(...only('t1', 'preflight,runtime'));
      expect(await on('t1', `cat ${CONFIG}.before-slipway.bak`)).toBe(BY_HAND.trim());
      expect(await on('t1', `cat ${CONFIG}.before-slipway2.bak`)).toContain('/data/second');
      expect(await on('t1', 'systemctl is-active containerd')).toBe('active');
    });

    it("a daemon.json keeps a person's mirrors, and slipway's leave with the inventory", async () => {
      const path = '/etc/docker/daemon.json';
      await on(
        'd1',
        `mkdir -p /etc/docker; echo '{"registry-mirrors": ["https://mine.lan", "https://a.lan"], "debug": true}' >${path}
printf '#!/bin/sh\\necho mine\\n' >/usr/local/bin/cri-dockerd; chmod +x /usr/local/bin/cri-dockerd`,
      );
      const args = only('d1', 'preflight,runtime');
      const planned = flat(await cluster.slipway('plan', ...args));
      expect(planned).toContain(`a copy of it stays in ${path}.before-slipway.bak`);
      expect(planned).toContain('a copy of it stays in /usr/local/bin/cri-dockerd.before-slipway.bak');
      await converges(...args);
      const mirrors = (): Promise<string> =>
        on('d1', `docker info --format '{{json .RegistryConfig.Mirrors}}'`);
      expect(await mirrors()).toBe('["https://a.lan/","https://b.lan/","https://mine.lan/"]');
      expect(await on('d1', '/usr/local/bin/cri-dockerd.before-slipway.bak')).toBe('mine');
      await inventory([]);
      await converges(...args);
      expect(await mirrors()).toBe('["https://a.lan/","https://mine.lan/"]');
      expect(JSON.parse(await on('d1', `cat ${path}`))).toMatchObject({ debug: true });
      expect(JSON.parse(await on('d1', `cat ${path}.before-slipway.bak`))).toEqual({
        'registry-mirrors': ['https://mine.lan', 'https://a.lan'],
        debug: true,
      });
    });

    it('flags that a person gives the kubelet over those of slipway are named by file and line', async () => {
      await on(
        'b1',
        `printf '\\nKUBELET_EXTRA_ARGS="--v=1 --cgroup-driver=cgroupfs"\\n' >/etc/default/kubelet`,
      );
      const planned = await cluster.slipway('plan', ...only('b1', 'preflight'));
      expect(planned.code).toBe(1);
      expect(flat(planned)).toContain(
        '/etc/default/kubelet:2 gives the kubelet --cgroup-driver=cgroupfs over systemd',
      );
    });
  },
);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
