import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { scriptOf } from '#core/step.ts';
import { debian } from '#distributions/debian/debian.ts';
import { STARTS_LATER_DIRECTORY } from '#distributions/debian/starts-later.ts';

const REAL = '/usr/bin/deb-systemd-invoke';

/** What scripts of packages do, by dpkg with a PATH of its own, as the apt that is used here has it. */
const DPKG = `for word; do case $word in DPkg::Path=*) PATH=\${word#*=}:"$PROGRAMS"; export PATH;; esac; done
deb-systemd-invoke start containerd.service
deb-systemd-invoke start docker.service docker.socket
deb-systemd-invoke restart containerd.service
deb-systemd-invoke --user start containerd.service`;

/** As deb-systemd-invoke does on a host, in files of a directory. */
describe('units that are started later', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-starts-'));
    mkdirSync(join(directory, 'bin'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const place = (): string => join(directory, 'starts');
  const noted = (name: string): string =>
    existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : '';

  function install(startsLater: readonly string[], programs: Readonly<Record<string, string>> = {}) {
    const step = debian.install([{ name: 'containerd', version: '1.7' }], {
      isHeld: false,
      isDowngrade: false,
      others: [],
      startsLater,
    });
    const bin = join(directory, 'bin');
    const all = {
      'deb-systemd-invoke': `echo "$*" >>${directory}/invoked`,
      'apt-config': `echo "dpkg_path='/usr/sbin:/usr/bin'"`,
      'apt-get': `echo "$*" >>${directory}/apt; ls ${place()} >>${directory}/seen 2>&1\n${DPKG}`,
      dpkg: 'echo amd64',
      ls: ':',
      ...programs,
    };
    for (const [name, body] of Object.entries(all)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    if (step.do !== 'run') throw new TypeError('it runs a program');
    const script = scriptOf(step)
      .replaceAll(STARTS_LATER_DIRECTORY, place())
      .replaceAll(REAL, join(bin, 'deb-systemd-invoke'));
    const env = { PATH: `${bin}:/usr/bin:/bin`, PROGRAMS: `${bin}:/bin` };
    return spawnSync('sh', ['-ec', script], { env, encoding: 'utf8' });
  }

  it('are left out where packages start them, and nothing else is', () => {
    const { status, stderr } = install(['containerd.service', 'docker.service']);
    expect(status, stderr).toBe(0);
    expect(noted('invoked').trimEnd().split('\n')).toEqual([
      'start docker.socket',
      'restart containerd.service',
      '--user start containerd.service',
    ]);
    expect(stderr).toContain('slipway starts containerd.service later');
    expect(noted('apt')).toContain(`DPkg::Path=${place()}:/usr/sbin:/usr/bin `);
  });

  it('are none where nothing is to be started later: apt is as it was', () => {
    expect(install([]).status).toBe(0);
    expect(noted('invoked').split('\n')[0]).toBe('start containerd.service');
    expect(noted('apt')).not.toContain('DPkg::Path');
  });

  it.each([
    ["that does not know DPkg::Path, and leaves dpkg this script's own PATH", ':'],
    ['of which somebody wants that it leaves the PATH alone', `echo "dpkg_path=''"`],
  ])('are left out by an apt %s', (_, said) => {
    const own = DPKG.split('\n').slice(1).join('\n');
    expect(install(['containerd.service'], { 'apt-config': said, 'apt-get': own }).status).toBe(0);
    expect(noted('invoked').split('\n')[0]).toBe('start docker.service docker.socket');
  });

  it('are left out while what was interrupted before is finished', () => {
    const { status } = install(['containerd.service'], {
      ls: 'echo 0001',
      dpkg: 'case $* in *--configure*) deb-systemd-invoke start containerd.service haproxy.service;; *) echo amd64;; esac',
      'apt-get': ':',
    });
    expect(status).toBe(0);
    expect(noted('invoked')).toBe('start haproxy.service\n');
  });

  it.each([
    ['is done', ':', 0],
    ['fails', 'exit 77', 77],
  ])('leave nothing on the host when the script %s, nor what a killed one has left', (_, apt, code) => {
    mkdirSync(place());
    writeFileSync(join(place(), 'left'), '');
    const { status } = install(['containerd.service'], { 'apt-get': apt, ls: 'echo' });
    expect(status).toBe(code);
    expect(existsSync(place())).toBe(false);
    mkdirSync(place());
    install([], { 'apt-get': apt });
    expect(existsSync(place())).toBe(false);
  });
});
