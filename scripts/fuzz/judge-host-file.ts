import { gzipSync } from 'node:zlib';

import type { Answers, HostAnswers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Outcome } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { decide } from '#engine/decide.ts';
import { makePlan } from '#engine/make-plan.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { otherEntries } from '#facts/other-entries.ts';

import type { HostFile } from './host-files.ts';

/** What a host has where a file should be. */
export type Found = 'file' | 'link' | 'directory' | 'pipe' | 'absent';

export interface Hosts {
  readonly graph: Graph;
  readonly answers: Answers;
}

/** Plans with what was found at a path, takes the steps that change it, and looks whether all that was others' stays. */
export function judgeHostFile(
  { graph, answers }: Hosts,
  file: HostFile,
  found: Found,
  bytes: Buffer,
): readonly string[] {
  const host = 'w1';
  const before = withFile(answers, host, file, answerOf(found, bytes));
  const plan = makePlan({
    cluster: 'fuzz',
    kubernetes: '1.34.9',
    graph,
    answers: before,
    ignoredChecks: [],
    hosts: Object.keys(answers).map((name) => ({ name })),
  });
  const touching = plan.nodes.filter(
    ({ host: on, outcome }) => on === host && JSON.stringify(outcome).includes(file.path),
  );
  const isSeen = touching.some(({ outcome }) => outcome.answer === 'refused');
  const unseen = found === 'link' && file.isEdited && !isSeen ? [`${file.path}: a link is not seen`] : [];
  const faults = touching.flatMap(({ id, outcome }) => {
    const node = graph.nodes.find((one) => one.id === id);
    if (node === undefined) throw new TypeError(`no node ${id}`);
    return faultsOf(outcome, file, { found, bytes }, (content) =>
      decide(node, withFile(before, host, file, content), {
        changed: [],
        ignoredChecks: [],
        clusterHost: graph.clusterHost,
      }),
    );
  });
  return [...unseen, ...faults];
}

function faultsOf(
  outcome: Outcome,
  { path, isKept }: HostFile,
  { found, bytes }: { readonly found: Found; readonly bytes: Buffer },
  again: (content: FileAnswer) => Outcome,
): readonly string[] {
  if (outcome.answer === 'refused')
    return outcome.why.includes('/') || outcome.why !== '' ? [] : ['no reason'];
  if (outcome.answer !== 'change') return [];
  const write = outcome.steps.findLast((step) => step.do === 'write' && step.path === path);
  if (write?.do !== 'write' || typeof write.content !== 'string') return [];
  const written = Buffer.from(write.content, write.encoding ?? 'utf8');
  const faults: string[] = [];
  if (!hasCopy(outcome.steps, path)) {
    if (found === 'link')
      faults.push(`${path}: a link is written over, and what it leads to is no more read`);
    if (found === 'file' && !isKept(bytes, written)) {
      faults.push(
        `${path}: lost: ${JSON.stringify(bytes.toString('latin1').slice(0, 300))} is ${JSON.stringify(written.toString('latin1').slice(0, 300))}`,
      );
    }
  }
  const second = again(answerOf('file', written));
  if (second.answer !== 'none' && second.answer !== 'deferred') {
    faults.push(`${path}: once more ${second.answer}: ${JSON.stringify(second).slice(0, 300)}`);
  }
  return faults;
}

const hasCopy = (steps: readonly Step[], path: string): boolean =>
  steps.some(({ summary }) => summary === `keep a copy of ${path}`);

/** As the family of files parses what its script prints. */
function answerOf(type: Found, bytes: Buffer): FileAnswer {
  const nothing = { content: null, target: null, mode: null, owner: null, mtime: null };
  if (type === 'absent') return { ...nothing, type };
  const there = {
    ...nothing,
    type: KINDS[type],
    mode: type === 'directory' ? '0755' : '0644',
    owner: 'root:root',
  };
  if (type === 'link') return { ...there, mode: '0777', target: '/opt/site/file' };
  if (type !== 'file') return there;
  const printed = [
    '1',
    `81a4 root:root 1.000000000 ${bytes.length}`,
    '1',
    packed(bytes.subarray(0, 262_144)),
    '0',
    '',
  ].join('\n');
  const { family, question } = fileContent('/x');
  const [answer] = family.parse(printed, [question] as never);
  return answer as FileAnswer;
}

const KINDS: Readonly<Record<Found, FileAnswer['type']>> = {
  file: 'file',
  link: 'link',
  directory: 'directory',
  pipe: 'other',
  absent: 'absent',
};

const packed = (bytes: Buffer): string => gzipSync(bytes, { level: 1 }).toString('base64');

function withFile(answers: Answers, host: string, { path }: HostFile, answer: FileAnswer): Answers {
  const own: HostAnswers = answers[host] ?? {};
  const file = { ...own['file'], [fileContent(path).key]: answer as Json };
  const text = answer.content;
  const entries = own['other-entries'];
  const isSource = path.startsWith('/etc/apt/sources') && text !== null && entries !== undefined;
  const sources = isSource
    ? Object.fromEntries(
        Object.entries(entries).map(([key, value]) => [
          key,
          { ...(value as JsonObject), files: [{ path, text }] },
        ]),
      )
    : entries;
  return {
    ...answers,
    [host]: {
      ...own,
      file,
      ...(sources !== undefined && { [otherEntries('', 'http://x').family.name]: sources }),
    },
  };
}
