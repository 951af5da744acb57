import { describe, expect, it } from 'vitest';

import { addresses } from '../../../src/facts/addresses.ts';
import { apiState } from '../../../src/facts/api.ts';
import { diskSpace } from '../../../src/facts/disk.ts';
import { kernelModuleState } from '../../../src/facts/kernel-module.ts';
import { os } from '../../../src/facts/os.ts';
import { packageState } from '../../../src/facts/package.ts';
import { listeningPort } from '../../../src/facts/port.ts';
import { swapState } from '../../../src/facts/swap.ts';
import { sysctlValue } from '../../../src/facts/sysctl.ts';
import { unitFile, unitState } from '../../../src/facts/unit.ts';
import { parseRecorded, parseText } from './ask.ts';

/** To the microsecond, of containerd and ssh. */
const STARTS = {
  bookworm: ['1795254445.419079', '1795254432.966163'],
  trixie: ['1795254456.499070', '1795254433.931251'],
} as const;
const RELEASES = ['bookworm', 'trixie'] as const;

describe.each(RELEASES)('on Debian %s', (release) => {
  it('os tells the release, the processor and the cgroup version', () => {
    const [answer] = parseRecorded(release, [os()]);
    expect(answer).toMatchObject({
      id: 'debian',
      versionId: release === 'bookworm' ? '12' : '13',
      codename: release,
      arch: 'amd64',
      cpus: 2,
      memoryKib: 24_684_092,
      cgroup: 'v1',
      productUuid: null,
      hasSystemd: true,
      tools: ['apt-get', 'systemctl'],
    });
  });

  it('package tells versions, holds, and offers of what is not as wanted', () => {
    const wanted = [
      packageState('kubelet', '1.34.9'),
      packageState('kubeadm', '1.34.90'),
      packageState('criu', null),
      packageState('nosuch', null),
      packageState('containerd', null),
    ];
    const isBookworm = release === 'bookworm';
    expect(parseRecorded(release, wanted)).toEqual([
      { installed: '1.34.9-1.1', isHeld: isBookworm, offered: null },
      { installed: '1.34.9-1.1', isHeld: true, offered: ['1.34.90-1.1', '1.34.9-1.1', '1.34.8-1.1'] },
      { installed: null, isHeld: false, offered: [isBookworm ? '3.17.1-2+deb12u2' : '4.1.1-1'] },
      { installed: null, isHeld: false, offered: [] },
      {
        installed: isBookworm ? '1.6.20~ds1-1+deb12u3' : '1.7.24~ds1-6+deb13u1',
        isHeld: false,
        offered: null,
      },
    ]);
  });

  it('unit tells of units that run and since when, that are not there, and that are masked', () => {
    const units = ['containerd', 'kubelet', 'nosuch', 'ssh', 'masked'].map(unitState);
    const [containerdAt, sshAt] = STARTS[release];
    expect(parseRecorded(release, units)).toEqual([
      { load: 'loaded', file: 'enabled', needsReload: false, active: 'active', startedAt: containerdAt },
      { load: 'loaded', file: 'enabled', needsReload: false, active: 'inactive', startedAt: null },
      { load: 'not-found', file: '', needsReload: false, active: 'inactive', startedAt: null },
      { load: 'loaded', file: 'enabled', needsReload: false, active: 'active', startedAt: sshAt },
      { load: 'masked', file: 'masked', needsReload: false, active: 'inactive', startedAt: null },
    ]);
  });

  it('port names the listening programs', () => {
    expect(
      parseRecorded(
        release,
        [22, 10250, 6443].map((port) => listeningPort(port)),
      ),
    ).toEqual([
      { listeners: ['sshd'], canAsk: true },
      { listeners: ['python3'], canAsk: true },
      { listeners: [], canAsk: true },
    ]);
  });

  it('sysctl follows the order of systemd, where a file of /etc hides its namesake', () => {
    const keys = ['net.ipv4.ip_forward', 'net.no.such', 'net.ipv4.ip_local_port_range'];
    const [forward, unknown, range] = parseRecorded(release, keys.map(sysctlValue));
    expect(forward?.live).toBe('1');
    expect(forward?.files.map(({ path }) => path)).toEqual([
      '/etc/sysctl.d/10-low.conf',
      ...(release === 'bookworm' ? ['/etc/sysctl.d/99-zz.conf'] : []),
      '/etc/sysctl.d/k8s-net.ipv4.ip_forward.conf',
    ]);
    expect(unknown).toEqual({ live: null, files: [] });
    expect(range).toEqual({
      live: '32768 60999',
      files: [{ path: '/etc/sysctl.d/20-r.conf', value: '1024 65000' }],
    });
  });

  it('kernel-module sees what is built in', () => {
    const [overlay, bridge, ipvs] = parseRecorded(
      release,
      ['overlay', 'br_netfilter', 'ip_vs'].map(kernelModuleState),
    );
    expect(overlay).toMatchObject({ isPresent: true, isBuiltin: true });
    expect(bridge).toEqual({
      isPresent: true,
      isBuiltin: true,
      isAvailable: true,
      files: ['/etc/modules-load.d/m.conf'],
    });
    expect(ipvs).toEqual({ isPresent: false, isBuiltin: false, isAvailable: false, files: [] });
  });

  it('addresses, disk and swap read what was printed', () => {
    expect(parseRecorded(release, [addresses()])[0]).toMatchObject([{ interface: 'eth0', prefix: 24 }]);
    expect(parseRecorded(release, ['/var', '/'].map(diskSpace)).every(({ freeKib }) => freeKib > 1000)).toBe(
      true,
    );
    expect(parseRecorded(release, [swapState()])).toEqual([{ active: [], units: [] }]);
  });
});

