import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import type { RunEvent } from '#core/event.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Phase } from '#core/phase.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Transport } from '#core/transport.ts';
import { Run } from '#engine/run.ts';
import { file } from '#resources/files/file.ts';
import { localTransport } from '#transport/local-transport.ts';
import { observer } from '#transport/observer.ts';

import { testHost } from '../../contracts/test-host.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { smallSession } from '../../support/small-session.ts';

/** This machine, whose connection goes away when its programs of these numbers are to run, or have just run. */
function cutAt(numbers: readonly number[], moment: 'before' | 'behind' = 'before'): Transport {
  let programs = 0;
  return {
    connect: async (host) => {
      const inner = await localTransport().connect(host);
      let isOpen = true;
      return {
        host: inner.host,
        get executions() {
          return inner.executions;
        },
        get isOpen() {
          return isOpen;
        },
        execute: async (execution) => {
          programs += 1;
          const isCut = numbers.includes(programs);
          if (isOpen && (!isCut || moment === 'behind')) {
            const result = await inner.execute(execution);
            if (!isCut) return result;
          }
          isOpen = false;
          throw new ConnectionLost(host.name, 'it was cut');
        },
        hold: (...given) => inner.hold(...given),
        forward: (...given) => inner.forward(...given),
        close: () => inner.close(),
      } satisfies Connection;
    },
  };
}

async function runOver(transport: Transport, options: { readonly hosts?: readonly Host[] } = {}) {
  const { hosts = [testHost()] } = options;
  const directory = await scratchDirectory();
  const events: RunEvent[] = [];
  const path = (host: string): string => join(directory, host);
  const phase: Phase = {
    name: 'work',
    summary: '',
    needs: () => [],
    resources: ({ host }) => [file({ path: path(host.name), content: 'x\n' })],
  };
  const session = smallSession({
    phases: [phase],
    hosts,
    transport,
    observe: (connection) => {
      const real = observer(connection);
      return {
        ask: (facts) =>
          connection.host === 'n1' ? real.ask(facts) : Promise.reject(faultOf(connection.host)),
      };
    },
    listener: (event) => events.push(event),
    concurrency: 10,
  });
  const run = new Run(session, { artifacts: new Map() });
  return { run, session, events, path };
}

const faultOf = (host: string): SlipwayError =>
  host === 'locked'
    ? new SlipwayError('another run has it', { code: 'locked', host, exitCode: EXIT.locked })
    : new SlipwayError('cannot read os', { code: 'fact-unreadable', host });

const said = (events: readonly RunEvent[], name: RunEvent['event']): number =>
  events.filter(({ event }) => event === name).length;

describe('a connection that is lost', () => {
  // One program is the look, one the steps and the look after them, one the proof.
  it.each([
    { when: 'during the look', cut: cutAt([1]), retries: { 'connect-retried': 1, 'node-retried': 0 } },
    { when: 'before the steps', cut: cutAt([2]), retries: { 'connect-retried': 0, 'node-retried': 1 } },
    {
      when: 'after the steps',
      cut: cutAt([2], 'behind'),
      retries: { 'connect-retried': 0, 'node-retried': 1 },
    },
    { when: 'during the proof', cut: cutAt([3]), retries: { 'connect-retried': 1, 'node-retried': 0 } },
  ])('$when is opened again, and said', async ({ cut, retries }) => {
    const { run, session, events, path } = await runOver(cut);
    const report = await run.apply(await run.plan());
    await session.close();
    expect(report).toMatchObject({ changed: 1, failed: [], left: [], unreachable: [] });
    expect(await readFile(path('n1'), 'utf8')).toBe('x\n');
    expect({
      'connect-retried': said(events, 'connect-retried'),
      'node-retried': said(events, 'node-retried'),
    }).toEqual(retries);
  });

  it('again and again leaves the host out', async () => {
    const { run, session } = await runOver(cutAt([1, 2]));
    const plan = await run.plan();
    await session.close();
    expect(plan.hosts).toEqual([
      {
        name: 'n1',
        unreachable: 'the connection to n1 was lost: it was cut',
        hint: expect.stringContaining('run the same command again') as string,
      },
    ]);
    expect(plan.nodes).toEqual([]);
  });

  it('for good at the proof is no success', async () => {
    const { run, session } = await runOver(cutAt([3, 4]));
    const report = await run.apply(await run.plan());
    await session.close();
    expect(report.left).toMatchObject([
      { why: 'it could not be looked at again: the connection to n1 was lost: it was cut' },
    ]);
  });
});

describe('a host', () => {
  it('that cannot be read is left out, and the others are planned', async () => {
    const hosts = [testHost(), testHost({ name: 'n2' })];
    const { run, session } = await runOver(cutAt([]), { hosts });
    const plan = await run.plan();
    await session.close();
    expect(plan.hosts).toEqual([{ name: 'n1' }, { name: 'n2', unreachable: 'cannot read os' }]);
    expect(plan.nodes.map(({ host }) => host)).toEqual(['n1']);
  });

  it('that another run holds ends this one', async () => {
    const { run, session } = await runOver(cutAt([]), { hosts: [testHost(), testHost({ name: 'locked' })] });
    await expect(run.plan()).rejects.toMatchObject({ exitCode: EXIT.locked });
    await session.close();
  });
});
