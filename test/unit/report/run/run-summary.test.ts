import { expect, test } from 'vitest';

import type { Failure, NodeRef, RunReport } from '#core/event.ts';
import { renderRunSummary } from '#report/run/run-summary.ts';

const ref = (host: string, phase: string, address: string): NodeRef => ({
  id: `${host}/${phase}/${address}`,
  host,
  phase,
  address,
});

const good: RunReport = {
  changed: 41,
  unchanged: 12,
  failed: [],
  skipped: [],
  paused: [],
  afterwards: [],
  unreachable: [],
  left: [],
  restarts: [
    { host: 'cp1', unit: 'containerd.service' },
    { host: 'gpu01', unit: 'containerd.service' },
    { host: 'cp1', unit: 'kubelet.service' },
  ],
  unrevoked: [],
  criticalPath: [],
  elapsedMs: 183_400,
};

const failure: Failure = {
  message: 'install kubelet: exit code 100',
  command:
    'set -e\nexport DEBIAN_FRONTEND=noninteractive\napt-get update\napt-get install kubelet\napt-mark hold kubelet',
  output: 'Reading package lists...\n\u001b[1;31mE:\u001b[0m Version 1.34.9-1.1 for kubelet was not found\n',
  hint: 'look whether the repository has this version: apt-cache madison kubelet',
};

const bad: RunReport = {
  ...good,
  changed: 17,
  failed: [
    { node: ref('gpu01', 'kubernetes', 'packages:kubernetes'), failure },
    { node: ref('gpu02', 'kubernetes', 'packages:kubernetes'), failure },
    {
      node: ref('cp1', 'control-plane', 'kubeadm-init'),
      failure: {
        message: 'the connection to cp1 was lost: read ECONNRESET',
        hint: 'run the same command again',
      },
    },
  ],
  skipped: [
    { node: ref('gpu01', 'join', 'kubeadm-join'), because: 'gpu01/kubernetes/packages:kubernetes failed' },
    {
      node: ref('gpu01', 'join', 'file:/etc/join.yaml'),
      because: 'gpu01/kubernetes/packages:kubernetes failed',
    },
    { node: ref('gpu03', 'join', 'kubeadm-join'), because: 'cp1/control-plane/kubeadm-init failed' },
  ],
  unreachable: [
    { host: 'gpu04', why: 'connect to 10.0.0.14 port 22: No route to host' },
    { host: 'gpu05', why: 'connect to 10.0.0.14 port 22: No route to host' },
  ],
  left: [{ node: ref('gpu03', 'kernel', 'sysctl:net.ipv4.ip_forward'), why: 'live value: "0" -> "1"' }],
  unrevoked: ['join-token'],
};

test('run summary of a run that went well reads as its golden', async () => {
  await expect(renderRunSummary(good, { color: false })).toMatchFileSnapshot(
    '__snapshots__/summary-good.txt',
  );
});

test('run summary of a run that failed reads as its golden', async () => {
  await expect(renderRunSummary(bad, { color: false })).toMatchFileSnapshot('__snapshots__/summary-bad.txt');
});

test('run summary tells the same failure on many hosts once', () => {
  const failed = Array.from({ length: 50 }, (_, index) => ({
    node: ref(`gpu${String(index + 1).padStart(2, '0')}`, 'kubernetes', 'packages:kubernetes'),
    failure,
  }));
  const text = renderRunSummary({ ...good, failed }, { color: false });
  expect(text.match(/was not found/g)).toHaveLength(1);
  expect(text).toContain('gpu01..gpu50');
});

test('run summary says what to do about hosts that could not be reached, below the reason', () => {
  const unreachable = [{ host: 'gpu04', why: 'no route', hint: 'look whether it runs' }];
  expect(renderRunSummary({ ...good, unreachable }, { color: false })).toContain(
    'Unreachable\n  gpu04  no route\n         Hint: look whether it runs\n',
  );
});