const swapUnit = (
  id: string,
  state: string,
  source = '',
  fragment = `/run/systemd/generator/${id}`,
): string =>
  `Id=${id}\nLoadState=loaded\nActiveState=active\nUnitFileState=${state}\nFragmentPath=${fragment}\nSourcePath=${source}\n`;

describe('what no lab host shows', () => {
  it('swap finds areas, and the units that boot would start, but not those of /etc/fstab', () => {
    const output = `/proc/swaps:Filename\tType\tSize\tUsed\tPriority
/proc/swaps:/dev/sda3                               partition\t999420\t\t512\t\t-2
/proc/swaps:/swap\\040file                           file\t\t2097148\t\t0\t\t-3
${[
  swapUnit('dev-zram0.swap', 'generated'),
  swapUnit('dev-sda3.swap', 'generated', '/etc/fstab'),
  swapUnit('by-hand.swap', 'enabled', '', '/etc/systemd/system/by-hand.swap'),
  swapUnit('off.swap', 'disabled', '', '/etc/systemd/system/off.swap'),
  swapUnit('kernel.swap', '', '', ''),
  swapUnit('by-hand.swap', 'enabled', '', '/etc/systemd/system/by-hand.swap'),
].join('\n')}`;
    expect(parseText(output, [swapState()])).toEqual([
      { active: ['/dev/sda3', '/swap file'], units: ['by-hand.swap', 'dev-zram0.swap'] },
    ]);
  });

  it('kernel-module takes one that has a state for loaded, whatever lists or traces there are', () => {
    const output = 'module overlay\ntrace overlay\nfile /etc/modules-load.d/k8s.conf\nlines\n';
    expect(parseText(output, [kernelModuleState('overlay')])).toEqual([
      { isPresent: true, isBuiltin: false, isAvailable: true, files: [] },
    ]);
  });

  it('addresses leave out what network plugins and privacy extensions make', () => {
    const output = `2: ens3    inet 192.0.2.5/24 brd 192.0.2.255 scope global dynamic ens3\\       valid_lft 86000sec preferred_lft 86000sec
2: ens3    inet6 2001:db8::5/64 scope global \\       valid_lft forever preferred_lft forever
2: ens3    inet6 2001:db8::abcd/64 scope global temporary dynamic \\       valid_lft 600sec preferred_lft 600sec
5: tunl0    inet 10.244.1.0/32 scope global tunl0\\       valid_lft forever preferred_lft forever
6: wg0    inet 198.51.100.1 peer 198.51.100.2/32 scope global wg0\\       valid_lft forever preferred_lft forever
`;
    expect(parseText(output, [addresses()])[0]).toEqual([
      { interface: 'ens3', address: '192.0.2.5', prefix: 24 },
      { interface: 'ens3', address: '2001:db8::5', prefix: 64 },
      { interface: 'wg0', address: '198.51.100.1', prefix: 32 },
    ]);
  });

  it('a listener without a program is told of', () => {
    const output = 'LISTEN 0 64 0.0.0.0:2379 0.0.0.0:*\n';
    expect(parseText(output, [listeningPort(2379)])).toEqual([{ listeners: ['(unknown)'], canAsk: true }]);
    expect(parseText('none\n', [listeningPort(2379)])).toEqual([{ listeners: null, canAsk: false }]);
  });

  it('a host without systemd has no units, and one of no known family no packages', () => {
    expect(parseText('', [unitFile('kubelet')])).toEqual([
      { load: 'not-found', file: '', needsReload: false, active: null, startedAt: null },
    ]);
    expect(parseText('', [packageState('kubelet', null)])).toEqual([
      { installed: null, isHeld: false, offered: [] },
    ]);
  });

  it('a removed package, with its configuration left, is not installed; held counts in either state', () => {
    const output = 'debian\nkubelet rc |1.34.9-1.1\nkubeadm iU |1.34.9-1.1\nkubectl hi |1.34.9-1.1\nindex\n';
    expect(
      parseText(
        output,
        ['kubelet', 'kubeadm', 'kubectl'].map((name) => packageState(name, null)),
      ),
    ).toEqual([
      { installed: null, isHeld: false, offered: [] },
      { installed: null, isHeld: false, offered: [] },
      { installed: '1.34.9-1.1', isHeld: true, offered: null },
    ]);
  });
});

