import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import { CONTROLLER } from '#core/fact.ts';
import type { Hook } from '#core/hook.ts';
import type { Phase } from '#core/phase.ts';
import { change, changeIn, type Outcome, resource } from '#core/resource.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import { withHooks } from '#phases/hooks.ts';
import { bareAnswers } from '#transport/probe.ts';

import { testHost } from '../../contracts/test-host.ts';
import { workflowOf } from '../../support/graph-node.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';

const HOOK: Hook = {
  name: 'mine',
  phase: 'work',
  place: 'after',
  runsOn: 'hosts',
  hosts: ['n1'],
  program: { text: '#!/bin/sh\nset -eu\necho "$SLIPWAY_HOST $GREETING"\n' },
  runs: 'changed',
  environment: { GREETING: "it's me" },
  timeoutMs: 7000,
};

interface Case {
  readonly isChanging?: boolean;
  /** Beside the hook in question. */
  readonly others?: readonly Partial<Hook>[];
  /** Of files on the host. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether checks on the controller end well. */
  readonly isDoneThere?: boolean;
}

/** The outcomes of a phase with one resource and a hook, by address. */
function planned(
  hook: Partial<Hook>,
  { isChanging = true, files = {}, others = [], isDoneThere = false }: Case = {},
): ReadonlyMap<string, Outcome> {
  const cluster = {
    name: 'lab',
    kubernetes: { version: '1.36.4', controlPlaneEndpoint: 'api.lab:6443' },
    hosts: [testHost({ role: 'control-plane' }), testHost({ name: 'n2', role: 'worker' })],
    leaving: [],
    hooks: [hook, ...others].map((one) => ({ ...HOOK, ...one })),
    ignoredChecks: [],
  } as unknown as Cluster;
  const work: Phase = {
    name: 'work',
    summary: '',
    needs: () => [],
    common: () => [
      resource({
        address: 'thing',
        facts: {},
        diff: (_answers, { changed, host }) =>
          isChanging && host === 'n1' && changed.length === 0 ? change([]) : { answer: 'none', why: 'right' },
      }),
    ],
  };
  const graph = buildGraph({ cluster, workflow: workflowOf(withHooks(work)), artifacts: new Map() });
  const asked = factsByHost(graph.nodes);
  const bare = bareAnswers(asked.get('n1') ?? []);
  const there = Object.fromEntries((asked.get(CONTROLLER) ?? []).map(({ key }) => [key, isDoneThere]));
  const file = Object.fromEntries(
    Object.entries(bare['file'] ?? {}).map(([key, answer]) => {
      const content = files[(JSON.parse(key) as { path: string }).path];
      return [key, content === undefined ? answer : { ...(answer as object), type: 'file', content }];
    }),
  );
  const plan = makePlan({
    cluster: 'lab',
    kubernetes: '1.36.4',
    graph,
    answers: {
      n1: { ...bare, ...('file' in bare && { file }) },
      [CONTROLLER]: { 'hook-check': there },
    },
    hosts: [],
    ignoredChecks: [],
  });
  return new Map(
    plan.nodes.filter(({ host }) => host === 'n1').map(({ address, outcome }) => [address, outcome]),
  );
}

const whyOf = (outcome: Outcome | undefined): unknown =>
  outcome?.answer === 'change'
    ? outcome.differences[0]?.to
    : outcome?.answer === 'none'
      ? outcome.why
      : outcome;

describe('a hook', () => {
  it('after a phase runs where that changes something, and is written down as due before', () => {
    const outcomes = planned({});
    expect([...outcomes.keys()]).toEqual(['hook-due:mine', 'thing', 'hook:mine']);
    expect(whyOf(outcomes.get('hook-due:mine'))).toBe('due');
    expect(whyOf(outcomes.get('hook:mine'))).toBe('after work: phase work changes something here');
  });

  it('runs not where the phase has nothing to do, but where an earlier run has not come to it', () => {
    const nothing = planned({}, { isChanging: false });
    expect([...nothing.values()].map(({ answer }) => answer)).toEqual(['none', 'none', 'none']);
    const due = planned({}, { isChanging: false, files: { '/var/lib/slipway/hooks/mine.due': 'due\n' } });
    expect(whyOf(due.get('hook:mine'))).toBe('after work: an earlier run did not come to it');
    expect(due.get('hook-due:mine')?.answer).toBe('none');
  });

  it('is no part of what its phase changes', () => {
    const others = [
      { name: 'made', runs: { creates: '/srv/x' } },
      { name: 'once', runs: 'once' as const },
    ];
    const outcomes = planned({}, { isChanging: false, others });
    expect(outcomes.get('hook:made')?.answer).toBe('change');
    expect(outcomes.get('hook:once')?.answer).toBe('change');
    expect(outcomes.get('hook:mine')?.answer).toBe('none');
    expect(outcomes.get('hook-due:mine')?.answer).toBe('none');
  });

  it('before a phase stands before all of it', () => {
    const outcomes = planned({ place: 'before' });
    expect([...outcomes.keys()]).toEqual(['hook:mine', 'thing']);
    expect(whyOf(outcomes.get('hook:mine'))).toBe('before work: phase work changes something here');
    expect(whyOf(planned({ place: 'before' }, { isChanging: false }).get('hook:mine'))).toBe(
      'phase work changes nothing here',
    );
  });

  it('runs once, and again where it is another one', () => {
    const first = changeIn(planned({ runs: 'once' }).get('hook:mine')!);
    const record = first?.steps.at(-1);
    if (record?.do !== 'write' || typeof record.content !== 'string') throw new Error('no record');
    const files = { [record.path]: record.content };
    expect(whyOf(planned({ runs: 'once' }, { files }).get('hook:mine'))).toBe('it has run here as it stands');
    expect(whyOf(planned({ runs: 'once', environment: {} }, { files }).get('hook:mine'))).toBe(
      'after work: it is not what has run here',
    );
  });

  it('runs while a path is missing, or a command fails', () => {
    const creates = { runs: { creates: '/srv/x' } } as const;
    expect(whyOf(planned(creates).get('hook:mine'))).toBe('after work: /srv/x is missing');
    expect(whyOf(planned(creates, { files: { '/srv/x': '' } }).get('hook:mine'))).toBe('/srv/x is there');
    expect(whyOf(planned({ runs: { unless: 'test -e /x' } }).get('hook:mine'))).toBe(
      'after work: this fails: test -e /x',
    );
  });

  it('of another host or phase is none', () => {
    expect([...planned({ hosts: [] }).keys()]).toEqual(['thing']);
    expect([...planned({ phase: 'other' }).keys()]).toEqual(['thing']);
  });

  it('says in the plan that it is not known what it does', () => {
    expect(planned({}).get('hook:mine')).toMatchObject({
      notes: ['hook mine is a program of yours: what it does is not in this plan'],
    });
  });
});

