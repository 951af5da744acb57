import { expect, test } from 'vitest';

import { renderMarkdownPlan } from '#report/plan/markdown-plan.ts';
import { converged, file, nodesOf, planOf, sysctl, threeHosts, troubled } from './fixture-plan.ts';

test.each([
  ['three-hosts', threeHosts(), false],
  ['three-hosts-verbose', threeHosts(), true],
  ['troubled', troubled(), false],
])('Markdown plan %s reads as its golden', async (name, plan, verbose) => {
  await expect(renderMarkdownPlan(plan, { verbose })).toMatchFileSnapshot(`__snapshots__/plan-${name}.md`);
});

test('Markdown plan with nothing to do is a title and a sentence', () => {
  expect(renderMarkdownPlan(converged(), { verbose: false })).toBe(
    '### Plan of cluster `lab`, Kubernetes 1.34.9\n\n' +
      '**No changes. 64 resources on 3 hosts are as the inventory says.**\n',
  );
});

test('Markdown plan that is longer than a comment may be says which hosts are not shown', () => {
  const long = `${'x '.repeat(900)}\n`;
  const hosts = Array.from({ length: 9 }, (_, index) => `w${index + 1}`);
  const plan = planOf(
    hosts.map((name) => ({ name })),
    hosts.flatMap((host, index) =>
      // Each of them has something of its own, so that no two are shown together.
      nodesOf(host, [['kernel', `file:/etc/${index}`, file('/etc/x', long.repeat(30), null, ['x.service'])]]),
    ),
  );
  const text = renderMarkdownPlan(plan, { verbose: false });
  expect(text.length).toBeLessThan(65_536);
  expect(text.match(/<details>/g)).toHaveLength(2);
  expect(text).toContain('- `x.service` on w1, w2, w3, w4, w5, w6, w7, w8, w9\n');
  expect(text).toMatch(
    /Not shown, as a comment can hold no more: w3, w4, w5, w6, w7, w8, w9\. `slipway plan` shows all\.\n$/,
  );
});

test('Markdown plan shows the values of a resource that differ by host', () => {
  const plan = planOf(
    [{ name: 'cp1' }, { name: 'gpu01' }],
    [
      ...nodesOf('cp1', [sysctl('vm.swappiness', '60')]),
      ...nodesOf('gpu01', [sysctl('vm.swappiness', '10')]),
    ],
  );
  expect(renderMarkdownPlan(plan, { verbose: false })).toContain(
    '- `~ sysctl:vm.swappiness`\n' +
      '  - on cp1: `stored: (none) -> 1`, `live value: 60 -> 1`\n' +
      '  - on gpu01: `stored: (none) -> 1`, `live value: 10 -> 1`\n',
  );
});
