import { describe, expect, it } from 'vitest';

import { dockerRepository, kubernetesRepository } from '#catalog/repositories.ts';
import { NVIDIA_REPOSITORY } from '#catalog/nvidia.ts';
import type { PackageRepository } from '#core/package-repository.ts';
import type { InstallEffectsAnswer } from '#distributions/distribution-family.ts';
import { redhat } from '#distributions/redhat/redhat.ts';
import { distributionFamilyOf, isSupported } from '#distributions/supported.ts';
import { os } from '#facts/os.ts';

import { supportedOs } from '../../../src/checks/preflight/machine.ts';
import { runStep } from '../resources/run-step.ts';

const bare = os().family.bare(null as never);

const entryOf = (name: string, source: PackageRepository, release: { id: string; versionId: string }) => {
  const [, entry] = redhat.repositoryFiles(name);
  return entry?.content({ ...source, key: 'KEY' }, { codename: '', ...release });
};
const ROCKY = { id: 'rocky', versionId: '9.6' };

describe('the Red Hat family', () => {
  it.each([
    ['rocky', '9.6', ['rhel', 'centos', 'fedora'], true],
    ['almalinux', '10.0', ['rhel', 'centos', 'fedora'], true],
    ['rhel', '9.4', ['fedora'], true],
    ['centos', '10', ['rhel', 'fedora'], true],
    ['ol', '9.6', ['fedora'], true],
    ['fedora', '44', [], true],
    ['amzn', '2023', ['fedora'], true],
    ['openEuler', '24.03', [], true],
    ['rocky', '8.10', ['rhel', 'centos', 'fedora'], false],
    ['rocky', '90', ['rhel'], false],
    ['eurolinux', '9.6', ['rhel', 'fedora', 'centos'], false],
  ])('%s %s', (id, versionId, idLike, isOneNamed) => {
    const found = { ...bare, id, versionId, idLike };
    expect(distributionFamilyOf(found)).toBe(redhat);
    expect(isSupported(found)).toBe(isOneNamed);
  });

  it.each([
    ['rocky', '8.10', 'Rocky Linux 8.10', 'its kernel 4.18 starts with cgroup v1'],
    ['centos', '7', 'CentOS Linux 7', 'its kernel 3.10'],
    ['amzn', '2', 'Amazon Linux 2', 'it has yum and no dnf'],
  ])('refuses %s %s with the reason', (id, versionId, prettyName, reason) => {
    const found = { ...bare, id, versionId, idLike: ['rhel'], prettyName };
    expect(supportedOs({}).diff({ os: found } as never, { host: 'w1', changed: [] })).toMatchObject({
      answer: 'refused',
      check: 'OS',
      why: expect.stringContaining(`${prettyName} is too old: ${reason}`),
      hint: expect.stringContaining('rocky 9'),
    });
  });

  it('is refused where the inventory says that it is another', () => {
    const found = { ...bare, id: 'rocky', versionId: '9.6', prettyName: 'Rocky Linux 9.6' };
    const said = (release: string) =>
      supportedOs({ os: { release, fresh: {} } }).diff({ os: found } as never, { host: 'w1', changed: [] });
    expect(said('rocky 9')).toEqual({ answer: 'none', why: 'Rocky Linux 9.6' });
    expect(said('rocky 10')).toMatchObject({
      answer: 'refused',
      check: 'OS',
      why: 'it runs Rocky Linux 9.6, and the inventory says rocky 10',
    });
  });

  it('has its key in a file, and an entry that names it and hides no package', () => {
    const [key] = redhat.repositoryFiles('kubernetes');
    expect(key?.path).toBe('/etc/pki/rpm-gpg/RPM-GPG-KEY-kubernetes');
    expect(entryOf('kubernetes', kubernetesRepository('1.36'), ROCKY)).toBe(`# Written by slipway.
[kubernetes]
name=kubernetes
baseurl=https://pkgs.k8s.io/core:/stable:/v1.36/rpm/
enabled=1
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-kubernetes
`);
  });

  it("has NVIDIA's index checked, whose packages are not signed", () => {
    const entry = entryOf('nvidia-container-toolkit', NVIDIA_REPOSITORY, ROCKY);
    expect(entry).toContain('baseurl=https://nvidia.github.io/libnvidia-container/stable/rpm/$basearch\n');
    expect(entry).toContain('\nrepo_gpgcheck=1\ngpgcheck=0\n');
  });

  it.each([
    ['rocky', '9.6', 'centos/9'],
    ['almalinux', '10.0', 'centos/10'],
    ['centos', '10', 'centos/10'],
    ['rhel', '9.4', 'rhel/9'],
    ['fedora', '44', 'fedora/44'],
    ['amzn', '2023', 'centos/9'],
    ['openEuler', '24.03', 'centos/9'],
  ])("takes Docker's packages on %s %s from %s", (id, versionId, place) => {
    expect(entryOf('docker', dockerRepository(), { id, versionId })).toContain(
      `baseurl=https://download.docker.com/linux/${place}/$basearch/stable\n`,
    );
  });

  it('knows its own entry by its first lines, and that of others not', () => {
    const [, entry] = redhat.repositoryFiles('kubernetes');
    expect(entry?.isOwn(entryOf('kubernetes', kubernetesRepository('1.35'), ROCKY) ?? '')).toBe(true);
    expect(entry?.isOwn('[kubernetes]\nname=Kubernetes\n')).toBe(false);
  });

  it.each(['kernel-modules-extra-5.14.0-570.el9.x86_64', 'NetworkManager', 'gtk+', 'libnvidia_x1'])(
    'has packages with names like %s',
    (name) => expect(redhat.isPackageName(name)).toBe(true),
  );

  it.each(['-x', 'a b', 'a;b', '@core', ''])('has none by the name %j', (name) =>
    expect(redhat.isPackageName(name)).toBe(false),
  );

  it('keeps the proxy for dnf as slipway runs it, with what is reached without', () => {
    const proxy = {
      http: 'http://p:3128',
      https: "http://it's:3128",
      noProxy: ['.example.com', '10.0.0.0/8'],
    };
    expect(redhat.proxyFile.content(proxy as never, ['mirror', '.example.com'])).toBe(
      [
        '# Written by slipway: the proxy of the inventory, for dnf where slipway runs it.',
        'export http_proxy=http://p:3128',
        `export https_proxy='http://it'\\''s:3128'`,
        'export no_proxy=.example.com,10.0.0.0/8,mirror',
        '',
      ].join('\n'),
    );
  });
});

