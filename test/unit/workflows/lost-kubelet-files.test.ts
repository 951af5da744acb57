import { expect, it } from 'vitest';

import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Answers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase } from '../../../scripts/bench/planning-case.ts';
import { missingFile } from '../../support/file-answer.ts';

const { cluster, artifacts, text } = await planningCase(2, 'done');

it.each([
  ['is gone', KUBEADM_FILES.kubeletConfiguration, 'absent', missingFile],
  [
    'is empty',
    KUBEADM_FILES.kubeletConfiguration,
    'empty-file',
    { ...missingFile, type: 'file', content: '' },
  ],
  ['is gone', KUBEADM_FILES.kubeletFlags, 'absent', missingFile],
])('of a worker whose file %s, nothing refuses to write it anew: %s', (_, path, kind, file) => {
  const answers = JSON.parse(text) as Answers;
  const worker = answers['w1'] as Record<string, Record<string, Json>>;
  worker['path']![pathKind(path).key] = kind;
  worker['file']![fileContent(path).key] = file;
  const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts });
  const hosts = cluster.hosts.map(({ name }) => ({ name }));
  const version = cluster.kubernetes.version;
  const { nodes } = makePlan({
    cluster: 'c',
    kubernetes: version,
    ignoredChecks: [],
    graph,
    answers,
    hosts,
  });
  const own = nodes.filter(({ host, phase }) => host === 'w1' && phase === 'kubelet');
  expect(own.find(({ address }) => address === `file:${path}`)?.outcome.answer).toBe('change');
  expect(own.filter(({ outcome }) => outcome.answer === 'refused')).toEqual([]);
  expect(own.find(({ address }) => address === 'unit:kubelet.service')?.outcome).toMatchObject({
    answer: 'change',
    restarts: ['kubelet.service'],
  });
});
