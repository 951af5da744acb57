import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Asking } from '../../src/core/fact.ts';
import type { PackageQuestion } from '../../src/distributions/distribution-family.ts';
import { redhat } from '../../src/distributions/redhat/redhat.ts';
import { guards, type GuardsAnswer } from '../../src/facts/guards.ts';
import { DnfHost, dnfUnavailable, FOREIGN, MACHINE } from './support/dnf-host.ts';

const reason = dnfUnavailable();

/** The release of packages from pkgs.k8s.io. */
const KUBERNETES = '150500.1.1';
const ROCKY = { id: 'rocky', versionId: '9.6', codename: '' };
const WANTED: readonly PackageQuestion[] = [
  { name: 'kubelet', version: '1.34.9' },
  { name: 'kubernetes-cni', version: null },
];

/** A machine whose distribution has some packages, and slipway's entry of a repository of Kubernetes. */
async function makeHost(directory: string): Promise<DnfHost> {
  const host = await DnfHost.make(directory);
  await host.addRepository('kubernetes/rpm', [
    ...['1.34.8', '1.34.9', '1.34.90'].map((version) => ({
      name: 'kubelet',
      version,
      release: KUBERNETES,
      tags: ['Requires: kubernetes-cni'],
    })),
    { name: 'kubelet', version: '1.34.9', release: '150500.9.9', arch: FOREIGN },
    { name: 'kubernetes-cni', version: '1.7.1', release: KUBERNETES },
  ]);
  await host.addRepository(`nvidia/rpm/${MACHINE}`, [{ name: 'toolkit', version: '1.20.0' }], {
    isIndexSigned: true,
  });
  await host.addRepository('base/rpm', [
    { name: 'lib', version: '1.0' },
    { name: 'lib', version: '2.0' },
    { name: 'runc', version: '1.1' },
    { name: 'podman', version: '5.0', tags: ['Epoch: 2'] },
    { name: 'kernel-modules-extra', version: '5.14.0', release: '570.el9' },
    { name: 'kernel-modules-extra', version: '5.14.0', release: '611.el9' },
    { name: 'needs-kubelet', version: '1.0', tags: ['Requires: kubelet'] },
    {
      name: 'containerd.io',
      version: '2.2.0',
      tags: ['Requires: lib >= 2', 'Conflicts: podman', 'Obsoletes: runc'],
    },
  ]);
  return host;
}

/** Writes what slipway writes of a repository, once dnf has taken it. */
async function setUp(host: DnfHost, name: string, layout?: 'nvidia'): Promise<void> {
  const source = {
    url: `${host.url}/${name}`,
    keyUrl: '',
    fingerprint: '',
    key: host.key,
    ...(layout !== undefined && { layout }),
  };
  for (const { path, content, isEntry } of redhat.repositoryFiles(name)) {
    const text = content(source, ROCKY);
    const tried = isEntry === true ? host.do(redhat.tryRepository(name, text)).status : 0;
    expect(tried).toBe(0);
    await host.write(path, text);
  }
}

const NOTHING = { isHeld: false, isDowngrade: false, others: [] };
/** A text with these words in it, as the matcher's type has it not. */
const saying = (words: string): string => expect.stringContaining(words);
const at = (name: string, version: string) => ({ name, version });

const modulesOf = (host: DnfHost, kernel: string) =>
  host.do(redhat.moreModules!(`${kernel}.${MACHINE}`).install);

