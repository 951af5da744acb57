import { describe, expect, it } from 'vitest';

import { debian } from '../../../src/distributions/debian/debian.ts';
import { distributionFamilyOf, isSupported } from '../../../src/distributions/supported.ts';
import { os } from '../../../src/facts/os.ts';
import { runStep } from '../resources/run-step.ts';

const bare = os().family.bare(null as never);

const kubelet = [{ name: 'kubelet', version: '1.34.9-1.1' }];

describe('the Debian family', () => {
  it.each([
    ['debian', '12', [], true, true],
    ['debian', '13', [], true, true],
    ['ubuntu', '22.04', ['debian'], true, true],
    ['ubuntu', '24.04', ['debian'], true, true],
    ['ubuntu', '20.04', ['debian'], true, false],
    ['linuxmint', '22', ['ubuntu', 'debian'], true, false],
    ['alpine', '3.22.1', [], false, false],
  ])('%s %s', (id, versionId, idLike, isOfFamily, isOneTested) => {
    const found = { ...bare, id, versionId, idLike };
    expect(distributionFamilyOf(found) !== undefined).toBe(isOfFamily);
    expect(isSupported(found)).toBe(isOneTested);
  });

  it('keeps the key in its armour, beside a source that names it', () => {
    const url = 'https://pkgs.k8s.io/core:/stable:/v1.34';
    expect(filesOf('kubernetes', { url })).toEqual([
      { path: '/etc/apt/keyrings/kubernetes-apt-keyring.asc', content: 'KEY' },
      {
        path: '/etc/apt/sources.list.d/kubernetes.list',
        content:
          'deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.asc] https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /\n',
      },
    ]);
  });

  it("has a suite for each release where the repository is laid out like Docker's", () => {
    const [, list] = filesOf('docker', { url: 'https://download.docker.com/linux', layout: 'docker' });
    expect(list?.content).toBe(
      'deb [signed-by=/etc/apt/keyrings/docker-apt-keyring.asc] https://download.docker.com/linux/ubuntu noble stable\n',
    );
  });
});

function filesOf(name: string, source: { readonly url: string; readonly layout?: 'docker' }) {
  const whole = { keyUrl: '', fingerprint: '', key: 'KEY', ...source };
  const noble = { ...bare, id: 'ubuntu', codename: 'noble' };
  return debian.repositoryFiles(name).map(({ path, content }) => ({ path, content: content(whole, noble) }));
}

/** What apt says to a hook of version 3 before it has dpkg do something: a package, and its dependency. */
const doing = [
  'VERSION 3',
  'Dir=/',
  'quiet=1',
  '',
  'kubelet 1.34.8-1.1 amd64 none < 1.34.9-1.1 amd64 none /var/cache/apt/archives/kubelet_1.34.9-1.1_amd64.deb',
  'conntrack - - none < 1:1.4.7-1 amd64 none /var/cache/apt/archives/conntrack_1.4.7-1_amd64.deb',
  'kubelet 1.34.8-1.1 amd64 none < 1.34.9-1.1 amd64 none **CONFIGURE**',
];

/** A stand-in for apt-get that asks its hooks before it does something, as the real one does, and then does this. */
const apt = (then: string, lines: readonly string[] = doing): string =>
  `for word; do case $word in DPkg::Pre-Install-Pkgs::=*) hook=\${word#*=};; esac; done
[ -z "$hook" ] || printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | sh -c "$hook" || { echo 'E: Failure running script' >&2; exit 100; }
${then}`;

