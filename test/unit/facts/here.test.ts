import { existsSync } from 'node:fs';
import { arch, hostname, release } from 'node:os';
import { createServer } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { clock, clockFamily } from '../../../src/facts/clock.ts';
import { diskSpace } from '../../../src/facts/disk.ts';
import { kernelModuleState } from '../../../src/facts/kernel-module.ts';
import { nameLookup } from '../../../src/facts/name-lookup.ts';
import { os } from '../../../src/facts/os.ts';
import { packageState, resolveVersion } from '../../../src/facts/package.ts';
import { hasVersion, IS_VERSION, wantedVersion } from '../../../src/distributions/version-pattern.ts';
import { isVersion } from '../../../src/distributions/package-version.ts';
import { listeningPort } from '../../../src/facts/port.ts';
import { swapState } from '../../../src/facts/swap.ts';
import { sysctlValue } from '../../../src/facts/sysctl.ts';
import { lines, type Script, sh } from '../../../src/core/shell.ts';
import { execFileSync } from 'node:child_process';
import { runs } from '../../support/runs.ts';
import { askHere } from './ask.ts';

describe('families, asked of this machine by a real shell', () => {
  it('os', () => {
    const [answer] = askHere([os()]);
    expect(answer?.hostname).toBe(hostname());
    expect(answer?.cpus).toBeGreaterThan(0);
    expect(answer?.memoryKib).toBeGreaterThan(1000);
    expect(answer?.kernel).toBe(release());
    expect(answer?.arch).toBe(arch() === 'x64' ? 'amd64' : arch());
  });

  it('sysctl, for a key that is there and one that is not', () => {
    const [known, unknown] = askHere(['kernel.ostype', 'kernel.no.such'].map(sysctlValue));
    expect(known?.live).toBe('Linux');
    expect(unknown).toEqual({ live: null, files: [] });
  });

  it('kernel-module, swap, disk and names', () => {
    expect(askHere([kernelModuleState('no_such_module')])).toEqual([
      { isPresent: false, isBuiltin: false, isAvailable: false, files: [] },
    ]);
    expect(askHere([swapState()])).toHaveLength(1);
    expect(askHere(['/', '/tmp'].map(diskSpace)).every(({ freeKib }) => freeKib > 0)).toBe(true);
    expect(askHere(['localhost', 'no-such-name.invalid'].map(nameLookup))).toEqual([
      { resolves: true },
      { resolves: false },
    ]);
  });

  it.skipIf(!existsSync('/usr/bin/ss') && !existsSync('/bin/ss'))('port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const [named, bare, begun, free] = askHere([
      listeningPort(port),
      listeningPort(port, ['/no/such/path', '/nor/this']),
      listeningPort(port, ['/no/such/path', '/']),
      listeningPort(1, ['/no/such/path']),
    ]);
    expect(named?.listeners).toHaveLength(1);
    expect(named?.listeners).not.toContain('(unknown)');
    expect(bare).toEqual(named);
    expect(begun).toEqual({ listeners: null, canAsk: true });
    expect(free).toEqual({ listeners: [], canAsk: true });
    expect(askHere([listeningPort(port, ['/no/such/path', '/'])])).toEqual([begun]);
    server.close();
  });

  it.skipIf(!existsSync('/usr/bin/dpkg-query'))('package, without and with a look into the index', () => {
    const [installed, other, unknown] = askHere([
      packageState('dpkg', null),
      packageState('dpkg', '0.0.1'),
      packageState('no-such-package', null),
    ]);
    expect(installed?.installed).toMatch(/^\d/);
    expect(installed?.offered).toBeNull();
    expect(other?.offered).not.toBeNull();
    expect(unknown).toEqual({ installed: null, isHeld: false, offered: [] });
  });
});

describe('clock', () => {
  it('finds no skew between a machine and itself', () => {
    expect(askHere([clock()])).toEqual([{ skewMs: 0 }]);
  });

  it.each([
    ['between asking and hearing', '1500', 0],
    ['ahead of the answer', '62000', 60_000],
    ['behind the question', '400', -600],
  ])('%s', (_, hostMs, skewMs) => {
    const moments = [1000, 2000];
    const family = clockFamily(() => moments.shift() ?? 2000);
    expect(family.script([null])).toContain('echo 1000 ');
    expect(family.parse(`1000 ${hostMs}000000\n`, [null])).toEqual([{ skewMs }]);
  });
});

describe('versions of packages', () => {
  it.each([
    ['1.34.9-1.1', '1.34.9', true],
    ['1.34.90-1.1', '1.34.9', false],
    ['1.34.9-1.1', '1.34.9-1.1', true],
    ['1.7.24~ds1-6+deb13u1', '1.7.24', true],
    ['5:27.0.1-1~debian', '27.0.1', true],
    ['1.34.9', '1.34.9', true],
    ['1.34.9.1-1', '1.34.9', false],
    ['2.0', null, true],
  ])('%s for %s: %s', (version, wanted, is) => {
    expect(isVersion(version, wanted)).toBe(is);
  });

  it('are matched by the shell as by isVersion', () => {
    const version = fc.stringMatching(/^([0-9]:)?[0-9]\.[0-9]{1,2}([-~+.][0-9a-z]{1,3}){0,2}$/);
    const wanted = fc.stringMatching(/^[0-9]\.[0-9]{1,2}(-[0-9])?$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(version, fc.option(wanted)), { minLength: 1, maxLength: 30 }),
        (pairs) => {
          const script = lines(IS_VERSION, IS_THERE, ...pairs.map(asksTwice));
          const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
          expect(output.trim().split('\n')).toEqual(
            pairs.flatMap(([found, want]) => (isVersion(found, want) ? ['yes', 'yes'] : ['no', 'no'])),
          );
        },
      ),
      { numRuns: runs(30) },
    );
  });

  it('resolve to what is installed, else to the first that is offered', () => {
    expect(resolveVersion({ installed: '1.2-1', isHeld: false, offered: null }, '1.2')).toBe('1.2-1');
    expect(
      resolveVersion({ installed: '1.1-1', isHeld: false, offered: ['1.3-1', '1.2-2', '1.2-1'] }, '1.2'),
    ).toBe('1.2-2');
    expect(resolveVersion({ installed: '1.1-1', isHeld: false, offered: ['1.3-1'] }, '1.2')).toBeNull();
  });
});

const IS_THERE = hasVersion('is_there' as Script, 'rows' as Script, '"$1 "' as Script);

/** Asks about a version, and about the row of one among those of others. */
const asksTwice = ([found, want]: readonly [string, string | null]): Script =>
  lines(
    sh`if is_version ${found} ${wantedVersion(want)}; then echo yes; else echo no; fi`,
    sh`rows=${`other 1.2\nit ${found}\nothers ${found}`}`,
    sh`if is_there it ${wantedVersion(want)}; then echo yes; else echo no; fi`,
  );
