import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { setRollout, unreadyLines } from '#facts/set-rollout.ts';
import { setRolloutStep } from '#resources/cluster/set-rollout.ts';

let directory: string | undefined;
afterEach(() => {
  if (directory !== undefined) rmSync(directory, { recursive: true });
});

/** `set|kind|namespace|name|labels|generation|observed|wanted|total|updated|available|strategy|failure`. */
const WEB = 'web|Deployment|apps|web|{"app":"web"}|2|2|2|2|2|2||';
const POD = 'w1|web-1|False||  ImagePullBackOff  Back-off pulling image "x:1" ';

/** Runs a program with a kubectl that gives these answers, and a clock that leaps 50 s each time it is asked. */
function run(program: string, workloads: string, pods = '', nodes = 'w1 True') {
  directory = mkdtempSync(join(tmpdir(), 'slipway-set-rollout-'));
  const put = (name: string, text: string): void => {
    const path = join(directory ?? '', name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };
  put(
    'kubectl',
    `case " $* " in *' get nodes '*) echo '${nodes}';; *' get pods '*) echo '${pods}';; *) echo '${workloads}';; esac`,
  );
  put('date', `cd ${directory}; echo x >>clock; echo $(( $(wc -l <clock) * 50 ))`);
  put('sleep', ':');
  const env = { PATH: [directory, process.env['PATH']].join(delimiter) };
  const { status, stdout, stderr } = spawnSync('dash', ['-ec', program], { env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

const look = (...answers: [string, string?, string?]): unknown => {
  const { family } = setRollout('web');
  const program = [...unreadyLines('slipway/set'), 'unready'].join('\n');
  return family.parse(run(program, ...answers).stdout, ['web', 'other'] as never)[0];
};

describe('the workloads of a set', () => {
  it.each([
    ['are rolled out when all pods are new and available', WEB],
    ['are left alone while they are paused', WEB.replace('|2|2|2|2|2|2||', '|2|1|2|2|0|0|true|')],
    [
      'may keep old pods where they are renewed by hand',
      WEB.replace('|2||', '|2|OnDelete|').replace('|2|2|2|OnD', '|2|0|2|OnD'),
    ],
    ['are none where the set has none', ''],
  ])('%s', (_, workloads) => {
    expect(look(workloads)).toEqual([]);
  });

  it.each([
    ['a controller that has not seen them', '|2|1|2|2|2|2||', '2 of 2 pods ready, not all of them new'],
    ['pods that are not available', '|2|2|2|2|2|1||', '1 of 2 pods ready'],
    ['old pods that are still there', '|2|2|2|3|2|2||', '2 of 2 pods ready'],
    ['none so far', '|2||2||||', '0 of 2 pods ready, not all of them new'],
  ])('wait for %s', (_, counts, why) => {
    const workloads = WEB.replace('|2|2|2|2|2|2||', counts);
    expect(look(workloads)).toEqual([{ workload: 'Deployment apps/web', why }]);
  });

  it('say what keeps a pod, or why there is none', () => {
    const workloads = WEB.replace('|2||', '|0||quota exceeded');
    const why = '0 of 2 pods ready; web-1 on w1: ImagePullBackOff Back-off pulling image "x:1"; 1 more';
    expect(look(workloads, POD)).toEqual([{ workload: 'Deployment apps/web', why }]);
  });

  it('do not wait for a node that nobody hears from', () => {
    expect(look(WEB.replace('|2||', '|1||'), POD, 'w1 Unknown')).toEqual([]);
  });

  it('of another set are not theirs', () => {
    expect(look(WEB.replace('web|', 'mine|').replace('|2||', '|0||'))).toEqual([]);
  });
});

describe('waiting for a set', () => {
  const { script } = setRolloutStep({ set: 'web', timeoutSeconds: 600 });

  it('ends well when nothing is left', () => {
    expect(run(script, WEB)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('ends soon with the reason where time does not mend it', () => {
    const { code, stderr } = run(script, WEB.replace('|2||', '|0||'), POD);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Deployment apps/web: 0 of 2 pods ready\n  web-1 on w1: ImagePullBackOff Back-off pulling image "x:1" \n',
    );
  });
});