describe('packages of the Red Hat family', () => {
  const questions = [
    { name: 'kubelet', version: '1.34.9' },
    { name: 'kernel', version: null },
  ];
  const parse = (output: string) => redhat.packageFacts.parse(output, questions);

  it('are locked by an entry of dnf 4, or of dnf 5', () => {
    for (const lock of ['entry kubelet-0:1.34.9-150500.1.1.*', 'lock kubelet']) {
      expect(parse(`have kubelet 1.34.9-150500.1.1\n${lock}\nindex\n`)[0]).toEqual({
        installed: '1.34.9-150500.1.1',
        isHeld: true,
        offered: null,
      });
    }
    expect(parse('have kubelet 1.34.9-1\nentry kubelet-extra-0:1.34.9-1.*\nindex\n')[0]?.isHeld).toBe(false);
  });

  it('may be there several times, as kernels are', () => {
    expect(parse('have kernel 5.14.0-1\nhave kernel 5.14.0-2\nindex\n')[1]?.installed).toBe('5.14.0-2');
  });

  it('are offered newest first, with what keeps dnf from answering', () => {
    const [kubelet] = parse(
      'package kubelet is not installed\nindex\nproblem There are no enabled repositories\noffer kubelet 1.34.9-1\noffer kubelet 0:1.34.10-1\n',
    );
    expect(kubelet).toEqual({
      installed: null,
      isHeld: false,
      offered: ['1.34.10-1', '1.34.9-1'],
      problem: 'There are no enabled repositories',
    });
  });

  it('are not known where the answer is cut off', () => {
    expect(() => parse('have kubelet 1.34.9-1\n')).toThrow('cut off');
  });
});

/** What dnf is about to do, as it says it, turned into what slipway says of it. */
function effectsOf(said: string): InstallEffectsAnswer | undefined {
  const question = { packages: [{ name: 'containerd.io', version: null }] };
  const script = redhat.installEffects.script([question]);
  const { stdout } = runStep(
    { do: 'run', summary: '', script: `set +e\n${script}` as never },
    {
      rpm: 'case "$*" in *have*) exit 1;; esac; echo 1.0-1',
      uname: 'echo x86_64',
      dnf: `case "$*" in *repoquery*) echo 'offer containerd.io 2.2.0-1';; *) cat <<'SAID'\n${said}\nSAID\n;; esac`,
    },
  );
  return redhat.installEffects.parse(stdout, [question])[0];
}

