import { expect, test } from 'vitest';

import { renderJunitPlan } from '#report/plan/junit-plan.ts';
import { file, nodesOf, planOf, threeHosts, troubled } from './fixture-plan.ts';

test('plan as JUnit fails what is to change, skips what is deferred and passes what is right', () => {
  const text = renderJunitPlan(threeHosts());
  expect(text).toContain('<testsuites tests="64" failures="38" errors="0" skipped="5" time="0.000">');
  expect(text).toContain(
    '<testcase classname="lab cp1" name="kernel sysctl:net.ipv4.ip_forward" time="0.000"><failure message="stored is null, wanted 1; live value is 0, wanted 1">',
  );
  expect(text).toContain(
    'name="runtime unit:containerd.service" time="0.000"><skipped message="skipped: waits for',
  );
});

test('plan as JUnit has what is in the way, and hosts that could not be asked, as failures', () => {
  const text = renderJunitPlan(troubled());
  expect(text).toContain('name="connection" time="0.000"><failure message="connect to 10.0.0.12 port 22');
  expect(text).toContain('<failure message="NumCPU: 1 CPU, and a control plane needs 2">');
});

test('plan as JUnit escapes what hosts and files are called', () => {
  const name = '"><testcase name="x"/>';
  const text = renderJunitPlan(planOf([{ name }], nodesOf(name, [['kernel', name, file(name, name)]])));
  expect(text.match(/<testcase/g)).toHaveLength(1);
});