describe('installing', () => {
  const quiet = { 'apt-mark': '', dpkg: 'echo amd64', ls: '' };

  it('looks at what apt is about to do, installs, and holds what installing has released', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { code, calls } = runStep(step, {
      ...quiet,
      'apt-get': apt('[ "$DEBIAN_FRONTEND" = noninteractive ]'),
    });
    expect(code).toBe(0);
    expect(calls.filter((call) => !/^(ls|dpkg) /.test(call))).toEqual([
      expect.stringMatching(
        /^apt-get install -y -q --no-remove .*--allow-change-held-packages.* kubelet=1\.34\.9-1\.1$/,
      ),
      'apt-mark hold kubelet',
    ]);
    expect(calls.join('\n')).not.toContain('--allow-downgrades');
  });

  it('allows a downgrade only when there is one, and holds nothing that is not to be held', () => {
    const step = debian.install(kubelet, { isHeld: false, isDowngrade: true, others: [] });
    const { calls } = runStep(step, { ...quiet, 'apt-get': apt(':') });
    expect(calls.every((call) => !call.startsWith('apt-get') || call.includes('--allow-downgrades'))).toBe(
      true,
    );
    expect(calls).not.toContain('apt-mark hold kubelet');
  });

  it('fetches an index that has aged, once', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { code, calls } = runStep(step, {
      ...quiet,
      'apt-get': apt('case $1 in update) touch "$STATE";; *) [ -e "$STATE" ] || exit 100;; esac'),
    });
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith('apt-get update'))).toHaveLength(1);
    expect(calls.filter((call) => call.includes('--no-remove'))).toHaveLength(2);
    expect(calls.at(-1)).toBe('apt-mark hold kubelet');
  });

  it('fails with what apt said where all was downloaded', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { code, calls } = runStep(step, {
      ...quiet,
      'apt-get': apt('case $* in *--no-remove*) exit 77;; esac'),
    });
    expect(code).toBe(77);
    expect(calls.join('\n')).not.toMatch(/apt-get update|apt-mark/);
  });

  it.each([
    [
      'changes a package',
      ['libc6 2.36-9 amd64 same > 2.41-1 amd64 same /x/libc6.deb'],
      'change libc6 [2.36-9] to 2.41-1',
    ],
    [
      'changes one of another architecture',
      ['libseccomp2 2.5.4-1 i386 same < 2.5.5-1 i386 same /x/libseccomp2.deb'],
      'change libseccomp2:i386 [2.5.4-1] to 2.5.5-1',
    ],
    ['removes one', ['docker-ce 5:28.1 amd64 none > - - none **REMOVE**'], 'remove docker-ce [5:28.1]'],
  ])('stops before anything is done where apt also %s that no plan has shown', (_, more, told) => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: ['libseccomp2'] });
    const seen = 'libseccomp2 2.5.4-1 amd64 same < 2.5.5-1 amd64 same /x/libseccomp2.deb';
    const { code, stderr } = runStep(step, {
      ...quiet,
      'apt-get': apt('case $* in *--no-remove*) exit 0;; esac', [...doing, seen, ...more]),
    });
    expect(code).toBe(100);
    expect(stderr).toContain(`for apt would also do what no plan has shown:\n${told}\nE: Failure running`);
  });

  it('stops before anything is done where apt has other words for it', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { code, stderr } = runStep(step, { ...quiet, 'apt-get': apt('', ['VERSION 4', '', 'kubelet']) });
    expect(code).toBe(100);
    expect(stderr).toContain('unclear, by its words: VERSION 4');
  });

  it('says what would have to go where apt only says that something would', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const sum = '0 upgraded, 1 newly installed, 1 to remove and 0 not upgraded.';
    const { code, stderr, calls } = runStep(step, {
      ...quiet,
      'apt-get': `case $* in
*--print-uris*) printf 'The following packages will be REMOVED:\\n   docker-ce (5:28.1)\\n${sum}\\n';;
*--no-remove*) echo 'E: Packages need to be removed but remove is disabled.' >&2; exit 100;;
esac`,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('for apt would also do what no plan has shown:\nremove docker-ce [5:28.1]\n');
    expect(calls.join('\n')).not.toContain('--download-only');
  });

  it('leaves it to apt to say why it cannot', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { code, stderr } = runStep(step, {
      ...quiet,
      'apt-get': 'echo "E: Broken packages" >&2; exit 100',
    });
    expect(code).toBe(100);
    expect(stderr).toContain('E: Broken packages');
  });

  it('mends an interrupted dpkg first', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { calls } = runStep(step, { ...quiet, ls: 'echo 0001', 'apt-get': '' });
    expect(calls[1]).toBe('dpkg --force-confold --configure -a');
  });

  it('stops where apt fails', () => {
    const step = debian.install(kubelet, { isHeld: true, isDowngrade: false, others: [] });
    const { code, calls } = runStep(step, { ...quiet, 'apt-get': apt('exit 100') });
    expect(code).toBe(100);
    expect(calls.join('\n')).not.toContain('apt-mark');
  });
});

