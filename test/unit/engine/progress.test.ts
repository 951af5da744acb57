import { expect, test } from 'vitest';

import type { GraphNode } from '#core/graph.ts';
import { sh } from '#core/shell.ts';
import { takeSteps, type StepContext } from '#engine/take-steps.ts';

import { localVisits } from './local-visits.ts';

test('progress is shown as a terminal would: of a line that was written over, its last state', async () => {
  const lines: string[] = [];
  const context = {
    visits: localVisits(),
    vault: { get: () => Promise.reject(new Error('there are no secrets')) },
    listener: (event) => void (event.event === 'node-progress' && lines.push(event.line)),
    fetchFile: () => Promise.reject(new Error('there are no files')),
  } as Pick<StepContext, 'listener'> as StepContext;
  const node = { id: 'n1/host/x', host: 'n1', phase: 'host', runsOn: 'n1' } as GraphNode;
  const script = sh`printf '10%%\r20%%\r30%%\r\nUnpacking x ...\r\n\r\n  plain\n'`;
  await takeSteps(node, [{ do: 'run', summary: 'unpack', script }], context);
  expect(lines).toEqual(['unpack', '30%', 'Unpacking x ...', '  plain']);
});
