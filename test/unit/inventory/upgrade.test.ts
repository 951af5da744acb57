import { describe, expect, test } from 'vitest';

import { host, inventory, parse, problemsOf } from './inventory-fixture.ts';

describe('the order of an upgrade', () => {
  test.each([
    ['a worker that is not there', 'upgrade: {order: [w9]}'],
    ['a control plane, which has its own place', 'upgrade: {order: ["role:control-plane"]}'],
    ['a group that is not there', 'upgrade: {pauseAfter: ["group:canary"]}'],
    ['a label that nobody has', 'upgrade: {pauseAfter: ["label:pool=batch"]}'],
  ])('%s is refused', async (_, upgrade) => {
    expect(await problemsOf(host('labels: {pool: web}', upgrade))).toMatchSnapshot('message');
  });

  test('names hosts by name, group, role and label', async () => {
    const { cluster } = await parse(
      [
        'kubernetes: {version: "1.34.9"}',
        'groups: {canary: {labels: {pool: web}}}',
        'upgrade: {order: ["group:canary", "label:pool=b*", "w?"], pauseAfter: ["role:control-plane"]}',
        'hosts:',
        '  - {name: cp1, address: 10.0.0.11, role: control-plane}',
        '  - {name: w1, address: 10.0.0.12, labels: {pool: batch}}',
        '  - {name: w2, address: 10.0.0.13, group: canary}',
      ].join('\n'),
    );
    expect(cluster.upgrade).toMatchObject({
      order: [['w2'], ['w1'], ['w1', 'w2']],
      pauseAfter: [{ after: 'role:control-plane', hosts: ['cp1'] }],
    });
  });
});

describe('drains', () => {
  test('are wanted by kind, and by none that is not said', async () => {
    const drain = 'drain: {runtimes: {docker: whenRestarting}, nvidia: always, timeout: 60}';
    const { cluster } = await parse(inventory(`upgrade: {${drain}}`));
    expect(cluster.upgrade.drain).toMatchObject({
      when: 'minor',
      runtimes: { containerd: 'never', docker: 'whenRestarting', 'cri-o': 'never' },
      nvidia: 'always',
      timeoutMs: 60_000,
    });
  });

  test.each([
    ['of a runtime that there is not', 'runtimes: {podman: always}'],
    ['at a time that there is not', 'nvidia: minor'],
  ])('%s are refused', async (_, drain) => {
    expect(await problemsOf(inventory(`upgrade: {drain: {${drain}}}`))).toMatchSnapshot('message');
  });
});
