import { describe, expect, it } from 'vitest';

import { lines, sh } from '#core/shell.ts';
import { debian } from '#distributions/debian/debian.ts';
import type { InstallEffectsAnswer } from '#distributions/distribution-family.ts';
import { effectsOn } from '#resources/packages/install-effects.ts';

import { runStep } from './run-step.ts';

const containerd = [{ name: 'containerd' }];

/** Shell that prints what `apt-get install --print-uris` of Debian 12 does where there is nothing in the way. */
const NEW = `printf 'Reading package lists...
The following additional packages will be installed:
   runc (1.1.5+ds1-1+deb12u1)
The following NEW packages will be installed:
   socat (2.0-1)
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
'`;

/** And where others lose by it. */
const CHANGES = `printf 'The following packages were automatically installed and are no longer required:
   docker-ce-cli (5:20.10.24-1~debian.12~bookworm)
The following packages will be REMOVED:
   containerd.io (1.6.20-1~debian.12~bookworm)
   docker-ce* (5:20.10.24-1~debian.12~bookworm)
The following NEW packages will be installed:
   containerd (1.6.20~ds1-1+deb12u1)
The following held packages will be changed:
   libc6:i386 (2.36-10 => 2.36-9)
The following packages will be upgraded:
   libseccomp2 (2.5.4-1 => 2.5.4-1+deb12u1)
The following packages will be DOWNGRADED:
   libc6:i386 (2.36-10 => 2.36-9)
1 upgraded, 1 newly installed, 1 downgraded, 2 to remove and 0 not upgraded.
'`;

const decided = (effects: InstallEffectsAnswer) =>
  effectsOn({ 'effects on debian': effects }, debian, containerd);

/** What a host says of containerd beside Docker's packages. */
const SIMULATED = `Remv docker-ce [5:20.10.24-1~debian.12~bookworm]
Remv containerd.io [1.6.20-1~debian.12~bookworm]
Inst libseccomp2 [2.5.4-1] (2.5.4-1+deb12u1)
end
unknown
end
 containerd : Depends: runc (>= 0.1.0~) but it is not installable
E: Unable to correct problems, you have held broken packages.
pin /etc/apt/preferences.d/no-runc:3:Pin-Priority: -1
end
`;

