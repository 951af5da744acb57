import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type CriAnswer, criState } from '#facts/cri.ts';

import { parseText } from './ask.ts';

const question = criState('unix:///run/containerd/containerd.sock', 'containerd.service');

describe('the CRI socket', () => {
  // crictl 1.34 with containerd 1.7.24 on Debian 13, line ends as the script has them.
  it.each([
    [
      'answers\nVersion:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  1.7.24~ds1\nRuntimeApiVersion:  v1\nend\n',
      { state: 'answers', runtime: 'containerd', version: '1.7.24~ds1' },
    ],
    [
      'silent\ttime="2026-11-21T01:42:43Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/containerd/containerd.sock\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService"\ttime="2026-11-21T01:42:40Z" level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config: `mirrors` cannot be set when `config_path` is provided"\trunning\nend\n',
      {
        state: 'silent',
        why: 'unknown service runtime.v1.RuntimeService',
        journal: expect.stringContaining('`mirrors` cannot be set') as string,
        isStarting: false,
      },
    ],
    [
      'silent\tits CRI plugin is in state error\tstarting\nend\n',
      { state: 'silent', why: 'its CRI plugin is in state error', journal: '', isStarting: true },
    ],
    // containerd 1.6.20 on Debian 12: whatever its journal says, it is on its way.
    [
      'silent\ttime="2026-11-30T08:30:00Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/containerd/containerd.sock\\": rpc error: code = Unknown desc = server is not initialized yet"\ttime="2026-11-30T08:29:40Z" level=error msg="something else"\trunning\nend\n',
      { state: 'silent', why: 'server is not initialized yet', journal: '', isStarting: false },
    ],
    ['unasked\nend\n', { state: 'unasked' }],
  ])('is read: %j', (output, answer) => {
    expect(parseText(output, [question])).toEqual([answer]);
  });

  it('is not taken for anything that was not said', () => {
    expect(() => parseText('sh: 1: nonsense\nend\n', [question])).toThrow('not an answer about CRI');
  });
});

/** containerd 1.6.20 on a host without a network for pods, lines of `journalctl -o cat`. */
const NO_NETWORK =
  'time="2026-11-30T07:35:12.136624842Z" level=error msg="failed to load cni during init, please check CRI plugin status before setting up network for pods" error="cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config"';
const NO_PLUGIN =
  'time="2026-11-30T07:35:12.136000000Z" level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid stream idle timeout"';

describe('a silent CRI socket, asked by the script itself', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-cri-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const standIn = (name: string, body: string): void => {
    writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(directory, name), 0o755);
  };

  /** With stand-ins for the programs of a host, whose unit was started so long ago. */
  const ask = (journal: readonly string[], startedAgoS: number): CriAnswer | undefined => {
    standIn('crictl', 'echo "rpc error: code = Unimplemented desc = unknown service it" >&2; exit 1');
    standIn('journalctl', journal.map((line) => `echo '${line}'`).join('\n'));
    const startedAt = Math.round((uptime() - startedAgoS) * 1_000_000);
    standIn('systemctl', `printf 'InvocationID=abc\nActiveEnterTimestampMonotonic=${startedAt}\n'`);
    const output = execFileSync('sh', ['-c', question.family.script([question.question] as never[])], {
      encoding: 'utf8',
      env: { PATH: `${directory}:/usr/bin:/bin`, LC_ALL: 'C' },
    });
    return parseText(output, [question])[0];
  };

  it.each([
    ['the missing network is no reason', [NO_NETWORK], 3600, { journal: '', isStarting: false }],
    [
      'the missing network does not hide the reason',
      [NO_PLUGIN, NO_NETWORK],
      3600,
      { journal: NO_PLUGIN, isStarting: false },
    ],
    ['started a moment ago', [NO_PLUGIN], 1, { journal: NO_PLUGIN, isStarting: true }],
  ])('%s', (_, journal, startedAgoS, expected) => {
    expect(ask(journal, startedAgoS)).toEqual({ state: 'silent', why: 'unknown service it', ...expected });
  });
});
