import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { act, action } from '#core/action.ts';
import type { Cluster } from '#core/cluster.ts';
import type { RunEvent } from '#core/event.ts';
import { CLUSTER } from '#core/fact.ts';
import { refused } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { performAction, planAction } from '#engine/perform-action.ts';
import { Session } from '#engine/session.ts';
import { pathKind } from '#facts/path.ts';
import { localTransport } from '#transport/local-transport.ts';
import { observer } from '#transport/observer.ts';

import { testHost } from '../../contracts/test-host.ts';
import { workflowOf } from '../../support/graph-node.ts';
import { runs } from '../../support/runs.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';

/** With one host, which is this machine. */
function session() {
  const events: RunEvent[] = [];
  const opened = new Session({
    cluster: { hosts: [testHost()], leaving: [] } as unknown as Cluster,
    workflow: workflowOf(),
    fetchFile: () => Promise.reject(new Error('there is nothing to fetch')),
    transport: localTransport(),
    observe: observer,
    listener: (event) => events.push(event),
    signal: new AbortController().signal,
    concurrency: 1,
  });
  return { session: opened, events };
}

const run = (script: RunStep['script'], retry: Partial<RunStep> = {}): RunStep => ({
  do: 'run',
  summary: script,
  script,
  ...retry,
});

const reading = (path: string, ...steps: readonly RunStep[]) =>
  action({
    name: 'read it',
    runsOn: CLUSTER,
    facts: { kind: pathKind(path) },
    decide: ({ kind }, { host }) =>
      kind !== 'absent' ? act(...steps) : refused('no-file', `${host} has no ${path}`, 'write it first'),
    read: (stdout) => ({ stdout }),
  });

describe('an action', () => {
  it('is described before it is done: by name, host and steps, or by why not', async () => {
    const { session: opened } = session();
    const path = join(await scratchDirectory(), 'text');
    const wanted = reading(path, run(sh`cat ${path}`));
    const refusal = { answer: 'refused', check: 'no-file', why: `n1 has no ${path}`, hint: 'write it first' };
    const planned = await planAction(wanted, opened);
    expect(planned).toEqual({ name: 'read it', host: 'n1', outcome: refusal });
    await expect(performAction(wanted, planned, opened)).rejects.toMatchObject({
      code: 'no-file',
      host: 'n1',
      message: `n1 has no ${path}`,
      hint: 'write it first',
    });
    await writeFile(path, '');
    expect(await planAction(wanted, opened)).toEqual({
      name: 'read it',
      host: 'n1',
      outcome: { answer: 'act', steps: [run(sh`cat ${path}`)] },
    });
    await opened.close();
  });

  it('has what its steps print as its result, byte for byte, and tells no reporter', async () => {
    const { session: opened, events } = session();
    const path = join(await scratchDirectory(), 'text');
    const wanted = reading(path, run(sh`cat ${path}`), run(sh`echo end`));
    const text = fc.array(fc.constantFrom('a', ' ', '\n', '\r', 'é')).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        await writeFile(path, content);
        const planned = await planAction(wanted, opened);
        expect(await performAction(wanted, planned, opened)).toEqual({ stdout: `${content}end\n` });
      }),
      { numRuns: runs(20) },
    );
    await opened.close();
    expect(events.filter(({ event }) => event.startsWith('node-'))).toEqual([]);
  });

  it('goes on with the step that failed for a while, and keeps what those before it printed', async () => {
    const { session: opened } = session();
    const directory = await scratchDirectory();
    const path = join(directory, 'text');
    await writeFile(path, '');
    const busy = run(
      sh`mkdir ${join(directory, 'seen')} 2>/dev/null && { echo busy >&2; exit 1; }; echo two`,
      {
        retry: { when: 'busy', attempts: 2, pauseMs: 1 },
      },
    );
    const wanted = reading(path, run(sh`echo one`), busy);
    const planned = await planAction(wanted, opened);
    expect(await performAction(wanted, planned, opened)).toEqual({ stdout: 'one\ntwo\n' });
    await opened.close();
  });

  it('tries as often as the rule for this fault says', async () => {
    const { session: opened } = session();
    const path = join(await scratchDirectory(), 'text');
    await writeFile(path, '');
    const held = run(sh`echo again >>${path}; echo 'held by apt' >&2; exit 1`, {
      retry: [
        { when: 'no network', attempts: 9, pauseMs: 1 },
        { when: 'held by', attempts: 3, pauseMs: 1 },
      ],
    });
    const wanted = reading(path, held);
    const planned = await planAction(wanted, opened);
    await expect(performAction(wanted, planned, opened)).rejects.toThrow('exit code 1');
    await opened.close();
    expect(await readFile(path, 'utf8')).toBe('again\n'.repeat(3));
  });
});
