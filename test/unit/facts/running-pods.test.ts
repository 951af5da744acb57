import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { runningPods } from '#facts/running-pods.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

/** `node|namespace|name|kinds of owners|names of owners|pod-template-hash|limits`. */
const PODS = [
  'w2|ml|train-1|Job|train||{"nvidia.com/gpu":"2"}',
  'w1|shop|web-7c9-x|ReplicaSet|web-7c9|7c9|{"cpu":"1"}',
  'w1|ml|train-0|Job|train||{"nvidia.com/gpu":"2"}',
  'w1|ml|serve-5d4-a|ReplicaSet|serve-5d4|5d4|{"cpu":"1"} {"nvidia.com/gpu":"1"}',
  'w1|ml|serve-5d4-b|ReplicaSet|serve-5d4|5d4|{"nvidia.com/gpu":"1"}',
  'w1|ml|other-a|ReplicaSet|other||{"nvidia.com/mig-1g.10gb":"1"}',
  'w1|ml|alone||||{"nvidia.com/gpu":"1"}',
  'w1|ml|owned-twice|Workflow Job|first second||{"nvidia.com/gpu":"1"}',
  '|ml|nowhere-yet|Job|train||{"nvidia.com/gpu":"1"}',
];

/** Asks by a real shell, of a kubectl that gives these answers. */
async function ask(nodes: readonly (string | null)[], pods: readonly string[], code = 0) {
  const directory = await scratchDirectory();
  const program = join(directory, 'kubectl');
  const calls = join(directory, 'calls');
  writeFileSync(join(directory, 'pods'), pods.join('\n'));
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$*" >>${calls}\ncat ${directory}/pods\nexit ${code}\n`);
  chmodSync(program, 0o755);
  const { family } = runningPods(null);
  const questions = nodes.map((node) => runningPods(node).question) as never;
  // The guard that asks for a control plane's files stands first.
  const script = family.script(questions).split('\n').slice(1).join('\n');
  const env = { PATH: [directory, process.env['PATH']].join(delimiter) };
  const { stdout, stderr, status } = spawnSync('dash', ['-c', script], { env, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return { answers: family.parse(stdout, questions), calls: readFileSync(calls, 'utf8').trim().split('\n') };
}

describe('pods that run', () => {
  it('are counted by node, and with GPUs by who made them', async () => {
    const { answers, calls } = await ask([null], PODS);
    expect(answers).toEqual([
      [
        {
          node: 'w1',
          pods: 7,
          gpus: [
            { owner: 'Deployment ml/serve', pods: 2 },
            { owner: 'Job ml/train', pods: 1 },
            { owner: 'Pod ml/alone', pods: 1 },
            { owner: 'ReplicaSet ml/other', pods: 1 },
            { owner: 'Workflow ml/first', pods: 1 },
          ],
        },
        { node: 'w2', pods: 1, gpus: [{ owner: 'Job ml/train', pods: 1 }] },
      ],
    ]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toContain(
      '--field-selector=spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed ',
    );
  });

  it('of one node are asked for alone', async () => {
    const { answers, calls } = await ask(['w2'], PODS.slice(0, 1));
    expect(answers).toMatchObject([[{ node: 'w2', pods: 1 }]]);
    expect(calls[0]).toContain('--field-selector=spec.nodeName=w2,');
    expect((await ask(['w2', 'w1'], PODS)).answers).toMatchObject([[{ node: 'w2' }], [{ node: 'w1' }]]);
  });

  it('are none where there are none, and not known where the API server does not say', async () => {
    expect((await ask([null], [])).answers).toEqual([[]]);
    expect((await ask([null], PODS, 1)).answers).toEqual([null]);
  });
});
