import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readAnew } from '../../../src/resources/host/unit-files.ts';

/** A root of units that systemd has read. */
let root = '';
const at = (path: string): string => join(root, path);
const UNIT = '/usr/lib/systemd/system/containerd.service';
const DROP_IN = '/etc/systemd/system/containerd.service.d/http-proxy.conf';
const LOADED = '/run/systemd/systemd-units-load';

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'slipway-units-'));
  write(UNIT);
  write(DROP_IN);
  // Times of files are those of the kernel's last tick.
  await sleep(20);
  write(LOADED);
  await sleep(20);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), '');
}

/** What is called, with programs of the host's in their places. */
function calls(programs: Readonly<Record<string, string>> = {}): readonly string[] {
  const bin = at('/bin');
  mkdirSync(bin, { recursive: true });
  const all = { systemctl: `echo "$1" >>${at('/calls')}; case $1 in show) echo no;; esac`, ...programs };
  for (const [name, body] of Object.entries(all)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const script = readAnew('containerd.service').replaceAll(/\/[\w/-]*systemd\/[\w-]+/g, at);
  const { status } = spawnSync('sh', ['-ec', script], { env: { PATH: `${bin}:/usr/bin:/bin` } });
  expect(status).toBe(0);
  return readFileSync(at('/calls'), 'utf8').trim().split('\n');
}

describe('units that systemd has read', () => {
  it('are not read anew where nothing has changed since', () => {
    expect(calls()).toEqual(['show']);
  });

  it.each<readonly [string, () => void]>([
    ['a drop-in has come', () => write('/etc/systemd/system/containerd.service.d/mine.conf')],
    ['a drop-in has come into a new directory', () => write('/run/systemd/system/service.d/mine.conf')],
    ['a drop-in was written anew, by its time long ago', () => utimesSync(at(DROP_IN), 1, 1)],
    ['a drop-in has gone', () => rmSync(at(DROP_IN))],
    ['a unit was written over that of its package', () => write('/etc/systemd/system/containerd.service')],
    ['another unit has changed', () => write('/usr/lib/systemd/system/docker.service')],
    ['a unit was enabled', () => write('/etc/systemd/system/multi-user.target.wants/docker.service')],
    ['the clock was ahead as they were read', () => utimesSync(at(LOADED), 1e10, 1e10)],
    ['nothing says when they were read', () => rmSync(at(LOADED))],
  ])('are read anew where %s', (_, change) => {
    change();
    expect(calls()).toContain('daemon-reload');
  });

  it.each([
    ['systemd has seen a file change', { systemctl: `echo "$1" >>CALLS; case $1 in show) echo yes;; esac` }],
    ['systemd does not answer', { systemctl: `echo "$1" >>CALLS; case $1 in show) exit 1;; esac` }],
    ['find does not know how to look', { find: 'exit 1' }],
  ])('are read anew where %s', (_, programs) => {
    const placed = Object.entries(programs).map(([name, body]) => [
      name,
      body.replaceAll('CALLS', at('/calls')),
    ]);
    expect(calls(Object.fromEntries(placed))).toContain('daemon-reload');
  });
});