describe('the table of a transaction', () => {
  it('of dnf 4, whose long names have a line of their own', () => {
    expect(
      effectsOf(`Dependencies resolved.
================================================================================
 Package            Arch        Version                   Repository       Size
================================================================================
Installing:
 containerd.io      x86_64      2.2.0-1.el9               docker           6.3 k
     replacing  runc.x86_64 1.1-1.el9
Upgrading:
 a-package-with-a-name-that-is-longer-than-its-column
                    noarch      2.0-1.el9                 base             6.1 k
Downgrading:
 lib                noarch      0.9-1.el9                 base             6.1 k
Removing dependent packages:
 podman             x86_64      2:5.0-1.el9               @base             6  

Transaction Summary
================================================================================
Install  1 Package
Operation aborted.`),
    ).toEqual({
      state: 'known',
      removed: [
        { name: 'runc', version: '1.1-1.el9' },
        { name: 'podman', version: '2:5.0-1.el9' },
      ],
      changed: [
        { name: 'a-package-with-a-name-that-is-longer-than-its-column', from: '1.0-1', to: '2.0-1.el9' },
        { name: 'lib', from: '1.0-1', to: '0.9-1.el9' },
      ],
    });
  });

  /** @see https://github.com/rpm-software-management/dnf5/issues/785 */
  it('of dnf 5, which names what is replaced below each', () => {
    expect(
      effectsOf(`Updating and loading repositories:
Repositories loaded.
Package                Arch   Version      Repository      Size
Installing:                                                    
 containerd.io         x86_64 2.2.0-1.fc44 docker      30.0 MiB
   replacing runc      x86_64 1.3.0-1.fc44 fedora      10.0 MiB
Upgrading:                                                     
 lib                   noarch 2.0-1.fc44   updates      1.9 KiB
   replacing lib       noarch 1.0-1.fc44   fedora       1.9 KiB

Transaction Summary:
 Installing:         1 package
 Upgrading:          1 package
Operation aborted by the user.`),
    ).toEqual({
      state: 'known',
      removed: [{ name: 'runc', version: '1.3.0-1.fc44' }],
      changed: [{ name: 'lib', from: '1.0-1', to: '2.0-1.fc44' }],
    });
  });

  it('is none where dnf can do nothing, and says why', () => {
    expect(
      effectsOf(`Error: 
 Problem: problem with installed package podman-2:5.0-1.el9.x86_64
  - package containerd.io-2.2.0-1.el9.x86_64 conflicts with podman provided by podman-2:5.0-1.el9.x86_64
(try to add '--allowerasing' to command line to replace conflicting packages)`),
    ).toMatchObject({
      state: 'impossible',
      why: 'Problem: problem with installed package podman-2:5.0-1.el9.x86_64; package containerd.io-2.2.0-1.el9.x86_64 conflicts with podman provided by podman-2:5.0-1.el9.x86_64',
    });
  });
});

describe('faults of dnf', () => {
  it.each([
    [
      "error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Resource temporarily unavailable)",
      true,
    ],
    ['Curl error (7): Could not connect to server for https://x/repomd.xml [Failed to connect]', true],
    ['Status code: 503 for https://x/repodata/repomd.xml (IP: 10.0.0.1)', true],
    ['Status code: 404 for https://x/repodata/repomd.xml (IP: 10.0.0.1)', false],
    ['Error: Unable to find a match: kubelet-1.34.9', false],
    ['Error: GPG check FAILED', false],
  ])('%s is tried again: %s', (message, isPassing) => {
    const rules = [redhat.refreshIndex([]).retry ?? []].flat();
    expect(rules.some(({ when }) => new RegExp(when).test(message))).toBe(isPassing);
  });
});

describe('installing with dnf', () => {
  it('brings versionlock first where dnf 4 has none, and nothing that is only recommended', () => {
    const step = redhat.hold(['kubelet']);
    const { code, calls } = runStep(step, { dnf: '', readlink: 'echo /usr/bin/dnf-3', grep: '' });
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith('dnf'))).toEqual([
      'dnf -y -q --setopt=install_weak_deps=0 install dnf-command(versionlock)',
      expect.stringMatching(/^dnf -q -C .* versionlock add kubelet$/),
    ]);
  });

  it('has it built in with dnf 5', () => {
    const step = redhat.hold(['kubelet']);
    const { code, calls } = runStep(step, { dnf: '', readlink: 'echo /usr/bin/dnf5' });
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith('dnf'))).toEqual([
      expect.stringMatching(/^dnf -q -C .* versionlock delete kubelet$/),
      expect.stringMatching(/^dnf -q -C .* versionlock add kubelet$/),
    ]);
  });

  it('locks again what it has unlocked, where nothing comes of it', () => {
    const step = redhat.install([{ name: 'kubelet', version: '1.34.9-1' }], {
      isHeld: true,
      isDowngrade: false,
      others: [],
    });
    const { code, calls } = runStep(step, {
      readlink: 'echo /usr/bin/dnf5',
      sed: 'echo lock kubelet',
      grep: 'echo kubelet',
      dnf: 'case "$*" in *versionlock*) ;; *" install "*) exit 1;; esac',
    });
    expect(code).toBe(1);
    expect(calls.findLast((call) => call.startsWith('dnf'))).toMatch(/versionlock add kubelet$/);
  });
});
