import { expect, test } from 'vitest';

import { PLAN_FORMATS, renderPlan } from '#report/renderers.ts';
import { threeHosts } from './plan/fixture-plan.ts';

test.each(PLAN_FORMATS)('plan as %s names the cluster and ends with a newline', async (format) => {
  const pieces = await renderPlan(threeHosts(), format, { color: false, verbose: false, width: 80 });
  const text = [...pieces].join('');
  expect(text).toContain('lab');
  expect(text).toMatch(/[^\n]\n$/);
});
