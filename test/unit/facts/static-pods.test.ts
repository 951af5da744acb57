import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

import { staticPods } from '#facts/static-pods.ts';

import { parseText } from './ask.ts';

const question = staticPods('unix:///run/containerd/containerd.sock');

const container = (name: string, createdAt: string, state = 'CONTAINER_RUNNING'): object => ({
  id: createdAt,
  metadata: { name, attempt: 0 },
  state,
  createdAt,
  labels: { 'io.kubernetes.container.name': name },
});

const said = (containers: readonly object[], ready: string): string =>
  `${gzipSync(JSON.stringify({ containers })).toString('base64')}\n${ready}\n`;

it('of each program the newest container counts, whether it runs or not', () => {
  const containers = [
    container('etcd', '1795254445419079123'),
    container('kube-apiserver', '1795254446419079123', 'CONTAINER_EXITED'),
    container('kube-apiserver', '1795254447000000001'),
    container('kube-apiserver', '1795254445000000001', 'CONTAINER_EXITED'),
  ];
  expect(parseText(said(containers, '[-]etcd failed: reason withheld'), [question])).toEqual([
    {
      createdAt: { etcd: '1795254445.419079123', 'kube-apiserver': '1795254447.000000001' },
      unready: '[-]etcd failed: reason withheld',
    },
  ]);
  expect(parseText(said([], ''), [question])).toEqual([{ createdAt: {}, unready: null }]);
});

it('where there is no runtime to ask, or no control plane, there are none', () => {
  const output = execFileSync('sh', ['-c', question.family.script([question.question] as never[])], {
    encoding: 'utf8',
  });
  expect(parseText(output, [question])).toEqual([{ createdAt: {}, unready: null }]);
});
