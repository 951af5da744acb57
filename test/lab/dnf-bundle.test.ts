import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BlobStore } from '#bundle/blob-store.ts';
import { packageClosure } from '#bundle/closure.ts';
import { programRunner } from '#bundle/programs.ts';
import type { BundledRepository } from '#core/bundle.ts';
import type { Outcome } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import { type RunStep, scriptOf } from '#core/step.ts';
import { ENVIRONMENT } from '#distributions/redhat/dnf.ts';
import { redhat } from '#distributions/redhat/redhat.ts';
import { freshMachineOf } from '#distributions/supported.ts';
import { piecesTar } from '#engine/pieces-tar.ts';
import { bundlePackages, type BundlePackagesAnswer, OUT_OF_BUNDLE } from '#facts/bundle-state.ts';
import { bundledPackages } from '#resources/bundle/bundled-packages.ts';

import { DnfHost, dnfUnavailable, MACHINE } from './support/dnf-host.ts';

const reason = dnfUnavailable();
const ARCHITECTURE = MACHINE === 'aarch64' ? 'arm64' : 'amd64';
const WANTED = [
  { name: 'kubelet', version: '1.34.9' },
  { name: 'dnf-command(versionlock)', version: null },
];

/** The repositories of a release and of Kubernetes, which hosts do not reach. */
async function outside(directory: string): Promise<DnfHost> {
  const host = await DnfHost.make(directory);
  await host.addRepository('kubernetes/rpm', [
    ...['1.34.8', '1.34.9', '1.34.90'].map((version) => ({
      name: 'kubelet',
      version,
      tags: ['Requires: kubernetes-cni', 'Requires: /usr/share/a/file'],
    })),
    { name: 'kubernetes-cni', version: '1.7.1', tags: ['Requires: lib >= 2', 'Recommends: podman'] },
  ]);
  await host.addRepository('base', [
    { name: 'lib', version: '1.0', tags: ['Epoch: 1'] },
    { name: 'lib', version: '2.0', tags: ['Epoch: 1'] },
    { name: 'podman', version: '5.0' },
    { name: 'filer', version: '1.0', tags: ['Provides: /usr/share/a/file'] },
    {
      name: 'python3-dnf-plugin-with-a-very-long-name-so-that-its-row-goes-on-versionlock',
      version: '4.3',
      tags: ['Provides: dnf-command(versionlock)'],
    },
  ]);
  return host;
}

