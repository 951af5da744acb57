import { describe, expect, it } from 'vitest';

import { kernelModuleState, type ModuleBlock } from '../../../src/facts/kernel-module.ts';
import { askHere, parseText } from './ask.ts';

const FILE = '/etc/modprobe.d/cis.conf';
const blocks = (printed: string, ...names: readonly string[]): readonly (ModuleBlock | null)[] =>
  parseText(printed, names.map(kernelModuleState)).map(({ block }) => block ?? null);
const found = (rows: readonly string[], ...names: readonly string[]): readonly (ModuleBlock | null)[] =>
  blocks([`file ${FILE}`, 'lines', ...rows.map((row) => `${FILE}:${row}`), ''].join('\n'), ...names);

describe('what keeps a module from being loaded', () => {
  it.each([
    [
      'install br_netfilter /bin/true',
      { path: FILE, line: 'install br_netfilter /bin/true', isOfBoot: false },
    ],
    [
      '  install   br-netfilter /usr/bin/false # no',
      { path: FILE, line: 'install   br-netfilter /usr/bin/false # no', isOfBoot: false },
    ],
    ['blacklist br-netfilter', { path: FILE, line: 'blacklist br-netfilter', isOfBoot: true }],
    ['install br_netfilter /sbin/modprobe --ignore-install br_netfilter && touch /run/x', null],
    ['blacklist br_netfilter_too', null],
  ])('%s', (row, answer) => {
    expect(found([row], 'br_netfilter')).toEqual([answer]);
  });

  it('is first what forbids it always', () => {
    expect(found(['blacklist overlay', 'install overlay /bin/false'], 'overlay', 'ip_vs')).toEqual([
      { path: FILE, line: 'install overlay /bin/false', isOfBoot: false },
      null,
    ]);
  });

  it.each([
    [
      'quiet module_blacklist=nouveau,overlay',
      { path: '/proc/cmdline', line: 'module_blacklist=nouveau,overlay', isOfBoot: false },
    ],
    [
      'modprobe.blacklist=overlay',
      { path: '/proc/cmdline', line: 'modprobe.blacklist=overlay', isOfBoot: true },
    ],
    ['modprobe.blacklist=nouveau', null],
  ])("is on the kernel's command line: %s", (words, answer) => {
    expect(blocks(`kernel BOOT_IMAGE=/vmlinuz ${words}\nlines\n`, 'overlay')).toEqual([answer]);
  });

  it('is another thing than a file that loads it, whatever both are called', () => {
    const files = ['/etc/modules-load.d/x.conf', '/etc/modprobe.d/x.conf'];
    const printed = [
      ...files.map((file) => `file ${file}`),
      'lines',
      `${files[0]}:overlay`,
      `${files[1]}:blacklist overlay`,
      '',
    ].join('\n');
    expect(parseText(printed, [kernelModuleState('overlay')])).toMatchObject([
      { files: [files[0]], block: { path: files[1], line: 'blacklist overlay', isOfBoot: true } },
    ]);
  });

  it('is asked of this machine by a real shell', () => {
    expect(askHere([kernelModuleState('no_such_module')])[0]).not.toHaveProperty('block');
  });
});