test('run summary tells what many hosts had to skip for their own failures once', () => {
  const skipped = ['gpu01', 'gpu02', 'gpu03'].map((host) => ({
    node: ref(host, 'join', 'kubeadm-join'),
    because: `${host}/kubernetes/packages:kubernetes failed`,
  }));
  expect(renderRunSummary({ ...good, skipped }, { color: false })).toContain(
    '3 resources  on gpu01, gpu02, gpu03: <host>/kubernetes/packages:kubernetes failed\n',
  );
});

test.each(['phase', 'message', '1', 'code'])('run summary of a host called %s is right', (name) => {
  const failed = [name, 'gpu02'].map((host) => ({
    node: ref(host, 'runtime', 'unit:containerd.service'),
    failure,
  }));
  const text = renderRunSummary({ ...good, failed }, { color: false });
  expect(text).toContain(
    `  ${name}, gpu02  runtime  unit:containerd.service\n    install kubelet: exit code 100\n`,
  );
});

test('run summary shows the last lines of a long output', () => {
  const output = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`).join('\n');
  const [node] = bad.failed.map((entry) => entry.node);
  const text = renderRunSummary(
    { ...good, failed: node ? [{ node, failure: { message: 'it failed', output } }] : [] },
    { color: false },
  );
  expect(text).toContain('| line 100');
  expect(text).not.toContain('| line 80\n');
});

test('run summary says what has become of a daemon that failed', () => {
  const recovery = '/etc/containerd/config.toml is as before again, and containerd is well on it';
  const failed = [
    { node: ref('w1', 'runtime', 'unit:containerd.service'), failure: { ...failure, recovery } },
  ];
  expect(renderRunSummary({ ...good, failed }, { color: false })).toContain(`\n    ${recovery}\n`);
});

test('run summary names a file that is as before again once, and other files that are left', () => {
  const recovery = '/etc/a.toml, /etc/b.conf are as before again, and containerd is well on it';
  const failed = [{ node: ref('w1', 'runtime', 'unit:containerd'), failure: { ...failure, recovery } }];
  const left = [
    ref('w1', 'runtime', 'file:/etc/a.toml'),
    ref('w1', 'nvidia', 'nvidia-runtime:/etc/b.conf'),
    ref('w1', 'kernel', 'file:/etc/c.conf'),
    ref('w2', 'runtime', 'file:/etc/a.toml'),
  ].map((node) => ({ node, why: 'content differs' }));
  const text = renderRunSummary({ ...good, failed, left }, { color: false });
  expect(text.split('\n').filter((line) => line.includes('content differs'))).toEqual([
    '  w1  kernel  file:/etc/c.conf: content differs',
    '  w2  runtime  file:/etc/a.toml: content differs',
  ]);
  expect(text).toContain('1 failed, 2 left');
});

test('a run that pauses as the inventory wants says what is left to the next one, and is no failure', () => {
  const because = 'upgrade.pauseAfter: group:canary';
  const paused = ['w2', 'w3'].map((host) => ({ node: ref(host, 'upgrade', 'kubeadm-upgrade'), because }));
  const text = renderRunSummary({ ...good, paused }, { color: false });
  expect(text).toMatch(/Left to the next run\n +2 resources +on w2, w3: upgrade\.pauseAfter: group:canary/);
  expect(text).toContain('Paused: 41 changed in');
  expect(text).not.toContain('Nothing is left to do');
});

test('what is left to a person is told once, with the hosts that it comes from', () => {
  const text = 'admin.conf has a new certificate: fetch kubeconfigs again, slipway kubeconfig';
  const afterwards = ['cp1', 'cp2'].map((host) => ({ host, text }));
  const summary = renderRunSummary({ ...good, afterwards }, { color: false });
  expect(summary).toMatch(/Left to you\n +cp1, cp2 +admin\.conf has a new certificate/);
  expect(summary.match(/slipway kubeconfig/g)).toHaveLength(1);
});
