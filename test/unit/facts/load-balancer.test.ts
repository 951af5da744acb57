import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { daemonHealth } from '#facts/daemon-health.ts';
import { proxyHosts } from '#facts/proxy-hosts.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { parseText } from './ask.ts';

/** Runs the program that a host is sent, where some of its programs and paths are others. */
function askIn<Answer extends Json>(
  facts: readonly Fact<Answer>[],
  { bin, root }: { readonly bin?: string; readonly root?: string },
): readonly Answer[] {
  const questions = facts.map(({ question }) => question) as never[];
  const script = facts[0]?.family.script(questions) ?? '';
  const output = execFileSync(
    'sh',
    ['-c', root === undefined ? script : script.replaceAll('/var/lib', root)],
    {
      env: { PATH: [bin, process.env['PATH']].join(':') },
      encoding: 'utf8',
    },
  );
  return parseText(output, facts);
}

describe('whether a daemon is well', () => {
  it('is told of each by itself', async () => {
    const bin = await scratchDirectory();
    const program = (name: string, text: string) =>
      writeFile(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    await program(
      'systemctl',
      'case $2 in up*) echo active;; off*) echo inactive; exit 3;; *) exit 4;; esac',
    );
    await program(
      'ss',
      "echo 'LISTEN 0 128 127.0.0.1:8443 0.0.0.0:*'; echo 'LISTEN 0 128 [::]:16443 [::]:*'",
    );
    const facts = [
      daemonHealth('up.service', 8443),
      daemonHealth('up.service', 16_443),
      daemonHealth('up.service', 443),
      daemonHealth('up.service', 6443),
      daemonHealth('up.service', null),
      daemonHealth('off.service', 8443),
      daemonHealth('none.service', null),
    ];
    expect(askIn(facts, { bin })).toEqual([
      { state: 'answers' },
      { state: 'answers' },
      { state: 'silent', why: 'nobody listens on port 443' },
      { state: 'silent', why: 'nobody listens on port 6443' },
      { state: 'answers' },
      { state: 'silent', why: 'off.service is inactive' },
      { state: 'silent', why: 'none.service is not there' },
    ]);
  });
});

describe("what a name is in kube-proxy's own file", () => {
  it('is told of its pods, and of no others', async () => {
    const root = await scratchDirectory();
    const pod = async (uid: string, container: string, hosts: string | undefined): Promise<void> => {
      await mkdir(join(root, 'kubelet/pods', uid, 'containers', container), { recursive: true });
      if (hosts !== undefined) await writeFile(join(root, 'kubelet/pods', uid, 'etc-hosts'), hosts);
    };
    await pod(
      'a',
      'kube-proxy',
      '# Kubernetes-managed hosts file (host network).\n# 9.9.9.9 api.lab\n10.0.0.1\tcp1 api.lab\n',
    );
    await pod('b', 'kube-proxy', '127.0.0.1 localhost api.lab.example\n');
    await pod('c', 'kube-proxy', undefined);
    await pod('d', 'coredns', '10.0.0.1 api.lab\n');
    expect(askIn([proxyHosts('api.lab'), proxyHosts('localhost')], { root })).toEqual([
      [
        { uid: 'a', address: '10.0.0.1' },
        { uid: 'b', address: null },
      ],
      [
        { uid: 'a', address: null },
        { uid: 'b', address: '127.0.0.1' },
      ],
    ]);
  });

  it('is nothing where there are no pods', async () => {
    const root = await scratchDirectory();
    expect(askIn([proxyHosts('api.lab')], { root: join(root, 'nowhere') })).toEqual([[]]);
  });
});