describe('cut-off output', () => {
  it.each([
    ['os', '/etc/os-release:ID=debian\n', [os()]],
    ['disk', 'Filesystem 1024-blocks Used Available Capacity Mounted on\n', [diskSpace('/')]],
    ['unit', 'LoadState=loaded\n', [unitState('a'), unitState('b')]],
    [
      'sysctl',
      '/proc/sys/net/ipv4/ip_forward:1\nfile /etc/sysctl.d/x.conf\n',
      [sysctlValue('net.ipv4.ip_forward')],
    ],
    ['port', 'LISTEN 0', [listeningPort(1)]],
    ['package', 'debian\nkubelet hi |1.34.9-1.1\n', [packageState('kubelet', null)]],
  ] as const)('of %s is an error, not an answer', (_, output, facts) => {
    expect(() => parseText(output, facts as never)).toThrow(Error);
  });
});

describe('what the API server says', () => {
  const LOG =
    'E1128 11:20:01.482913    4242 memcache.go:287] "Unhandled Error" err="couldn\'t get resource list"\n';
  const node = '{\n"apiVersion": "v1", "kind": "Node", "metadata": { "name": "cp1" }\n}\n';
  const object = '{\n"apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "coredns" }\n}\n';

  it.each([
    ['alone', `${node}\n===\n${object}`, ['ConfigMap/coredns']],
    ["behind lines of kubectl's log", `${LOG}${LOG}${node}\n===\n${LOG}${object}`, ['ConfigMap/coredns']],
    ['where nothing was found', `${node}\n===\n${LOG}`, []],
  ])('is read %s', (_, output, objects) => {
    expect(parseText(output, [apiState])[0]).toMatchObject({ state: 'ready', nodes: { cp1: {} }, objects });
  });
});