// dnf takes a second for each of these; they build on each other, as what happens on a host does.
describe.skipIf(reason !== undefined)(
  `dnf 4, the real one${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let directory: string;
    let host: DnfHost;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'slipway-dnf-'));
      host = await makeHost(directory);
      await setUp(host, 'kubernetes');
    });
    afterAll(() => rm(directory, { recursive: true, force: true }));

    const stateOf = (name: string, version: string | null = null) =>
      host.ask(redhat.packageFacts, [{ name, version }])[0];
    const effectsOf = (...packages: readonly PackageQuestion[]) =>
      host.ask(redhat.installEffects, [{ packages }])[0];

    it('offers nothing before its index is fetched, and what is for this machine afterwards, newest first', () => {
      expect(stateOf('kubelet', '1.34.9')).toEqual({ installed: null, isHeld: false, offered: [] });
      expect(effectsOf(...WANTED)).toEqual({ state: 'unknown' });
      expect(host.do(redhat.refreshIndex(WANTED))).toMatchObject({ status: 0 });
      expect(stateOf('kubelet', '1.34.9')?.offered).toEqual(
        ['1.34.90', '1.34.9', '1.34.8'].map((version) => `${version}-${KUBERNETES}`),
      );
    });

    it('passes over a repository whose index was never fetched', async () => {
      await setUp(host, 'base');
      expect(stateOf('kubelet', '1.34.9')?.offered).toHaveLength(3);
      expect(stateOf('podman')?.offered).toEqual([]);
      expect(host.do(redhat.refreshIndex([at('podman', '5.0')]))).toMatchObject({ status: 0 });
      expect(stateOf('podman')?.offered).toEqual(['2:5.0-1']);
    });

    it('says which versions there are where the wanted one is not', () => {
      const { status, stderr } = host.do(redhat.refreshIndex([at('kubelet', '1.35.0')]));
      expect(status).toBe(1);
      expect(stderr).toBe(
        `no package repository offers kubelet 1.35.0; these versions are there: ${['8', '9', '90'].map((patch) => `1.34.${patch}-${KUBERNETES}`).join(' ')}\n`,
      );
    });

    it('is told of a repository by a file that it can read, or of none', () => {
      const { status, stderr } = host.do(redhat.tryRepository('broken', 'no section\n'));
      expect(status).toBe(1);
      expect(stderr).toContain("failed loading '/etc/yum.repos.d/broken.repo'");
      expect(host.run('ls /etc/yum.repos.d').stdout).not.toContain('broken');
    });

    it('installs an exact version, and locks it', () => {
      const wanted = [at('kubelet', `1.34.8-${KUBERNETES}`), at('podman', '2:5.0-1'), at('runc', '1.1-1')];
      expect(host.do(redhat.install(wanted, { ...NOTHING, isHeld: true }))).toMatchObject({ status: 0 });
      expect(stateOf('kubelet', '1.34.8')).toEqual({
        installed: `1.34.8-${KUBERNETES}`,
        isHeld: true,
        offered: null,
      });
      expect(stateOf('podman')).toMatchObject({ installed: '2:5.0-1', isHeld: true });
      expect(host.run('dnf -y -q upgrade; rpm -q kubelet').stdout).toContain('kubelet-1.34.8');
    });

    it('knows what another version would do, past its own lock', () => {
      expect(effectsOf(...WANTED)).toEqual({
        state: 'known',
        removed: [],
        changed: [{ name: 'kubelet', from: `1.34.8-${KUBERNETES}`, to: `1.34.9-${KUBERNETES}` }],
      });
    });

    it('replaces a locked version, up and down, and locks the new one alone', () => {
      for (const version of ['1.34.90', '1.34.9']) {
        const step = redhat.install([at('kubelet', `${version}-${KUBERNETES}`)], {
          ...NOTHING,
          isHeld: true,
          isDowngrade: version === '1.34.9',
        });
        expect(host.do(step)).toMatchObject({ status: 0 });
        expect(stateOf('kubelet', version)).toMatchObject({ isHeld: true, offered: null });
      }
      expect(host.run('grep -c kubelet /etc/dnf/plugins/versionlock.list').stdout).toBe('1\n');
    });

    it('is not asked to install beside a package that stands against it', () => {
      expect(effectsOf({ name: 'containerd.io', version: null })).toMatchObject({
        state: 'impossible',
        why: saying('conflicts with podman provided by podman-2:5.0-1'),
      });
    });

    it('removes packages, but none that others need', () => {
      host.do(redhat.install([at('needs-kubelet', '1.0-1')], NOTHING));
      const refused = host.do(redhat.purge(['kubelet']));
      expect(refused).toMatchObject({ status: 1 });
      expect(refused.stderr).toContain('needs-kubelet-1.0-1');
      host.run('echo changed >>/var/lib/stand-ins/podman.conf');
      expect(host.do(redhat.purge(['podman', 'needs-kubelet', 'not-there']))).toMatchObject({ status: 0 });
      expect(stateOf('podman')).toMatchObject({ installed: null, isHeld: false });
      expect(host.run('ls /var/lib/stand-ins').stdout).not.toContain('podman');
    });

    it('says what would go or change, and does neither where no plan has shown it', () => {
      host.do(redhat.unhold(['runc']));
      host.do(redhat.install([at('lib', '1.0-1')], NOTHING));
      expect(effectsOf({ name: 'containerd.io', version: null })).toEqual({
        state: 'known',
        removed: [{ name: 'runc', version: '1.1-1' }],
        changed: [{ name: 'lib', from: '1.0-1', to: '2.0-1' }],
      });
      const step = redhat.install([at('containerd.io', '2.2.0-1')], { ...NOTHING, others: ['lib'] });
      const { status, stderr } = host.do(step);
      expect(status).toBe(1);
      expect(stderr).toContain('would also do what no plan has shown:\nremove runc 1.1-1\n');
      expect(stderr).not.toContain('change lib');
      expect(stateOf('containerd.io')).toMatchObject({ installed: null });
    });

    it("keeps to what an administrator's lock says of others", () => {
      host.do(redhat.hold(['lib']));
      expect(effectsOf({ name: 'containerd.io', version: null })).toMatchObject({
        state: 'impossible',
        why: saying('lib would have to change, and dnf versionlock keeps'),
      });
      host.do(redhat.unhold(['lib']));
    });

    it('takes a package that comes as a file, again where it is there', () => {
      const script = `files=/var/tmp/files; cp ${host.url.slice('file://'.length)}/base/rpm/podman-*.rpm /var/tmp/podman\n${redhat.packageFile.install('/var/tmp/podman')}\ncat /var/tmp/files`;
      for (const verb of ['Installed:', 'Reinstalled:']) {
        const { status, stdout } = host.run(script);
        expect(status).toBe(0);
        expect(stdout).toContain(verb);
        expect(stdout).toContain('\n/var/lib/stand-ins/podman\n');
        expect(stdout).not.toContain('\n/var/lib/stand-ins\n');
      }
    });

    it('brings the modules of the kernel that runs, and says what to do where they are gone', () => {
      expect(modulesOf(host, '5.14.0-570.el9')).toMatchObject({ status: 0 });
      expect(stateOf('kernel-modules-extra')?.installed).toBe('5.14.0-570.el9');
      const { status, stderr } = modulesOf(host, '5.14.0-503.el9');
      expect(status).toBe(1);
      expect(stderr).toContain('is on offer no more where the running kernel has been replaced');
    });

    it("goes by the signature of NVIDIA's index, whose packages have none of their own", async () => {
      await setUp(host, 'nvidia', 'nvidia');
      expect(host.do(redhat.refreshIndex([at('toolkit', '1.20.0')]))).toMatchObject({ status: 0 });
      host.run(
        `cd ${host.url.slice('file://'.length)}/nvidia/rpm/*/repodata && echo '<!-- changed -->' >>repomd.xml`,
      );
      const { status, stderr } = host.do(redhat.refreshIndex([at('toolkit', '1.20.1')]));
      expect(status).not.toBe(0);
      expect(stderr).toContain('repomd.xml GPG signature verification error');
    });

    it('counts the repositories that are enabled and not of slipway', async () => {
      const count = () =>
        host.ask(guards().family as unknown as Asking<null, GuardsAnswer>, [null])[0]?.repositories;
      expect(count()).toBe(0);
      await host.write('/etc/yum.repos.d/redhat.repo', '[a]\nname=a\n[b]\nenabled = 0\n[c]\nenabled=1\n');
      expect(count()).toBe(2);
      host.run('rm /etc/yum.repos.d/redhat.repo');
    });

    it('finds a repository of the same name in a file of another one', async () => {
      await host.write('/etc/yum.repos.d/mine.repo', '# mine\n[kubernetes]\nname=x\nbaseurl=http://x/\n');
      const [answer] = host.ask(redhat.otherEntries, [{ name: 'kubernetes', url: 'http://y' }]);
      const source = { url: 'http://y', keyUrl: '', fingerprint: '', key: host.key };
      expect(
        redhat.otherEntries.judge('kubernetes', source, { ...redhat.freshMachine, arch: 'amd64' }, answer!),
      ).toMatchObject({ verdict: 'conflicts', why: saying('mine.repo:2') });
      host.run('rm /etc/yum.repos.d/mine.repo');
    });
  },
);
