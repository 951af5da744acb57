import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Fact, HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { makePlan } from '#engine/make-plan.ts';
import { type FamilyQuestions, groupFacts } from '#transport/probe.ts';

import type { Found, Hosts } from './judge-host-file.ts';
import type { ReadFile } from './read-files.ts';

const HOST = 'w1';
const LIMIT_MS = 10_000;
/** A shell takes a system call for each byte that it reads, and some of these it reads itself. */
const LIMIT_BYTES = 65_536;

/** Puts a file into a directory that stands for a machine's root, has the shell read it there, and plans with what it says. */
export function judgeReadFile(
  { graph, answers }: Hosts,
  file: ReadFile,
  { found, bytes }: { readonly found: Found; readonly bytes: Buffer },
  root: string,
): readonly string[] {
  put(found, join(root, file.path), bytes);
  const facts = graph.nodes
    .filter(({ runsOn }) => runsOn === HOST)
    .flatMap((node): readonly Fact[] => Object.values(node.facts))
    .filter(({ family, host }) => host === undefined && file.families.includes(family.name));
  if (facts.length === 0) throw new TypeError(`nobody asks ${file.families.join(', ')}`);
  const faults: string[] = [];
  const own: Record<string, { readonly [key: string]: Json }> = { ...answers[HOST] };
  for (const group of groupFacts(facts)) {
    const { name } = group.family;
    try {
      own[name] = { ...own[name], ...ask(group, root) };
    } catch (error) {
      faults.push(`${file.path}, a ${found}: ${name}: ${error instanceof Error ? error.message : ''}`);
    }
  }
  if (faults.length > 0) return faults;
  const plan = makePlan({
    cluster: 'fuzz',
    kubernetes: '1.34.9',
    graph,
    answers: { ...answers, [HOST]: own },
    ignoredChecks: [],
    hosts: Object.keys(answers).map((each) => ({ name: each })),
  });
  return plan.nodes.flatMap(({ id, outcome }) =>
    outcome.answer === 'refused' && (outcome.why === '' || outcome.hint === '') ? [`${id}: no reason`] : [],
  );
}

function put(found: Found, path: string, bytes: Buffer): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  if (found === 'file') writeFileSync(path, bytes.subarray(0, LIMIT_BYTES));
  if (found === 'link') symlinkSync('/nowhere/file', path);
  if (found === 'directory') mkdirSync(path);
  if (found === 'pipe') spawnSync('mkfifo', [path]);
}

/** @throws {Error} where the shell fails, hangs, or says what nobody can read. */
function ask({ family, keys, questions }: FamilyQuestions, root: string): HostAnswers[string] {
  const script = family
    .script(questions as readonly never[])
    .replaceAll(/\/etc(?=[/ \n;'"]|$)/g, `${root}/etc`);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    encoding: 'latin1',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * LIMIT_BYTES,
  });
  if (status === null) throw new Error(`no end after ${LIMIT_MS} ms`);
  if (status !== 0) throw new Error(`the shell ended with ${status}: ${stderr}`);
  const said = Buffer.from(stdout, 'latin1').toString().replaceAll(root, '');
  const parsed = family.parse(said, questions as readonly never[]);
  return Object.fromEntries(keys.map((key, index) => [key, parsed[index] as Json]));
}
