import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { nodePodsStep, rolloutStep } from '#resources/cluster/rollout-wait.ts';
import type { Workload } from '#objects/workload.ts';

const workload: Workload = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'calico-node',
  selector: 'k8s-app=calico-node',
};

interface Answers {
  /** `generation observed desired updated`. */
  readonly status: string;
  /** Nodes and whether they are Ready: `w1 True`. */
  readonly nodes: string;
  /** Lines of pods: `node|name|ready|deleted|reasons and messages`. */
  readonly pods: string;
}

/** Runs a script with a kubectl that gives these answers, and a clock that leaps 50 s each time it is asked. */
function run(
  script: string,
  { status, nodes, pods }: Answers,
): { readonly code: number | null; readonly output: string } {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-rollout-'));
  const program = (name: string, text: string): void => {
    const path = join(directory, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };
  program(
    'kubectl',
    `case " $* " in *' get nodes '*) echo '${nodes}';; *' get pods '*) echo '${pods}';; *' get DaemonSet '*) echo '${status}';; esac`,
  );
  program('date', `cd ${directory}; echo x >>clock; echo $(( $(wc -l <clock) * 50 ))`);
  program('sleep', ':');
  const env = { PATH: [directory, process.env['PATH']].join(delimiter) };
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync('dash', ['-ec', script], { env, encoding: 'utf8', timeout: 20_000 });
  rmSync(directory, { recursive: true });
  return { code, output: `${stdout}${stderr}` };
}

const script = (step: ReturnType<typeof rolloutStep>): string => step.script;

describe('a rollout', () => {
  const rollout = script(rolloutStep(workload));

  it('ends when every pod is new and ready', () => {
    const answers = { status: '2 2 2 2', nodes: 'w1 True\nw2 True', pods: 'w1|a|True|| \nw2|b|True|| ' };
    expect(run(rollout, answers)).toEqual({ code: 0, output: '' });
  });

  it('does not wait for a node that nobody hears from', () => {
    const answers = { status: '2 2 2 2', nodes: 'w1 True\nw2 Unknown', pods: 'w1|a|True|| \nw2|b|False|| ' };
    expect(run(rollout, answers).code).toBe(0);
  });

  it.each([
    [
      'an image that cannot be pulled',
      'w1|a|False|| ImagePullBackOff Back-off pulling image "x"',
      'a on w1: ImagePullBackOff Back-off pulling image "x"',
    ],
    [
      'a container that crashes',
      'w1|a|False||CrashLoopBackOff back-off 10s restarting',
      'a on w1: CrashLoopBackOff back-off 10s restarting',
    ],
  ])('gives up early on %s, and says so', (_, pods, said) => {
    const { code, output } = run(rollout, { status: '2 2 1 1', nodes: 'w1 True', pods });
    expect(code).toBe(1);
    expect(output).toContain(said);
  });

  it.each([
    [
      'the scheduler',
      '|a|||   0/1 nodes are available: 1 Insufficient cpu.',
      'a (on no node): 0/1 nodes are available: 1 Insufficient cpu.',
    ],
    ['nobody', 'w1|a|False|| ', 'a on w1: not ready yet'],
  ])('that does not come to an end says what %s says', (_, pods, said) => {
    const { code, output } = run(rollout, { status: '2 2 1 1', nodes: 'w1 True', pods });
    expect(code).toBe(1);
    expect(output).toContain(said);
  });

  it('is not over while a controller has not seen it', () => {
    const { code, output } = run(rollout, { status: '3 2 1 1', nodes: 'w1 True', pods: 'w1|a|True|| ' });
    expect(code).toBe(1);
    expect(output).toContain('DaemonSet calico-node has not been rolled out');
  });
});

describe('the pods of one node', () => {
  it('are waited for alone', () => {
    const answers = { status: '2 2 2 1', nodes: 'w1 True\nw2 True', pods: 'w1|a|True|| \nw2|b|False|| ' };
    expect(run(script(nodePodsStep(workload, 'w1')), answers).code).toBe(0);
    expect(run(script(nodePodsStep(workload, 'w2')), answers)).toMatchObject({
      code: 1,
      output: expect.stringContaining('b on w2: not ready yet'),
    });
  });
});
