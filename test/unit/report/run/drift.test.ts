import { describe, expect, test } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { change, type Difference } from '#core/resource.ts';
import type { ChangeTime } from '#facts/change-times.ts';
import { driftSince, renderDrift, tracesOf } from '#report/run/drift.ts';
import type { RecordedRun } from '#report/run/recorded-run.ts';

import { goodReport } from '../../../cli/fake-cli.ts';
import { converged, planOf, threeHosts } from '../plan/fixture-plan.ts';

const maker = { inventory: 'abc', slipway: '1.2.3' };
const head = {
  format: 'slipway-journal/1',
  slipway: '1.2.3',
  command: 'apply',
  cluster: 'lab',
  inventory: 'abc',
  holder: 'me@laptop, pid 7',
  startedAt: '2026-11-28T19:12:00.123Z',
} as const;
const left: RecordedRun = { name: 'x', head, plan: converged(), work: [], report: goodReport };
const { report: _report, ...cutOff } = left;
const plain = { color: false, width: 100 };

/** What the plan of a drift says, where all that is asked about was changed at these times. */
function textOf(plan: Plan, run: RecordedRun, times: readonly (ChangeTime | null)[] = []): string {
  const drift = driftSince(run, plan, maker);
  return drift === undefined ? '' : renderDrift(drift, times, plain);
}

/** A plan of one resource on each of some hosts, and a run that has left it right. */
function drifted(hosts: readonly string[], address: string, ...whats: readonly string[]) {
  const differences = whats.map((what): Difference => ({ what, from: 'a', to: 'b' }));
  const nodes = hosts.map((host) => ({
    id: `${host}/x/${address}`,
    host,
    runsOn: address.startsWith('manifest:') ? 'cp1' : host,
    phase: 'x',
    address,
    needs: [],
    outcome: change(differences),
  }));
  const plan = planOf(
    hosts.map((name) => ({ name })),
    nodes,
  );
  return { plan, run: { ...left, plan } };
}

const at = (time: string, by: string | null = null): ChangeTime => ({ at: time, by });

describe('drift', () => {
  test('is what a plan changes of what the last run left right', () => {
    const text = textOf(threeHosts(), left);
    expect(text).toContain(
      'Drift: changed by somebody else since the run of 2026-11-28T19:12:00.123Z by me@laptop',
    );
    expect(text).toMatch(/file:\/etc\/fstab +content \(cp1, gpu01, gpu02\)\n/);
  });

  test.each<[string, Plan, RecordedRun, Partial<typeof maker>]>([
    ['nothing is to change', converged(), left, {}],
    ['the inventory is another', threeHosts(), left, { inventory: 'def' }],
    ['slipway is another', threeHosts(), left, { slipway: '1.2.4' }],
    ['the run was cut off', threeHosts(), cutOff, {}],
    ['the run was of another cluster', { ...threeHosts(), cluster: 'other' }, left, {}],
  ])('is not told where %s', (_why, now, last, changed) => {
    expect(driftSince(last, now, { ...maker, ...changed })).toBeUndefined();
  });

  test('is not told of what the last run did not do', () => {
    const failed = threeHosts().nodes.map(({ id, host, phase, address }) => ({
      node: { id, host, phase, address },
      why: 'x',
    }));
    expect(textOf(threeHosts(), { ...left, report: { ...goodReport, left: failed } })).toBe('');
  });
});

describe('since when there is a drift', () => {
  test.each([
    ['file:/etc/fstab', ['content', 'mode'], [['w1', 'file', '/etc/fstab']]],
    ['nvidia-runtime:/etc/docker/daemon.json', ['content'], [['w1', 'file', '/etc/docker/daemon.json']]],
    ['stray-files:/etc/x/*.conf', ['/etc/x/a.conf'], [['w1', 'file', '/etc/x/a.conf']]],
    ['packages:containerd', ['containerd version', 'containerd held'], [['w1', 'package', 'containerd']]],
    ['unit:kubelet.service', ['active', 'enabled'], [['w1', 'unit', 'kubelet.service']]],
    [
      'manifest:Calico v3',
      ['Deployment kube-system/calico', 'new objects'],
      [['cp1', 'object', 'Deployment kube-system/calico']],
    ],
    ['sysctl:net.ipv4.ip_forward', ['live value'], []],
  ])('%s of which %j differs is asked of %j', (address, whats, expected) => {
    const { plan, run } = drifted(['w1'], address, ...whats);
    const drift = driftSince(run, plan, maker);
    const asked = drift && tracesOf(drift).map(({ host, trace: { of, name } }) => [host, of, name]);
    expect(asked).toEqual(expected);
  });

  test('is told of one host, and by whom where that is known', () => {
    const file = drifted(['w1'], 'file:/etc/fstab', 'content');
    expect(textOf(file.plan, file.run, [at('2026-11-29T01:02:03Z')])).toContain(
      '  file:/etc/fstab  content (w1), since 2026-11-29T01:02:03Z\n',
    );
    const object = drifted(['w1'], 'manifest:x', 'ConfigMap kube-system/x');
    expect(textOf(object.plan, object.run, [at('2026-11-29T01:02:03Z', 'kubectl-edit')])).toContain(
      'ConfigMap kube-system/x (w1), since 2026-11-29T01:02:03Z by kubectl-edit\n',
    );
  });

  test('of several hosts is told of the first', () => {
    const { plan, run } = drifted(['w1', 'w2', 'w3'], 'file:/etc/fstab', 'content');
    const times = [at('2026-11-29T03:00:00Z'), at('2026-11-29T01:00:00Z'), null];
    expect(textOf(plan, run, times)).toContain('content (w1, w2, w3), first at 2026-11-29T01:00:00Z on w2\n');
  });

  test('is not told by times from before the end of the run', () => {
    const { plan, run } = drifted(['w1'], 'file:/etc/fstab', 'content');
    // The run took 1.5 s.
    expect(textOf(plan, run, [at('2026-11-28T19:12:01Z')])).toContain('content (w1)\n');
    expect(textOf(plan, run, [at('2026-11-28T19:12:02Z')])).toContain('content (w1), since');
  });
});
