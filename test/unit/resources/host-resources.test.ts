import { describe, expect, it } from 'vitest';

import type { Outcome, Resource } from '../../../src/core/resource.ts';
import { os } from '../../../src/facts/os.ts';
import { check } from '../../../src/checks/preflight/check.ts';
import { file } from '../../../src/resources/files/file.ts';
import { freePorts } from '../../../src/checks/preflight/free-ports.ts';
import { kernelModule } from '../../../src/resources/host/kernel-module.ts';
import { gpuDriver } from '../../../src/resources/nvidia/gpu-driver.ts';
import { packages } from '../../../src/resources/packages/packages.ts';
import { repository } from '../../../src/resources/packages/repository.ts';
import { withoutSwap } from '../../../src/resources/host/swap.ts';
import { sysctl } from '../../../src/resources/host/sysctl.ts';
import { uniqueIdentity } from '../../../src/checks/preflight/unique-identity.ts';
import type { Cluster } from '../../../src/core/cluster.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';

const bare = os().family.bare(null as never);

const diff = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'w1', changed: [] });

const absent = missingFile;
const found = fileAnswer('a\n');

const nothingThere = (resource: Resource): object =>
  Object.fromEntries(Object.keys(resource.facts).map((name) => [name, name === 'os' ? bare : absent]));

const failing = check({
  name: 'NumCPU',
  facts: {},
  judge: () => ({ why: 'it has 1 CPU', hint: 'give it more' }),
});

describe('file', () => {
  const wanted = file({ path: '/etc/x', content: 'b\n', mode: 0o600 });

  it.each([
    ['absent', absent, [{ what: 'content', from: null, to: 'b\n' }]],
    [
      'another',
      found,
      [
        { what: 'content', from: 'a\n', to: 'b\n' },
        { what: 'mode', from: '0644', to: '0600' },
      ],
    ],
    [
      'of another owner',
      { ...found, content: 'b\n', mode: '0600', owner: 'u:g' },
      [{ what: 'owner', from: 'u:g', to: 'root:root' }],
    ],
    ['a link', { ...absent, type: 'link', target: '/y' }, [{ what: 'type', from: 'link to /y', to: 'file' }]],
    [
      'not text',
      { ...found, content: null, mode: '0600' },
      [{ what: 'content', from: '(not text, or over 256 KiB)', to: 'b\n' }],
    ],
  ])('that is %s is written', (state, answer, differences) => {
    expect(diff(wanted, { found: answer })).toMatchObject({
      answer: 'change',
      differences,
      steps: [
        ...(['another', 'a link', 'not text'].includes(state)
          ? [{ do: 'run', summary: 'keep a copy of /etc/x' }]
          : []),
        { do: 'write', path: '/etc/x', content: 'b\n', mode: 0o600, owner: 'root:root' },
      ],
    });
  });

  it('that is a directory is refused', () => {
    expect(diff(wanted, { found: { ...absent, type: 'directory' } })).toMatchObject({
      answer: 'refused',
      check: 'FileType',
    });
  });
});

describe('sysctl', () => {
  const forward = sysctl({ key: 'net.ipv4.ip_forward', value: '1' });

  it('takes a file of anyone that keeps it', () => {
    const files = [{ path: '/etc/sysctl.d/99-mine.conf', value: '1' }];
    expect(diff(forward, { found: { live: '1', files } }).answer).toBe('none');
    expect(diff(forward, { found: { live: '0', files } })).toMatchObject({
      differences: [{ what: 'live value', from: '0', to: '1' }],
      steps: [{ do: 'run', script: 'sysctl -w net.ipv4.ip_forward=1' }],
    });
  });

  it('names the file that would win', () => {
    const files = [{ path: '/etc/sysctl.d/zz.conf', value: '0' }];
    expect(diff(forward, { found: { live: '1', files } })).toEqual({
      answer: 'refused',
      check: 'SysctlConflict',
      why: '/etc/sysctl.d/zz.conf sets net.ipv4.ip_forward to 0, and is applied after /etc/sysctl.d/k8s-net.ipv4.ip_forward.conf',
      hint: 'remove the line from /etc/sysctl.d/zz.conf, or make it 1',
    });
  });

  it('goes after the file that Debian and Ubuntu link to /etc/sysctl.conf', () => {
    const files = [{ path: '/etc/sysctl.d/99-sysctl.conf', value: '0' }];
    expect(diff(forward, { found: { live: '1', files } })).toMatchObject({
      differences: [{ what: 'after a reboot', from: '0', to: '1' }],
    });
  });
});

