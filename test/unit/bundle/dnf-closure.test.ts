import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BlobStore } from '#bundle/blob-store.ts';
import { packageClosure } from '#bundle/closure.ts';
import { listedPackages } from '#bundle/dnf-closure.ts';
import type { RunProgram } from '#bundle/programs.ts';
import { redhat } from '#distributions/redhat/redhat.ts';

const ran = (code: number | null, stdout = '') => ({ code, stdout, stderr: '' });
const withoutDnf: RunProgram = async ([program]) => ran(program === 'rpm' ? 0 : null);

// What dnf itself does is tried in test/lab/dnf-bundle.test.ts.
describe('packages that dnf puts together', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-dnf-closure-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const closure = (run: RunProgram, sources: ReadonlyMap<string, string> = new Map()) =>
    packageClosure(
      {
        release: 'rocky 9',
        family: redhat,
        packages: [{ name: 'kubelet', version: '1.35.8' }],
        repositories: [],
        hosts: ['w1'],
      },
      'amd64',
      {
        run,
        store: new BlobStore(join(directory, 'blobs')),
        directory,
        keys: new Map(),
        sources,
        during: (_, work) => work(),
      },
    );
  it('want dnf, rpm and createrepo_c, and a machine without them is told so', async () => {
    await expect(closure(withoutDnf)).rejects.toMatchObject({
      message: 'packages for rocky 9 cannot be put into a bundle here: there is no dnf and no createrepo_c',
      hint: expect.stringContaining('apt-get install dnf createrepo-c rpm') as string,
      exitCode: 3,
    });
  });

  const REPOSITORY = '[baseos]\nname=baseos\nbaseurl=https://mirror.lan/rocky\n';
  it.each([
    ['has no key', REPOSITORY],
    ['is not to be compared with it', `${REPOSITORY}gpgkey=file:///key\ngpgcheck = 0\n`],
  ])('come from no repository that %s', async (_, text) => {
    await expect(closure(async () => ran(0), new Map([['rocky 9', text]]))).rejects.toThrow(
      'the repository baseos in the sources for rocky 9 is not checked by any key',
    );
  });

  it.each([
    ['one that is off', `${REPOSITORY}gpgcheck=0\nenabled=0\n`],
    ['one whose index is signed', `${REPOSITORY}gpgcheck=0\nrepo_gpgcheck=1\ngpgkey=file:///key\n`],
  ])('may come beside %s', async (_, text) => {
    const asked: string[] = [];
    const run: RunProgram = async (argv) => {
      asked.push(argv.join(' '));
      return argv.includes('install') ? ran(1) : ran(0, argv[0] === 'id' ? '1000' : '');
    };
    await expect(closure(run, new Map([['rocky 9', text]]))).rejects.toThrow('dnf could not put');
    // Who is not root is so in directories of his own.
    expect(asked.at(-1)).toMatch(
      /^unshare --map-root-user -- env LC_ALL=C dnf -y .*--releasever=9 --forcearch=x86_64 install .* kubelet-1\.35\.8$/,
    );
  });

  it('are read out of the table of dnf 4, with rows that go on', () => {
    expect(
      listedPackages(`Dependencies resolved.
================================================================================
 Package                            Arch   Version              Repository  Size
================================================================================
Installing:
 kubelet                            x86_64 1.35.8-150500.1.1    kubernetes  13 M
Installing dependencies:
 a-package-with-a-name-that-is-too-long-for-its-column
                                    noarch 2:5.0-1.el9          appstream  7.7 k

Transaction Summary
================================================================================
Install  2 Packages

Total download size: 13 M
 not a row of the table
`),
    ).toEqual([
      { name: 'kubelet', architecture: 'x86_64', version: '1.35.8-150500.1.1' },
      {
        name: 'a-package-with-a-name-that-is-too-long-for-its-column',
        architecture: 'noarch',
        version: '2:5.0-1.el9',
      },
    ]);
  });

  it('are read out of the table of dnf 5, which writes each epoch', () => {
    expect(
      listedPackages(`Package       Arch   Version             Repository     Size
Installing:
 kubelet      x86_64 0:1.35.8-150500.1.1 kubernetes 77.5 MiB

Transaction Summary:
 Installing:       1 package
`),
    ).toEqual([{ name: 'kubelet', architecture: 'x86_64', version: '1.35.8-150500.1.1' }]);
  });
});
