import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Fact } from '#core/fact.ts';
import { journalOf } from '#facts/diagnosis.ts';

/** What a stand-in of journalctl has of each attempt, as `-o cat` prints it, and that of systemd itself. */
interface Journal {
  readonly state?: 'active' | 'failed' | 'activating';
  /** For how long it has been active, in seconds. */
  readonly activeFor?: number;
  readonly failed?: string;
  readonly running?: string;
  readonly errors?: string;
  /** Of systemd, about the attempt that failed. */
  readonly systemd?: string;
}

/** Asks a host whose journal and units are stand-ins; its awk, sed and shell are this machine's. */
function asked(question: Fact<string>, { state = 'failed', activeFor = 0, ...said }: Journal): string {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-journal-'));
  try {
    const file = (name: string, text: string): void => writeFileSync(join(directory, name), text);
    const program = (name: string, body: string): void => {
      file(name, `#!/bin/sh\n${body}\n`);
      chmodSync(join(directory, name), 0o755);
    };
    file('said-failed', said.failed ?? '');
    file('said-running', said.running ?? '');
    file('said-errors', said.errors ?? '');
    file('said-systemd', said.systemd ?? '');
    program(
      'journalctl',
      `case $* in
*--sync*) ;;
*MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c*) ${said.failed === undefined ? ':' : `printf '__CURSOR=x\\nINVOCATION_ID=failed\\n\\n'`} ;;
*'-p err'*) cat '${directory}/said-errors' ;;
*_SYSTEMD_INVOCATION_ID=failed*) cat '${directory}/said-failed' ;;
*_SYSTEMD_INVOCATION_ID=running*) cat '${directory}/said-running' ;;
*'-o cat'*' INVOCATION_ID=failed'*) cat '${directory}/said-systemd' ;;
*_SYSTEMD_UNIT=*|*short-unix*) ;;
*) exit 1 ;;
esac`,
    );
    program(
      'systemctl',
      `case $* in
*InvocationID*) echo running ;;
*) printf 'ActiveState=${state}\\nActiveEnterTimestampMonotonic=%s\\n' "$(awk '{ printf "%.0f", ($1 - ${activeFor}) * 1000000 }' /proc/uptime)" ;;
esac`,
    );
    const { stdout, stderr } = spawnSync('sh', ['-c', question.family.script([] as never)], {
      env: { PATH: `${directory}:/usr/bin:/bin`, LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** As dockerd 26.1 writes it, with the lines of each start that say nothing of the fault. */
const DOCKER_START = Array.from(
  { length: 20 },
  (_, index) => `time="2026-11-28T09:40:${index}.1Z" level=info msg="Loading containers: start."`,
).join('\n');
const DOCKER_FAILED = `${DOCKER_START}
failed to start daemon: error initializing graphdriver: driver not supported: overlay9
`;

const says = (...lines: readonly string[]): string => `the journal of docker says:\n${lines.join('\n')}\n`;

const refused = (n: number): string =>
  `E1128 09:00:0${n}.1 1 reflector.go:1] "Failed to watch" err="dial tcp 10.0.0.1:6443: connect: connection refused"`;
const cause = (n: number): string =>
  `E1128 09:00:0${n}.1 1 pod.go:1] "Error syncing pod" err="CrashLoopBackOff"`;

describe('the journal of a unit', () => {
  const journal = journalOf('docker');

  it.each(['failed', 'activating', 'active'] as const)(
    'is that of the attempt that failed, though the next is %s',
    (state) => {
      expect(asked(journal, { state, failed: DOCKER_FAILED, running: DOCKER_START })).toBe(
        says('failed to start daemon: error initializing graphdriver: driver not supported: overlay9'),
      );
    },
  );

  it('is that of the unit that runs, where that has run steadily since an attempt failed', () => {
    const running = 'time="2026-11-28T09:50:00Z" level=error msg="cannot reach the registry"\n';
    expect(asked(journal, { state: 'active', activeFor: 60, failed: DOCKER_FAILED, running })).toBe(
      says(running.trim()),
    );
  });

  it('goes by the priority of lines first', () => {
    expect(asked(journal, { failed: DOCKER_FAILED, errors: 'disk full\n' })).toBe(says('disk full'));
  });

  it.each([
    ['logrus', 'time="x" level=info msg="an error was mended"\ntime="x" level=fatal msg="no room"', 1],
    ['zap', '{"level":"info","msg":"no fault"}\n{"level":"fatal","msg":"discovery failed"}', 1],
    [
      'klog',
      'I1128 09:00:00.1 1 server.go:1] "Failed to start, retried"\nW1128 09:00:00.1 1 x.go:1] "error"\nE1128 09:00:00.1 1 run.go:72] "command failed" err="failed to parse kubelet flag: unknown flag: --x"',
      2,
    ],
  ])('knows the levels of %s', (_, failed, at) => {
    expect(asked(journal, { failed })).toBe(says(failed.split('\n')[at] ?? ''));
  });

  it('tells each fault once, and what only follows from another one not at all', () => {
    expect(asked(journal, { failed: [cause(1), refused(1), cause(2), refused(2)].join('\n') })).toBe(
      says(cause(1)),
    );
    expect(asked(journal, { failed: [refused(1), refused(2)].join('\n') })).toBe(says(refused(1)));
  });

  it('shows the last lines where none tells of a fault, and is empty where there are none', () => {
    const lines = ['one', 'two', 'three', 'four', 'five', 'six'];
    expect(asked(journal, { failed: lines.join('\n') })).toBe(says(...lines.slice(1)));
    expect(asked(journal, {})).toBe('');
  });

  it.each([
    [
      'a word in it that tells of a fault',
      'containerd: `root` and `state` must be different paths\n',
      ['containerd: `root` and `state` must be different paths'],
    ],
    ['many lines', 'zero\none\ntwo\nthree\nfour\nfive\n', ['one', 'two', 'three', 'four', 'five']],
    ['a line of its own', '', []],
  ])('has what the program said before what systemd says of its containers, without %s', (_, failed, own) => {
    // As systemd 252 has it of a containerd that ends while pods run.
    const systemd = `Starting containerd.service - containerd container runtime...
Found left-over process 1790 (containerd-shim) in control group while starting unit. Ignoring.
This usually indicates unclean termination of a previous run, or service implementation deficiencies.
Main process exited, code=exited, status=1/FAILURE
Failed with result 'exit-code'.
Unit process 1790 (containerd-shim) remains running after unit stopped.
Unit process 1791 (containerd-shim) remains running after unit stopped.
Failed to start containerd.service - containerd container runtime.
`;
    expect(asked(journal, { failed, systemd })).toBe(
      says(
        ...own,
        'Main process exited, code=exited, status=1/FAILURE',
        "Failed with result 'exit-code'.",
        'Failed to start containerd.service - containerd container runtime.',
      ),
    );
  });
});