describe('fetching the index', () => {
  // The mark of the last time is none of this machine's business.
  const never = { find: '', touch: '', mv: '' };
  const lately = { ...never, find: 'echo /run/slipway-package-index' };
  const madison = `printf '   kubelet | 1.34.90-1.1 | http://x  Packages\\n   kubelet | 1.34.9-1.1 | http://x  Packages\\n'`;

  it.each(['1.34.9', '1.34.90', null])('is done when it offers kubelet %s', (version) => {
    const step = debian.refreshIndex([{ name: 'kubelet', version }]);
    expect(runStep(step, { ...never, 'apt-get': '', 'apt-cache': madison }).code).toBe(0);
  });

  it.each(['1.34.8', '1.34'])(
    'fails, and says what there is, when it does not offer kubelet %s',
    (version) => {
      const step = debian.refreshIndex([{ name: 'kubelet', version }]);
      expect(runStep(step, { ...never, 'apt-get': '', 'apt-cache': madison })).toMatchObject({
        code: 1,
        stderr: `no package repository offers kubelet ${version}; these versions are there: 1.34.90-1.1 1.34.9-1.1\n`,
      });
    },
  );

  const two = [
    { name: 'kubelet', version: '1.34.9' },
    { name: 'kubeadm', version: '1.34.9' },
  ];

  it('asks apt of all packages at once', () => {
    const both = `${madison}; printf '   kubeadm | 1.34.9-1.1 | http://x  Packages\\n'`;
    const { code, calls } = runStep(debian.refreshIndex(two), { ...never, 'apt-get': '', 'apt-cache': both });
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith('apt-cache'))).toEqual([
      'apt-cache madison -- kubelet kubeadm',
    ]);
  });

  it.each([
    ['says nothing of it', madison],
    ['says so of it, and fails', `${madison}; echo "N: Unable to locate package kubeadm" >&2; exit 100`],
    // A source package that a package is built from has a row as well.
    ['knows its source alone', `${madison}; printf ' kubernetes | 1.34.9-1.1 | http://x  Sources\\n'`],
  ])('fails for a package that no repository has, where apt %s', (_, asked) => {
    const { code, stderr } = runStep(debian.refreshIndex(two), {
      ...never,
      'apt-get': '',
      'apt-cache': asked,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('no package repository offers kubeadm 1.34.9; these versions are there:\n');
    expect(stderr).not.toContain('offers kubelet');
  });

  it.each([
    ['is done though another repository is gone', '1.34.9', { code: 0 }],
    [
      'fails with the words of apt where what is wanted is not on offer',
      '1.34.8',
      { code: 100, stderr: 'E: 404\n' },
    ],
  ])('%s', (_, version, outcome) => {
    const step = debian.refreshIndex([{ name: 'kubelet', version }]);
    const gone = 'echo "E: 404" >&2; exit 100';
    for (const mark of [never, lately]) {
      expect(runStep(step, { ...mark, 'apt-get': gone, 'apt-cache': madison })).toMatchObject(outcome);
    }
  });

  it('is not needed where it was fetched lately and offers what is wanted', () => {
    const step = debian.refreshIndex([{ name: 'kubelet', version: '1.34.9' }]);
    const { code, calls } = runStep(step, { ...lately, 'apt-get': '', 'apt-cache': madison });
    expect(code).toBe(0);
    expect(calls.join('\n')).not.toContain('apt-get update');
  });

  it('is done in whole where one that was fetched lately does not offer what is wanted', () => {
    const step = debian.refreshIndex([{ name: 'kubelet', version: '1.34.8' }]);
    const { code, calls } = runStep(step, { ...lately, 'apt-get': '', 'apt-cache': madison });
    expect(code).toBe(1);
    expect(calls).toContain('apt-get update -q -o APT::Update::Error-Mode=any');
  });

  it.each([
    ['E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1656 (python3)', true],
    [
      'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
      true,
    ],
    ['dpkg: error: dpkg frontend lock was locked by another process with pid 1334', true],
    [
      'E: Failed to fetch http://x/InRelease  Could not connect to x:80 (10.0.0.1). - connect (111: Connection refused)',
      true,
    ],
    ['E: Failed to fetch http://x/a.deb  503  Service Unavailable', true],
    ["E: The repository 'http://x Release' does not have a Release file.", false],
    ['E: Failed to fetch http://x/a.deb  404  Not Found', false],
    ['W: GPG error: NO_PUBKEY D19754B1F4EF7FDA', false],
  ])('%s is tried again: %s', (message, isPassing) => {
    const { retry } = debian.refreshIndex([]);
    const rules = [retry ?? []].flat();
    expect(rules.some(({ when }) => new RegExp(when).test(message))).toBe(isPassing);
  });
});