/** Its step on this machine, with a directory of the test in place of the one on hosts. */
async function ran(program: string) {
  const directory = join(await scratchDirectory(), 'hooks');
  const [step] = changeIn(planned({ program: { text: program } }).get('hook:mine')!)?.steps ?? [];
  if (step?.do !== 'run' || typeof step.stdin !== 'string') throw new Error('no program');
  expect([step.summary, step.timeoutMs]).toEqual(['run hook mine', 7000]);
  const script = `set -e\n${step.script.replaceAll('/var/lib/slipway/hooks', directory)}`;
  mkdirSync(directory);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    input: step.stdin,
    encoding: 'utf8',
  });
  return { status, stdout, stderr, left: await readdir(directory) };
}

describe('the program of a hook', () => {
  it('has its environment, reads nothing, and is gone when it has ended', async () => {
    const program = typeof HOOK.program === 'object' && 'text' in HOOK.program ? HOOK.program.text : '';
    expect(await ran(`${program}cat\n`)).toEqual({ status: 0, stdout: "n1 it's me\n", stderr: '', left: [] });
  });

  it('is run by what its first line names', async () => {
    const { stdout } = await ran('#!/usr/bin/env -S sh -x\necho hello\n');
    expect(stdout).toBe('hello\n');
  });

  it('that fails says which it was, after its own words', async () => {
    expect(await ran('#!/bin/sh\necho no disk >&2\nexit 4\n')).toEqual({
      status: 4,
      stdout: '',
      stderr: 'no disk\nhook mine ended with code 4\n',
      left: [],
    });
  });
});

describe('a hook of the controller', () => {
  const mine = { runsOn: 'controller', hosts: ['n1', 'n2'] } as const;

  it('stands once for all hosts, with what it may want to know of them', () => {
    const outcomes = planned(mine);
    expect([...outcomes.keys()]).toEqual(['hook-due:mine', 'thing', 'hook:mine']);
    expect(whyOf(outcomes.get('hook:mine'))).toBe(
      'on the controller after work: phase work changes something',
    );
    const [step, record] = changeIn(outcomes.get('hook:mine')!)?.steps ?? [];
    expect(step).toMatchObject({ do: 'run', on: 'controller', summary: 'run hook mine on the controller' });
    if (step?.do !== 'run') throw new Error('no program');
    for (const line of [
      'SLIPWAY_CLUSTER=lab',
      "SLIPWAY_HOSTS='n1 n2'",
      'SLIPWAY_CONTROL_PLANES=n1',
      'SLIPWAY_WORKERS=n2',
      'SLIPWAY_ENDPOINT=api.lab:6443',
      'SLIPWAY_KUBERNETES=1.36.4',
    ])
      expect(step.script).toContain(`export ${line}\n`);
    expect(record).toMatchObject({ script: 'rm -f /var/lib/slipway/hooks/mine.due' });
    expect(record).not.toHaveProperty('on');
  });

  it('counts what the phase changes on any of its hosts, and of no other', () => {
    expect(planned({ ...mine, hosts: ['n2'] }).get('hook:mine')).toBeUndefined();
    const nothing = planned(mine, { isChanging: false });
    expect([...nothing.values()].map(({ answer }) => answer)).toEqual(['none', 'none', 'none']);
    expect(whyOf(nothing.get('hook:mine'))).toBe('phase work changes nothing');
  });

  it('is asked for on the controller, and runs once for whatever hosts there are', () => {
    const creates = { ...mine, runs: { creates: '/srv/x' } } as const;
    expect(whyOf(planned(creates).get('hook:mine'))).toBe('on the controller after work: /srv/x is missing');
    expect(whyOf(planned(creates, { isDoneThere: true }).get('hook:mine'))).toBe('/srv/x is there');
    const unless = { ...mine, runs: { unless: 'true' } } as const;
    expect(whyOf(planned(unless, { isDoneThere: true }).get('hook:mine'))).toBe('this ends well: true');
    const record = changeIn(planned({ ...mine, runs: 'once' }).get('hook:mine')!)?.steps.at(-1);
    if (record?.do !== 'write' || typeof record.content !== 'string') throw new Error('no record');
    const files = { [record.path]: record.content };
    const again = planned({ ...mine, hosts: ['n1'], runs: 'once' }, { files });
    expect(whyOf(again.get('hook:mine'))).toBe('it has run as it stands');
  });
});
