import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import type { Fact } from '../../../src/core/fact.ts';
import type { Json } from '../../../src/core/json.ts';

/** Asks this machine, by the very program that a host would be sent. */
export function askHere<Answer extends Json>(facts: readonly Fact<Answer>[]): readonly Answer[] {
  const [first] = facts;
  if (first === undefined) return [];
  const questions = facts.map(({ question }) => question) as never[];
  const output = execFileSync('sh', ['-c', first.family.script(questions)], {
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return first.family.parse(output, questions);
}

/** Parses what a real host printed; the fixtures are named after family and Debian release. */
export function parseRecorded<Answer extends Json>(
  release: string,
  facts: readonly Fact<Answer>[],
): readonly Answer[] {
  const [first] = facts;
  if (first === undefined) return [];
  const url = new URL(`fixtures/${first.family.name}-${release}.txt`, import.meta.url);
  return parseText(readFileSync(url, 'utf8'), facts);
}

export function parseText<Answer extends Json>(
  output: string,
  facts: readonly Fact<Answer>[],
): readonly Answer[] {
  const questions = facts.map(({ question }) => question) as never[];
  return facts[0]?.family.parse(output, questions) ?? [];
}