describe('kernel module', () => {
  it.each([
    [{ isPresent: true, isBuiltin: true, isAvailable: true, files: [] }, 'none'],
    [{ isPresent: true, isBuiltin: false, isAvailable: true, files: ['/etc/modules-load.d/x.conf'] }, 'none'],
    [{ isPresent: false, isBuiltin: false, isAvailable: true, files: [] }, 'change'],
    [{ isPresent: false, isBuiltin: false, isAvailable: false, files: [] }, 'refused'],
  ])('%o: %s', (answer, outcome) => {
    expect(diff(kernelModule('ip_vs'), { found: answer, os: bare }).answer).toBe(outcome);
  });

  it('that is in a package apart comes with it, of the kernel that runs', () => {
    const rocky = { ...bare, id: 'rocky', kernel: '6.12.0-55.el10.x86_64' };
    const missing = { isPresent: false, isBuiltin: false, isAvailable: false, files: [] };
    expect(diff(kernelModule('br_netfilter'), { found: missing, os: rocky })).toMatchObject({
      differences: [
        { what: 'kernel-modules-extra-6.12.0-55.el10.x86_64', from: null, to: 'installed' },
        { what: 'loaded at boot', from: false, to: true },
        { what: 'loaded', from: false, to: true },
      ],
      steps: [
        { summary: 'install kernel-modules-extra-6.12.0-55.el10.x86_64' },
        { do: 'write' },
        { script: 'modprobe -- br_netfilter' },
      ],
    });
  });

  it.each([
    ['install overlay /bin/false', false, 'so overlay cannot be loaded'],
    ['blacklist overlay', true, 'so overlay would not be loaded at boot'],
  ])('that a file keeps from being loaded is refused by it, loaded or not: %s', (line, isOfBoot, why) => {
    for (const isPresent of [true, false]) {
      const answer = {
        isPresent,
        isBuiltin: false,
        isAvailable: true,
        files: ['/etc/modules-load.d/x.conf'],
      };
      const block = { path: '/etc/modprobe.d/cis.conf', line, isOfBoot };
      expect(diff(kernelModule('overlay'), { found: { ...answer, block }, os: bare })).toMatchObject({
        answer: 'refused',
        check: 'KernelModule',
        why: `/etc/modprobe.d/cis.conf says "${line}", ${why}`,
        hint: 'take that line out of /etc/modprobe.d/cis.conf',
      });
    }
  });
});

describe('/etc/fstab without swap', () => {
  it.each(['\u00a0', '\u2003', '\ufeff', '\f', '\v'])(
    'leaves a mount whose name has a space that is no blank: %j',
    (space) => {
      const mount = `UUID=a /srv/my${space}swap ext4 defaults 0 2\n//nas/x${space}y${space}swap /mnt cifs x 0 0\n`;
      expect(withoutSwap(mount)).toBe(mount);
    },
  );

  it('finds its lines as Windows ends them', () => {
    expect(withoutSwap('/swap none swap\r\n/x y swap sw\r\n')).toBe(
      '# /swap none swap\r\n# /x y swap sw\r\n',
    );
  });

  it('keeps every other byte', () => {
    const before =
      '# swap\nUUID=a none swap sw 0 0\n\t/swap.img\tnone\tswap\tsw\n/dev/swap /mnt ext4 defaults\nproc /proc proc x 0 0';
    const after =
      '# swap\n# UUID=a none swap sw 0 0\n# \t/swap.img\tnone\tswap\tsw\n/dev/swap /mnt ext4 defaults\nproc /proc proc x 0 0';
    expect(withoutSwap(before)).toBe(after);
    expect(withoutSwap(after)).toBe(after);
  });
});

const driverOf = (version: string | null) => gpuDriver({ package: 'nvidia-driver-580', version }, 'nvidia');

