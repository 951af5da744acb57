import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { COMPLETION_SCRIPTS, type Shell } from '#cli/completion-scripts.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';
import { fakeCli } from './fake-cli.ts';

/** What the last of the words may be. */
async function answersTo(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await fakeCli(['__complete', '--', ...words]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').slice(0, -1);
}

const names = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await answersTo(...words)).map((line) => line.split('\t')[0] ?? '');

describe('completion', () => {
  test('offers commands with what they do, and not itself', async () => {
    expect(await answersTo('pl')).toEqual(['plan\tshow what apply would do']);
    const all = await names('');
    expect(all).toEqual(expect.arrayContaining(['plan', 'apply', 'etcd', 'completion']));
    expect(all).not.toContain('__complete');
  });

  test.each([
    [
      ['etcd', 's'],
      ['status', 'snapshot'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], []],
    [
      ['remove', 'gp'],
      ['gpu01', 'gpu02'],
    ],
    [['remove', 'gpu01', ''], []],
    [['plan', '--deta'], ['--detailed-exitcode']],
    [['plan', '--lim'], ['--limit']],
    [
      ['facts', '--format', ''],
      ['text', 'json'],
    ],
    [['facts', '--format=j'], ['--format=json']],
    [
      ['facts', '--format='],
      ['--format=text', '--format=json'],
    ],
    [['plan', '--no-such=x'], []],
    [
      ['--limit', 'g'],
      ['gpu01', 'gpu02'],
    ],
    [
      ['plan', '--limit', 'gpu01,'],
      ['gpu01,cp1', 'gpu01,gpu02', 'gpu01,role:control-plane', 'gpu01,role:worker'],
    ],
    [
      ['plan', '--limit', 'role:worker,!gp'],
      ['role:worker,!gpu01', 'role:worker,!gpu02'],
    ],
    [['plan', '--limit', '!role:w'], ['!role:worker']],
    [
      ['plan', '--limit=cp1,gpu'],
      ['--limit=cp1,gpu01', '--limit=cp1,gpu02'],
    ],
    [['apply', '--only', 'swap,kern'], ['swap,kernel']],
    [['apply', '--skip', 'no-such'], []],
    [['apply', ''], [':files']],
    [['plan', '--out', ''], [':files']],
    [['plan', '--out=x'], [':files']],
    [['-i', ''], [':files']],
    [['plan', '--offline', ''], []],
    // A value that looks like a command is none, nor is a word of another program an option.
    [['--limit', 'plan', 'etcd', 'm'], ['members']],
    [['kubeconfig', '--tunnel', '--', '--lim'], [':files']],
  ])('of %j offers %j', async (words, expected) => {
    expect(await names(...words)).toEqual(expected);
  });

  test('asks the inventory that is named for hosts, without secrets', async () => {
    for (const words of [
      ['-i', 'berlin.yaml', 'plan', '--limit', ''],
      ['plan', '--inventory=berlin.yaml', '--limit', ''],
    ]) {
      const { calls } = await fakeCli(['__complete', '--', ...words]);
      expect(calls.opened).toEqual([expect.objectContaining({ path: 'berlin.yaml', secrets: 'skip' })]);
    }
  });

  test('offers no hosts of an inventory that cannot be read', async () => {
    const options = { openFailure: new Error('no such file') };
    expect(await fakeCli(['__complete', '--', '--limit', ''], options)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});

/** A directory with files, and a stand-in for slipway that writes down what it is asked and answers the same always. */
async function shellDirectory(answer: string): Promise<string> {
  const directory = await scratchDirectory();
  await writeFile(
    join(directory, 'slipway'),
    `#!/bin/sh\nprintf '%s|' "$@" > "${directory}/asked"\nprintf %b '${answer}'\n`,
    { mode: 0o755 },
  );
  for (const file of ['plan.json', 'plan b.json']) await writeFile(join(directory, file), '');
  return directory;
}

interface Asked {
  readonly words: string;
  readonly offered: readonly string[];
}

async function runShell(argv: readonly string[], directory: string): Promise<Asked> {
  const [program = '', ...args] = argv;
  const { stdout, error } = spawnSync(program, args, {
    cwd: directory,
    encoding: 'utf8',
    env: { PATH: `${directory}:${process.env['PATH'] ?? ''}`, HOME: directory },
  });
  if (error !== undefined) throw error;
  const asked = await readFile(join(directory, 'asked'), 'utf8');
  return { words: asked.replace('__complete|--|', ''), offered: stdout.split('\n').filter(Boolean) };
}

const isInstalled = (shell: Shell): boolean => spawnSync(shell, ['--version']).error === undefined;

/** As bash hands words to a completion: it breaks them at `=` and `:`. */
const inBash = async (answer: string, ...words: readonly string[]): Promise<Asked> => {
  const directory = await shellDirectory(answer);
  const script = `${COMPLETION_SCRIPTS.bash}
compopt() { :; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_slipway
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return runShell(['bash', '-c', script, 'bash', ...words], directory);
};

const inFish = async (answer: string, line: string): Promise<Asked> => {
  const directory = await shellDirectory(answer);
  const script = `${COMPLETION_SCRIPTS.fish}\ncomplete -C '${line}'`;
  return runShell(['fish', '--no-config', '-c', script], directory);
};

/** What an interactive zsh on a terminal of its own has on its line after Tab. */
const inZsh = async (answer: string, line: string): Promise<Asked> => {
  const directory = await shellDirectory(answer);
  await writeFile(join(directory, 'completion.zsh'), COMPLETION_SCRIPTS.zsh);
  const script = `zmodload zsh/zpty
wait_for() { for n in {1..400}; do [[ -s $1 ]] && return; while zpty -r -t shell chunk; do :; done; sleep 0.05; done }
zpty shell 'zsh -f -i'
zpty -w shell 'autoload -U compinit; compinit -u -D; . ./completion.zsh; keep() { print -r -- "$BUFFER" >line }; zle -N keep; bindkey "^X" keep; bindkey "^I" complete-word; print ready >ready'
wait_for ready
zpty -w -n shell "$1"$'\\t\\x18'
wait_for line
cat line
zpty -d shell`;
  return runShell(['zsh', '-f', '-c', script, 'zsh', line], directory);
};

describe.skipIf(!isInstalled('bash'))('completion in bash', () => {
  test('offers whole words', async () => {
    expect(await inBash('plan\\tshow it\\n', 'slipway', 'pl')).toEqual({ words: 'pl|', offered: ['plan'] });
    expect(await inBash('', 'slipway', 'plan', '')).toEqual({ words: 'plan||', offered: [] });
  });

  test('puts words together that it broke, and offers what comes after', async () => {
    const answer = '--format=text\\n--format=json\\n';
    expect(await inBash(answer, 'slipway', 'plan', '--format', '=')).toEqual({
      words: 'plan|--format=|',
      offered: ['text', 'json'],
    });
    expect(await inBash('--limit=a,b\\n', 'slipway', '--limit', '=', 'a,')).toEqual({
      words: '--limit=a,|',
      offered: ['a,b'],
    });
    expect(await inBash('--skip\\n', 'slipway', '--out', '=', 'x', '--s')).toEqual({
      words: '--out=x|--s|',
      offered: ['--skip'],
    });
    expect(await inBash('', 'slipway', '--server', 'https', ':', '//a', '--o')).toMatchObject({
      words: '--server|https://a|--o|',
    });
  });

  test('offers files, whole where their names have spaces', async () => {
    const plain = await inBash(':files\\n', 'slipway', 'apply', 'pl');
    expect(plain.offered.toSorted()).toEqual(['plan b.json', 'plan.json']);
    const glued = await inBash(':files\\n', 'slipway', 'plan', '--out', '=', 'pl');
    expect(glued.offered.toSorted()).toEqual(['plan b.json', 'plan.json']);
  });
});

describe.skipIf(!isInstalled('fish'))('completion in fish', () => {
  test('offers words and files', async () => {
    expect(await inFish('plan\\tshow it\\n', 'slipway pl')).toEqual({
      words: 'pl|',
      offered: ['plan\tshow it'],
    });
    expect((await inFish(':files\\n', 'slipway apply plan.')).offered).toEqual(['plan.json']);
    expect((await inFish(':files\\n', 'slipway plan --out=plan.')).offered).toEqual(['--out=plan.json']);
  });
});

describe.skipIf(!isInstalled('zsh'))('completion in zsh', () => {
  test('is a script that zsh reads', () => {
    expect(spawnSync('zsh', ['-n', '-c', COMPLETION_SCRIPTS.zsh], { encoding: 'utf8' }).stderr).toBe('');
  });

  test('puts in words and files as Tab is pressed', async () => {
    expect(await inZsh('plan\tshow it\n', 'slipway pl')).toEqual({
      words: 'pl|',
      offered: ['slipway plan '],
    });
    expect((await inZsh(':files\n', 'slipway apply plan.')).offered).toEqual(['slipway apply plan.json ']);
    expect(await inZsh(':files\n', 'slipway plan --out=plan.')).toEqual({
      words: 'plan|--out=plan.|',
      offered: ['slipway plan --out=plan.json '],
    });
  });
});

test.each(['bash', 'zsh', 'fish'] as const)('completion prints the script of %s', async (shell) => {
  expect(await fakeCli(['completion', shell])).toMatchObject({ code: 0, stdout: COMPLETION_SCRIPTS[shell] });
});
