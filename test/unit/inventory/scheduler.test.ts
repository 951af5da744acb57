import { describe, expect, test } from 'vitest';

import { kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const scheduler = (text: string): string => kubernetes(`scheduler: {${text}}`);

describe('the configuration of the scheduler', () => {
  test.each([
    ['a field that it does not know', 'config: {percentageOfNodestoScore: 50}'],
    ['a field that its profiles do not know', 'config: {profiles: [{plugin: {}}]}'],
    ['profiles that are none', 'config: {profiles: {schedulerName: a}}'],
    ['no profile', 'config: {profiles: []}'],
    ['two profiles of one name', 'config: {profiles: [{}, {schedulerName: default-scheduler}]}'],
    ['an old version', 'config: {apiVersion: kubescheduler.config.k8s.io/v1beta3}'],
    ['another kind', 'config: {kind: KubeletConfiguration}'],
    ['another kubeconfig', 'config: {clientConnection: {kubeconfig: /root/.kube/config}}'],
    ['another file', 'extraArgs: {config: /etc/kubernetes/other.yaml}, config: {}'],
    ['a flag that is ignored', 'extraArgs: {profiling: "false"}, config: {}'],
  ])('%s is refused', async (_, text) => {
    expect(await problemsOf(scheduler(text))).toMatchSnapshot('message');
  });

  test('no election is refused where there are several control planes', async () => {
    const one = scheduler('config: {leaderElection: {leaderElect: false}}');
    expect(await problemsOf(one)).toBe('');
    const two = `${one}\n  - {name: cp2, address: 10.0.0.12, role: control-plane}`;
    expect(await problemsOf(two)).toContain(
      'leaderElection.leaderElect: must not be false with several control planes: each of them would schedule all pods',
    );
  });

  test('is as it is written, and nothing where nothing is', async () => {
    const { cluster } = await parse(scheduler('config: {profiles: [{schedulerName: a}, {}]}'));
    expect(cluster.kubernetes.scheduler).toEqual({
      extraArgs: {},
      extraVolumes: [],
      config: { profiles: [{ schedulerName: 'a' }, {}] },
    });
    expect((await parse(scheduler('extraArgs: {}'))).cluster.kubernetes.scheduler).not.toHaveProperty(
      'config',
    );
  });

  test('has a place that nobody else writes', async () => {
    const text = scheduler('extraArgs: {}').replace(
      'role: control-plane}',
      'role: control-plane, files: {/etc/kubernetes/scheduler/configuration.yaml: {content: x}}}',
    );
    expect(await problemsOf(text)).toContain('is written of kubernetes.scheduler.config');
  });
});
