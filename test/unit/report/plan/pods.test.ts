import { expect, test } from 'vitest';

import type { NodePods, Plan } from '#core/plan.ts';
import { having } from '#core/resource.ts';
import { renderHtmlPlan } from '#report/plan/html-plan.ts';
import { renderMarkdownPlan } from '#report/plan/markdown-plan.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';

import { file, nodesOf, planOf } from './fixture-plan.ts';

const restarted = (): Plan => {
  const outcome = file('/etc/containerd/config.toml', 'a', 'b', ['containerd.service']);
  return planOf(
    [{ name: 'cp1' }, { name: 'w1' }, { name: 'w2' }],
    [
      ...nodesOf('w1', [['runtime', 'file:/etc/containerd/config.toml', outcome]]),
      ...nodesOf('w2', [['runtime', 'file:/etc/containerd/config.toml', outcome]]),
      ...nodesOf('cp1', [['runtime', 'kubeadm-reset', having(file('/x', 'a', 'b'), { destroys: ['cp1'] })]]),
    ],
  );
};

const train = (pods: number): NodePods['gpus'][number] => ({ owner: 'Job ml/train', pods });

const PODS: readonly NodePods[] = [
  { node: 'cp1', pods: 1, gpus: [] },
  { node: 'w1', pods: 12, gpus: [{ owner: 'Deployment ml/serve', pods: 1 }, train(2)] },
  { node: 'w2', pods: 3, gpus: [train(1)] },
];

const plain = { color: false, verbose: false, width: 100 };

test('a plan says how many pods run where something is disrupted, and whose those with GPUs are', () => {
  const text = renderTextPlan({ ...restarted(), pods: PODS }, plain);
  expect(text).toContain(`
Destroys: nothing of it can be got back
  cp1  1 pod runs there

Restarts
  containerd.service  w1, w2: containers go on running; 15 pods run there, 4 with GPUs

Pods with GPUs where anything is disrupted
  Job ml/train         w1, w2: 3 pods
  Deployment ml/serve  w1: 1 pod
`);
});

test('so it does in Markdown and in a browser', () => {
  const plan = { ...restarted(), pods: PODS };
  const markdown = renderMarkdownPlan(plan, plain);
  expect(markdown).toContain(
    '- `containerd.service` on w1, w2: containers go on running; 15 pods run there, 4 with GPUs',
  );
  expect(markdown).toContain('- `Job ml/train` on w1, w2: 3 pods');
  expect(renderHtmlPlan(plan)).toContain('["Job ml/train","3 pods","","w1, w2"]');
});

test('where the cluster does not say, nothing is said of pods', () => {
  const text = renderTextPlan(restarted(), plain);
  expect(text).toContain('  containerd.service  w1, w2: containers go on running\n');
  expect(text).not.toContain('pod');
});

test('many owners are counted after the first', () => {
  const gpus = Array.from({ length: 20 }, (_, index) => ({ owner: `Job ml/j${index}`, pods: 20 - index }));
  const text = renderTextPlan({ ...restarted(), pods: [{ node: 'w1', pods: 210, gpus }] }, plain);
  expect(text).toContain('  Job ml/j14  w1: 6 pods\n  and 5 more  w1: 15 pods\n');
});