describe.skipIf(reason !== undefined)(
  `packages of dnf's in a bundle${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let directory: string;
    let repositories: DnfHost;
    let host: DnfHost;
    let store: BlobStore;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'slipway-dnf-'));
      for (const name of ['out', 'in'] as const) {
        // All in one place: its agents of gpg end when it is gone.
        const made = join(directory, name);
        await mkdir(made);
        if (name === 'out') repositories = await outside(made);
        else host = await DnfHost.make(made);
      }
      store = new BlobStore(join(directory, 'blobs'));
    });
    afterAll(() => rm(directory, { recursive: true, force: true }));

    const release = () =>
      `[base]\nname=base\nbaseurl=${repositories.url}/base\ngpgkey=file://${directory}/key\n`;
    const closure = async (sources = release(), key = repositories.key): Promise<BundledRepository> => {
      await writeFile(join(directory, 'key'), key);
      return packageClosure(
        {
          release: 'rocky 9',
          family: redhat,
          packages: WANTED,
          repositories: [
            {
              name: 'kubernetes',
              source: { url: `${repositories.url}/kubernetes`, keyUrl: 'key', fingerprint: '' },
            },
          ],
          hosts: ['w1'],
        },
        ARCHITECTURE,
        {
          run: programRunner(new AbortController().signal),
          store,
          directory: join(directory, 'dnf'),
          keys: new Map([['key', key]]),
          sources: new Map(sources === '' ? [] : [['rocky 9', sources]]),
          during: (_, work) => work(),
        },
      );
    };
    let repository: BundledRepository;
    const outcome = (found: BundlePackagesAnswer): Outcome =>
      bundledPackages(
        {
          id: 'b'.repeat(64),
          images: [],
          repositories: [repository],
          wanted: { w1: { 'rocky 9': repository.wanted } },
        },
        'w1',
      ).diff(
        {
          os: { ...freshMachineOf('rocky 9'), versionId: '9.6', arch: ARCHITECTURE },
          rpm: found,
        } as never,
        { host: 'w1', changed: [] },
      );
    const found = (): BundlePackagesAnswer => {
      const { family, question } = bundlePackages(
        'rpm',
        repository.packages.map(({ name }) => name),
      );
      const asking = family as unknown as Parameters<DnfHost['ask']>[0];
      return host.ask(asking, [question])[0] as BundlePackagesAnswer;
    };
    const bring = async ({ pieces = [], script }: RunStep) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of piecesTar(pieces, (sha256) => store.open(sha256))) chunks.push(chunk);
      const tar = join(directory, 'pieces.tar');
      await writeFile(tar, Buffer.concat(chunks));
      return host.run(`exec <${tar}\n${script}`);
    };
    /** As steps are run: in a shell of their own. */
    const bundled = (script: string) => host.run(lines(OUT_OF_BUNDLE, command('sh', '-ec', script)));

    it('are those that a bare release lacks, at the versions wanted', async () => {
      repository = await closure();
      expect(repository.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
        'filer 1.0-1',
        'kubelet 1.34.9-1',
        'kubernetes-cni 1.7.1-1',
        'lib 1:2.0-1',
        'python3-dnf-plugin-with-a-very-long-name-so-that-its-row-goes-on-versionlock 4.3-1',
      ]);
      expect(repository.wanted).toEqual(['kubelet 1.34.9', 'dnf-command(versionlock)']);
      const [, kubelet] = repository.packages;
      expect(kubelet?.file).toBe(`kubelet-1.34.9-1.${MACHINE}.rpm`);
      expect(kubelet?.control).toContain(`<checksum type="sha256" pkgid="YES">${kubelet?.sha256}<`);
      expect(kubelet?.control).not.toMatch(/<location|<description>|<time file="[1-9]/);
      // The same the next time, with what was fetched.
      expect(await closure()).toEqual(repository);
    });

    it('come from where the operator says, checked by a key of his', async () => {
      await expect(closure('')).rejects.toThrow('nobody says where packages for rocky 9 come from');
      await expect(closure(release().replace('gpgkey', 'gpgcheck=0\n#'))).rejects.toThrow(
        'the repository base in the sources for rocky 9 is not checked by any key',
      );
      for (const path of await readdir(join(directory, 'dnf')))
        await rm(join(directory, 'dnf', path), { recursive: true });
      // Keys that have signed none of them.
      await expect(closure(release(), host.key)).rejects.toThrow(
        /dnf could not put .*together.*(?:GPG|key)/is,
      );
    });

    it('lie on a host that reaches nothing else, and are installed and held there', async () => {
      expect(found()).toEqual({ id: null, pool: [], index: null, installed: {} });
      const first = outcome(found());
      expect(first).toMatchObject({ answer: 'change' });
      const [step] = (first.answer === 'change' ? first.steps : []) as readonly RunStep[];
      expect(await bring(step!)).toMatchObject({ status: 0 });
      expect(outcome(found()).answer).toBe('none');
      await host.write('/etc/yum.repos.d/gone.repo', '[gone]\nname=gone\nbaseurl=http://127.0.0.1:9/\n');
      const index = redhat.refreshIndex([{ name: 'kubelet', version: '1.34.9' }]) as RunStep;
      expect(bundled(scriptOf(index))).toMatchObject({ status: 0 });
      const install = redhat.install([{ name: 'kubelet', version: '1.34.9-1' }], {
        others: [],
        isHeld: true,
        isDowngrade: false,
      }) as RunStep;
      expect(bundled(scriptOf(install))).toMatchObject({ status: 0 });
      expect(host.run('rpm -q kubelet lib filer; cat /etc/dnf/plugins/versionlock.list').stdout).toMatch(
        /kubelet-1\.34\.9-1\.\S+\nlib-2\.0-1\.\S+\nfiler-1\.0-1\.\S+\n[^]*kubelet-0:1\.34\.9-1\./,
      );
      expect(outcome(found()).answer).toBe('none');
      // Its own repositories are as they were, and it knows no others where slipway does not work.
      expect(host.run('dnf -q repolist').stdout).not.toContain('slipway-bundle');
      const known = bundled(lines(ENVIRONMENT, sh`dnf -q repolist`)).stdout;
      expect(known).toContain('slipway-bundle');
      expect(known).not.toContain('gone');
    });

    it('are not brought where they are installed, and refused where they are altered', async () => {
      host.run('rm -r /var/lib/slipway; rpm -e --nodeps kubelet');
      const outcomeNow = outcome(found());
      const [step] = (outcomeNow.answer === 'change' ? outcomeNow.steps : []) as readonly RunStep[];
      const brought = (step?.pieces ?? []).filter(({ path }) => path.endsWith('.rpm'));
      const names = brought.flatMap(({ path }) =>
        repository.packages.filter(({ sha256 }) => path.includes(sha256)).map(({ name }) => name),
      );
      expect(names).toEqual(['kubelet', expect.stringContaining('versionlock')]);
      const altered = step!.pieces!.map((piece) =>
        piece.path === 'digests' ? { ...piece, text: `${'0'.repeat(64)}  ${brought[0]!.path}\n` } : piece,
      );
      const { status, stderr } = await bring({ ...step!, pieces: altered });
      expect(status).not.toBe(0);
      expect(stderr).toContain('did NOT match');
      expect(found()).toMatchObject({ id: null, pool: [] });
    });
  },
);
