import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { changeTime, type Trace } from '#facts/change-times.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

const MANAGED = [
  '2026-11-28T10:00:00Z||slipway',
  '2026-11-28T11:00:00Z||kubectl-edit',
  '2026-11-28T09:00:00Z||kubectl-create',
  '2026-11-28T12:00:00Z|status|kube-controller-manager',
];

const PROGRAMS = {
  kubectl: `printf '%s\\n' "$*" >>calls; printf '%s\\n' ${MANAGED.map((line) => `'${line}'`).join(' ')}`,
  systemctl: `case $* in *kubelet.service) echo @1764357120;; *) echo ;; esac`,
  rpm: `case $* in *containerd.io) echo 1764357121;; *) echo "package is not installed"; exit 1;; esac`,
};

/** Asks by a real shell, of programs that give these answers, and a database of dpkg's below a scratch directory. */
async function ask(...traces: readonly Trace[]) {
  const directory = await scratchDirectory();
  for (const [name, body] of Object.entries(PROGRAMS)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${body.replace('calls', join(directory, 'calls'))}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  for (const name of ['kubelet.list', 'libc6:amd64.list', 'admin.conf', 'calls', 'a file'])
    writeFileSync(join(directory, name), name === 'calls' ? '' : 'x');
  utimesSync(join(directory, 'kubelet.list'), 1_764_357_122, 1_764_357_122);
  utimesSync(join(directory, 'libc6:amd64.list'), 1_764_357_123, 1_764_357_123);
  const { family } = changeTime({ of: 'file', name: '' });
  const placed = traces.map((trace) => ({ ...trace, name: trace.name.replace('HERE', directory) })) as never;
  const script = family
    .script(placed)
    .replaceAll('/var/lib/dpkg/info', directory)
    .replaceAll('/etc/kubernetes/admin.conf', join(directory, 'admin.conf'));
  const env = { PATH: [directory, process.env['PATH']].join(delimiter) };
  const { stdout, stderr, status } = spawnSync('dash', ['-c', script], { env, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const answers = family.parse(stdout, placed);
  return { answers, calls: readFileSync(join(directory, 'calls'), 'utf8') };
}

describe('when something was changed', () => {
  it('is when a file got its content, mode or owner', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { answers } = await ask({ of: 'file', name: 'HERE/a file' }, { of: 'file', name: '/nowhere' });
    const [first, second] = answers;
    expect(Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(before);
    expect([first?.by, second]).toEqual([null, null]);
  });

  it('is when a package was installed, of dpkg and of rpm', async () => {
    const names = ['kubelet', 'libc6', 'containerd.io', 'nothing'];
    const { answers } = await ask(...names.map((name) => ({ of: 'package', name }) as const));
    expect(answers.map((one) => one?.at)).toEqual([
      '2025-11-28T19:12:02Z',
      '2025-11-28T19:12:03Z',
      '2025-11-28T19:12:01Z',
      undefined,
    ]);
  });

  it('is when a unit came to be as it is', async () => {
    const { answers } = await ask(
      { of: 'unit', name: 'kubelet.service' },
      { of: 'unit', name: 'never.service' },
    );
    expect(answers).toEqual([{ at: '2025-11-28T19:12:00Z', by: null }, null]);
  });

  it('is when another than slipway has last had fields of an object, and who', async () => {
    const { answers, calls } = await ask(
      { of: 'object', name: 'Deployment kube-system/web' },
      { of: 'object', name: 'ClusterRole system:x' },
    );
    expect(answers[0]).toEqual({ at: '2026-11-28T11:00:00Z', by: 'kubectl-edit' });
    expect(calls).toContain('get Deployment web -n kube-system --show-managed-fields');
    expect(calls).toContain('get ClusterRole system:x --show-managed-fields');
  });
});
