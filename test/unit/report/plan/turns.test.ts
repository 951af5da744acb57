import { expect, test } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { renderMarkdownPlan } from '#report/plan/markdown-plan.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';

import { threeHosts } from './fixture-plan.ts';

const inTurns = (batches: readonly (readonly string[])[]): Plan => ({
  ...threeHosts(),
  rollouts: [{ daemon: 'kubelet', batches }],
});
const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `w${String(from + n).padStart(2, '0')}`);

test.each([
  [[['w1'], ['w2'], ['cp1']], 'w1, w2, cp1 (one at a time)'],
  [
    [['w01'], numbered(2, 5), numbered(6, 9), ['cp1'], ['cp2']],
    'w01, then w02, w03, w04, w05, w06, w07, w08, w09 (4 at a time), then cp1, cp2 (one at a time)',
  ],
  [[['w01'], numbered(2, 21), numbered(22, 41), ['cp1']], 'w01, then w02..w41 (20 at a time), then cp1'],
])('hosts that take turns stand in a plan in their order: %j', (batches, text) => {
  const plain = renderTextPlan(inTurns(batches), { color: false, verbose: false, width: 200 });
  expect(plain).toContain('In turns: the first host that does not come up again stops the others\n');
  expect(plain).toContain(`  kubelet  ${text}\n`);
  const markdown = renderMarkdownPlan(inTurns(batches), { verbose: false });
  expect(markdown).toContain(`- \`kubelet\`: ${text}\n`);
});

test('a plan in which nobody takes turns says nothing of them', () => {
  expect(renderTextPlan(threeHosts(), { color: false, verbose: false, width: 100 })).not.toContain('turns');
});
