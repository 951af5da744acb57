import { expect, test } from 'vitest';

import { HOOK_PHASES } from '#catalog/hook-phases.ts';
import { applyWorkflow } from '#workflows/apply.ts';

test('hooks stand before and after every phase of apply that changes hosts which stay', () => {
  const phases = applyWorkflow.phases.filter(
    ({ name, hosts = 'staying' }) => name !== 'preflight' && hosts === 'staying',
  );
  expect(HOOK_PHASES).toEqual(phases.map(({ name }) => name));
});