describe('packages', () => {
  const wanted = [
    { name: 'kubelet', version: '1.34.9' },
    { name: 'cri-tools', version: null },
  ];
  const phase = 'kubernetes';
  const held = packages({ name: 'kubernetes', packages: wanted, isHeld: true, phase });
  const tools = { installed: '1.34.0-1.1', isHeld: true, offered: null };

  it('wait for the index that knows them', () => {
    const kubelet = { installed: null, isHeld: false, offered: ['1.33.1-1.1'] };
    expect(diff(held, { os: bare, 'package kubelet': kubelet, 'package cri-tools': tools })).toMatchObject({
      answer: 'deferred',
      waitsFor: { host: 'w1', phase },
      why: 'the exact versions of kubelet, from the package index',
    });
  });

  it.each([
    [
      { installed: null, isHeld: false, offered: ['1.34.9-1.1'] },
      ['kubelet version', 'kubelet held'],
      ['install kubelet 1.34.9-1.1'],
    ],
    [{ installed: '1.34.9-1.1', isHeld: false, offered: null }, ['kubelet held'], ['hold kubelet']],
    [
      { installed: '1.34.8-1.1', isHeld: true, offered: ['1.34.9-1.1'] },
      ['kubelet version'],
      ['install kubelet 1.34.9-1.1'],
    ],
  ])('%o differ in %o', (kubelet, what, steps) => {
    const outcome = diff(held, { os: bare, 'package kubelet': kubelet, 'package cri-tools': tools });
    expect(outcome).toMatchObject({
      differences: what.map((name) => ({ what: name })),
      steps: steps.map((summary) => ({ summary })),
    });
  });

  it('are downgraded only where the plan says so', () => {
    const kubelet = { installed: '1.34.10-1.1', isHeld: true, offered: ['1.34.9-1.1'] };
    const outcome = diff(held, { os: bare, 'package kubelet': kubelet, 'package cri-tools': tools });
    expect(JSON.stringify(outcome)).toContain('--allow-downgrades');
  });

  const kept = { installed: '580.95.05-1', isHeld: true, offered: ['580.105.08-1', '580.95.05-1'] };

  it('of a GPU driver stay as a person has them, held or not, where the inventory has no version', () => {
    for (const isHeld of [true, false]) {
      const answers = { os: bare, 'package nvidia-driver-580': { ...kept, isHeld } };
      expect(diff(driverOf(null), answers)).toMatchObject({ answer: 'none' });
    }
  });

  it.each([
    ['580.95.05', kept, [], []],
    ['580.95.05', { ...kept, isHeld: false }, ['nvidia-driver-580 held'], ['hold nvidia-driver-580']],
    [
      '580.105.08',
      kept,
      ['nvidia-driver-580 version'],
      ['install nvidia-driver-580 580.105.08-1', 'load the driver; a reboot may be needed'],
    ],
  ])('of a GPU driver at %s are held there: %o', (version, driver, what, steps) => {
    const outcome = diff(driverOf(version), { os: bare, 'package nvidia-driver-580': driver });
    expect('differences' in outcome ? outcome.differences.map((one) => one.what) : []).toEqual(what);
    const summaries = 'steps' in outcome ? outcome.steps.map((step) => step.summary) : [];
    expect(summaries).toEqual(expect.arrayContaining(steps));
    expect(summaries.length > 0).toBe(steps.length > 0);
  });

  it('are refused on a distribution nobody knows', () => {
    const alpine = { ...bare, id: 'alpine', prettyName: 'Alpine Linux v3.22' };
    const kubelet = { installed: null, isHeld: false, offered: [] };
    expect(diff(held, { os: alpine, 'package kubelet': kubelet, 'package cri-tools': tools })).toMatchObject({
      answer: 'refused',
      check: 'OS',
      why: 'Alpine Linux v3.22 is not supported',
    });
  });
});

describe('repository', () => {
  const source = {
    url: 'https://pkgs.k8s.io/x',
    keyUrl: 'https://pkgs.k8s.io/x/deb/Release.key',
    fingerprint: 'A'.repeat(40),
  };
  it('is refused with a key that is not the one', () => {
    const artifacts = new Map([[source.keyUrl, '<html>']]);
    const resource = repository({ name: 'kubernetes', repository: source, artifacts });
    expect(diff(resource, nothingThere(resource))).toMatchObject({
      answer: 'refused',
      check: 'RepositoryKey',
    });
  });

  it('can be planned, not applied, without its key', () => {
    const resource = repository({ name: 'kubernetes', repository: source, artifacts: new Map() });
    expect(diff(resource, nothingThere(resource))).toMatchObject({
      answer: 'change',
      steps: [{ script: expect.stringContaining('exit 1') }],
    });
  });
});

const EXTERNAL = { kubernetes: { loadBalancer: { type: 'external' } } } as unknown as Cluster;

describe('checks', () => {
  it('refuse by their name', () => {
    expect(diff(failing, {})).toEqual({
      answer: 'refused',
      check: 'NumCPU',
      why: 'it has 1 CPU',
      hint: 'give it more',
    });
  });

  it('of ports mind a stranger on a bare machine, and no one on a node', () => {
    const [port] = freePorts(EXTERNAL, 'worker');
    if (port === undefined) throw new TypeError('a worker has ports');
    const stranger = { port: { listeners: ['nginx'], canAsk: true }, isInit: false, isJoin: false };
    expect(diff(port, stranger)).toMatchObject({ answer: 'refused', check: 'Port-10250' });
    expect(diff(port, { ...stranger, port: { listeners: null, canAsk: true } }).answer).toBe('none');
    expect(diff(port, { ...stranger, isInit: true }).answer).toBe('none');
    expect(diff(port, { ...stranger, isJoin: true }).answer).toBe('none');
    expect(diff(port, { ...stranger, port: { listeners: [], canAsk: true } }).answer).toBe('none');
    expect(diff(port, { ...stranger, port: { listeners: null, canAsk: false } })).toMatchObject({
      answer: 'refused',
      why: 'there is no ss to tell who listens',
    });
  });

  it('of identity name the twins', () => {
    const cluster = {
      hosts: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      ignoredChecks: [],
    } as unknown as Cluster;
    const [hostname, machineId] = uniqueIdentity(cluster);
    if (hostname === undefined || machineId === undefined)
      throw new TypeError('there are checks of identity');
    const answers = {
      a: { ...bare, hostname: 'a', machineId: '1' },
      b: { ...bare, hostname: 'b', machineId: null },
      c: { ...bare, hostname: 'c', machineId: '1' },
    };
    expect(diff(hostname, answers).answer).toBe('none');
    expect(diff(machineId, answers)).toMatchObject({
      check: 'UniqueMachineId',
      why: 'a and c share the machine-id 1',
    });
  });
});