describe('what installing would do to others', () => {
  it('is read from what apt would do', () => {
    const question = { packages: [{ name: 'containerd', version: null }] };
    expect(debian.installEffects.parse(SIMULATED, [question, question, question])).toEqual([
      {
        state: 'known',
        removed: [
          { name: 'docker-ce', version: '5:20.10.24-1~debian.12~bookworm' },
          { name: 'containerd.io', version: '1.6.20-1~debian.12~bookworm' },
        ],
        changed: [{ name: 'libseccomp2', from: '2.5.4-1', to: '2.5.4-1+deb12u1' }],
      },
      { state: 'unknown' },
      {
        state: 'impossible',
        why: 'Unable to correct problems, you have held broken packages. containerd : Depends: runc (>= 0.1.0~) but it is not installable',
        pins: ['/etc/apt/preferences.d/no-runc:3'],
      },
    ]);
  });

  it('is refused where packages would go, with the way to keep them', () => {
    const removed = [{ name: 'docker-ce', version: '5:28' }];
    expect(decided({ state: 'known', removed, changed: [] })).toMatchObject({
      check: 'PackageConflict',
      why: 'to install containerd, docker-ce 5:28 would be removed',
      hint: expect.stringContaining('runtime.source: docker') as string,
    });
  });

  it('is refused where a package would go back, and shown where it would go on', () => {
    const back = { name: 'libseccomp2', from: '2.5.5-1', to: '2.5.4-1' };
    const on = { name: 'libc6', from: '2.36-9', to: '2.36-10' };
    expect(decided({ state: 'known', removed: [], changed: [back, on] })).toMatchObject({
      why: 'to install containerd, libseccomp2 would go back from 2.5.5-1 to 2.5.4-1',
    });
    const own = { name: 'containerd', from: '1.6.20', to: '1.6.21' };
    expect(decided({ state: 'known', removed: [], changed: [on, own] })).toEqual({ others: [on] });
  });

  it('is refused in the words of apt where it cannot be', () => {
    expect(decided({ state: 'impossible', why: 'you have held broken packages', pins: [] })).toMatchObject({
      check: 'Packages',
      why: 'containerd cannot be installed: you have held broken packages',
    });
  });

  it.each([
    ['docker-ce : Depends: containerd.io (>= 1.4.1) but it is not going to be installed', true],
    ['containerd : Conflicts: containerd.io', true],
    ['runc : Depends: libseccomp2 but it is not going to be installed', false],
  ])('is refused with the way to keep what is held: %s', (why, isDockers) => {
    const outcome = decided({ state: 'impossible', why, pins: [] });
    expect(JSON.stringify(outcome).includes('runtime.source: docker')).toBe(isDockers);
  });

  it('is refused with the place where an administrator keeps a package away', () => {
    const pins = ['/etc/apt/preferences.d/no-runc:3'];
    expect(decided({ state: 'impossible', why: 'runc is not installable', pins })).toMatchObject({
      hint: expect.stringContaining('/etc/apt/preferences.d/no-runc:3') as string,
    });
  });

  it('is not read from an answer that is cut off', () => {
    const question = { packages: [{ name: 'runc', version: null }] };
    expect(() => debian.installEffects.parse('Inst runc (1)\n', [question])).toThrow('cut off');
  });

  describe('is asked of apt', () => {
    const asks = ['socat', 'containerd', 'bash'].map((name) => ({ packages: [{ name, version: null }] }));
    const policy = `for name in socat containerd; do echo "$name:
  Installed: (none)
  Candidate: 2.0-1
  Version table:
     3.0-1 100
        100 http://example.com stable/main amd64 Packages
     2.0-1 500
        500 http://example.com stable/main amd64 Packages"; done`;
    const ask = (simulation: string) => {
      // Unlike a step, a question goes on after a program that failed.
      const script = lines(sh`set +e`, debian.installEffects.script(asks));
      const step = { do: 'run', summary: '', script } as const;
      const { stdout, calls } = runStep(step, {
        'dpkg-query': "case $* in *bash) echo 'bash ii |5.2';; esac",
        'apt-cache': policy,
        'apt-get': simulation,
      });
      return {
        answers: debian.installEffects.parse(stdout, asks),
        installs: calls.flatMap((call) => /^apt-get .* install (.*)/.exec(call)?.[1] ?? []),
        lookUps: calls.filter((call) => call.startsWith('apt-cache')).length,
      };
    };
    const known = { state: 'known', removed: [], changed: [] };

    it('once for all that is to be installed, where none of it is at the cost of others', () => {
      expect(ask(NEW)).toEqual({
        answers: [known, known, { state: 'unknown' }],
        installs: ['socat=2.0-1 containerd=2.0-1'],
        lookUps: 1,
      });
    });

    it.each([
      ['has another form', "printf 'Upgrading:\n  libc6 (2.36-9 => 2.36-10)\n'"],
      ['counts more than it lists', "echo '1 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.'"],
      ['is none', ':'],
    ])('and what it says is not taken for nothing, where it %s', (_, said) => {
      expect(ask(said).answers[0]).toMatchObject({
        state: 'impossible',
        why: 'unclear what apt-get would do',
      });
    });

    it.each([3, 4])('anew where its cache has become too old meanwhile (descriptor %i)', (descriptor) => {
      const said = `E: Could not create temporary file for /proc/self/fd/${descriptor} - mkstemp (2: No such file or directory)`;
      const once = `[ -e "$STATE" ] || { : >"$STATE"; echo '${said}'; exit 100; }`;
      const { answers, installs } = ask(`${once}; ${NEW}`);
      expect(answers).toEqual([known, known, { state: 'unknown' }]);
      const together = 'socat=2.0-1 containerd=2.0-1';
      expect(installs).toEqual([together, together]);
    });

    it('once each where it cannot be for another reason', () => {
      const { answers, installs } = ask("echo 'E: Unable to correct problems'; exit 100");
      expect(answers[0]).toMatchObject({ state: 'impossible', why: 'Unable to correct problems' });
      expect(installs).toEqual(['socat=2.0-1 containerd=2.0-1', 'socat=2.0-1', 'containerd=2.0-1']);
    });

    it('one by one, where together they do something to others', () => {
      const { answers, installs } = ask(`case $* in *containerd*) ${CHANGES};; *) ${NEW};; esac`);
      expect(answers).toEqual([
        known,
        {
          ...known,
          removed: [
            { name: 'containerd.io', version: '1.6.20-1~debian.12~bookworm' },
            { name: 'docker-ce', version: '5:20.10.24-1~debian.12~bookworm' },
          ],
          changed: [
            { name: 'libseccomp2', from: '2.5.4-1', to: '2.5.4-1+deb12u1' },
            { name: 'libc6:i386', from: '2.36-10', to: '2.36-9' },
          ],
        },
        { state: 'unknown' },
      ]);
      expect(installs).toEqual(['socat=2.0-1 containerd=2.0-1', 'socat=2.0-1', 'containerd=2.0-1']);
    });
  });
});
