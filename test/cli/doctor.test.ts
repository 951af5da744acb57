import { expect, test } from 'vitest';

import type { CheckResult } from '#core/verification.ts';
import { fakeCli } from './fake-cli.ts';

const good: CheckResult = { name: 'cp1', summary: '', status: 'passed', elapsedMs: 0, message: 'Debian 12' };
const bad: CheckResult = {
  name: 'w1',
  summary: '',
  status: 'failed',
  elapsedMs: 0,
  message: 'its host key is not known',
  hint: 'ssh-keyscan w1',
};

test('doctor says what is next where nothing is missing', async () => {
  expect(await fakeCli(['doctor'], { checks: [good] })).toMatchObject({
    code: 0,
    stdout: 'ok      cp1         Debian 12\n\nNothing is missing. Next: slipway plan\n',
  });
});

test('doctor says what is missing, with what mends it', async () => {
  const { code, stdout, calls } = await fakeCli(['doctor', '--limit', 'w1'], { checks: [good, bad] });
  expect(code).toBe(1);
  expect(stdout).toContain('FAILED  w1          its host key is not known\n        Hint: ssh-keyscan w1\n');
  expect(stdout).toContain('1 thing is missing.');
  // It looks, and takes no lock.
  expect(calls.opened).toEqual([expect.objectContaining({ limit: ['w1'], holder: undefined })]);
});

test('doctor as JSON is for programs', async () => {
  const { code, stdout } = await fakeCli(['doctor', '--format', 'json'], { checks: [bad] });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual([bad]);
});
