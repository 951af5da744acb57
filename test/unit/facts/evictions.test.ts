import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { evictions } from '#facts/evictions.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

/** `node|namespace|name|owner|mirror|phase|limits|labels`. */
const PODS = [
  'w1|shop|web-1|ReplicaSet||Running|{"cpu":"1"}|{"app":"web","tier":"front"}',
  'w1|ml|train-0|Job||Running|{"nvidia.com/gpu":"2"}|{"job":"train"}',
  'w1|shop|bare|||Running||',
  'w2|shop|web-2|ReplicaSet||Running||{"app":"web"}',
  'w1|kube-system|kube-proxy-x|DaemonSet||Running||{"k8s-app":"kube-proxy"}',
  'w1|kube-system|local-balancer-w1|Node|abc|Running||',
  'w1|shop|ended|||Succeeded||{"app":"web"}',
  '|shop|waiting|ReplicaSet||Pending||{"app":"web"}',
];

const budget = (name: string, selector: object, disruptionsAllowed: number, namespace = 'shop'): object => ({
  metadata: { name, namespace },
  spec: { selector },
  status: { disruptionsAllowed },
});
const BUDGETS = [
  budget('web', { matchLabels: { app: 'web' } }, 0),
  budget('front', { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }] }, 0),
  budget('not-front', { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, 0),
  budget('open', { matchLabels: { app: 'web' } }, 1),
  budget('elsewhere', {}, 0, 'ml-2'),
  budget('all', {}, 0, 'ml'),
  budget('none', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, 0),
];

/** Asks by a real shell, of a kubectl that gives these answers. */
async function ask(unless: readonly (string | null)[], versions: readonly string[], failing = 'nothing') {
  const directory = await scratchDirectory();
  const program = join(directory, 'kubectl');
  const calls = join(directory, 'calls');
  const nodes = versions.map((version, index) => `w${index} Ready <none> 3d ${version}`).join('\n');
  writeFileSync(calls, '');
  writeFileSync(
    program,
    `#!/bin/sh
case " $* " in *" get ${failing} "*) exit 1;; esac
printf '%s\\n' "$*" >>${calls}
case " $* " in *' get nodes '*) printf '%s\\n' '${nodes}';; *' get pods '*) printf '%s\\n' '${PODS.join('\n')}';; *) printf '%s\\n' '${JSON.stringify({ items: BUDGETS })}';; esac
`,
  );
  chmodSync(program, 0o755);
  const { family } = evictions(null);
  const questions = unless.map((one) => evictions(one).question) as never;
  // The guard that asks for a control plane's files stands first.
  const script = family.script(questions).split('\n').slice(1).join('\n');
  const env = { PATH: [directory, process.env['PATH']].join(delimiter) };
  const { stdout, stderr, status } = spawnSync('dash', ['-c', script], { env, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return {
    answers: family.parse(stdout, questions),
    calls: readFileSync(calls, 'utf8').split('\n').filter(Boolean).length,
  };
}

describe('what drains make go', () => {
  it('is told of pods that run elsewhere too, with the budgets that are in their way', async () => {
    const { answers } = await ask([null], []);
    expect(answers[0]).toEqual([
      {
        node: 'w1',
        name: 'shop/web-1',
        isBare: false,
        usesGpus: false,
        blockedBy: ['shop/web', 'shop/front'],
      },
      { node: 'w1', name: 'ml/train-0', isBare: false, usesGpus: true, blockedBy: ['ml/all'] },
      {
        node: 'w1',
        name: 'shop/bare',
        isBare: true,
        usesGpus: false,
        blockedBy: ['shop/not-front', 'shop/none'],
      },
      {
        node: 'w2',
        name: 'shop/web-2',
        isBare: false,
        usesGpus: false,
        blockedBy: ['shop/web', 'shop/not-front'],
      },
    ]);
  });

  it('is asked for only where a kubelet runs another version', async () => {
    const minors = ['v1.35.6', 'v1.35.9', 'v1.35.0-rc.1'];
    expect(await ask(['1.35'], minors)).toEqual({ answers: [null], calls: 1 });
    expect((await ask(['1.35'], [...minors, 'v1.34.9'])).answers[0]).toHaveLength(4);
    // The dot is a dot, and no minor begins like another.
    expect((await ask(['1.3'], ['v1.35.6'])).answers[0]).toHaveLength(4);
    expect((await ask(['1.35'], ['v1x35.6'])).answers[0]).toHaveLength(4);
  });

  it('is asked for where a patch is another, when patches count', async () => {
    expect((await ask(['1.35.6'], ['v1.35.6'])).answers[0]).toBeNull();
    expect((await ask(['1.35.6'], ['v1.35.60'])).answers[0]).toHaveLength(4);
  });

  it('is asked once for all who ask, always where one does', async () => {
    const { answers, calls } = await ask(['1.35', null], ['v1.35.6']);
    expect(answers.map((one) => one?.length)).toEqual([4, 4]);
    expect(calls).toBe(2);
  });

  it.each(['nodes', 'pods', 'poddisruptionbudgets'])(
    'is not known where %s cannot be asked for',
    async (what) => {
      const { answers } = await ask(['1.35'], ['v1.34.9'], what);
      expect(answers).toEqual([null]);
    },
  );
});
