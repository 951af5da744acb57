import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

import { ClosingLineReporter } from './test/support/closing-line-reporter.ts';
import { ContractsFirst } from './test/support/contracts-first.ts';

const PLAIN_ENVIRONMENT = 'test/support/plain-environment.ts';

/** Suites that bring up real hosts: they go last, two labs at a time, and take minutes. */
const LAB = {
  sequence: { groupOrder: 2 },
  maxWorkers: 2,
  setupFiles: [PLAIN_ENVIRONMENT],
  testTimeout: 15 * 60_000,
  hookTimeout: 15 * 60_000,
};

/** `npm run soak`: faults at every second, which take more than an hour together, and are no part of `npm test`. */
const isSoak = process.env['SLIPWAY_SOAK'] === '1';

/** Tests that put another module in the place of one of ours. */
const MOCKING = ['test/unit/distributions/second-family/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLineReporter()],
    sequence: { sequencer: ContractsFirst },
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,laws,plans,contracts,cli}/**/*.test.ts', 'examples/**/*.test.ts'],
          // As users import it.
          alias: { 'slipway/testing': new URL('src/testing.ts', import.meta.url).pathname },
          exclude: [...MOCKING],
          setupFiles: [PLAIN_ENVIRONMENT, 'test/support/seed.ts'],
          sequence: { groupOrder: 0 },
          // None of them mocks a module, and no module keeps state: they are loaded once a worker, and not once a file.
          isolate: false,
          // More than there are cores: a third of their time goes by in waiting for other programs.
          maxWorkers: availableParallelism() + 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'fast-mocking',
          include: MOCKING,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'package',
          setupFiles: [PLAIN_ENVIRONMENT],
          include: ['test/package/*.test.ts'],
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
        },
      },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], ...LAB } },
      ...(isSoak ? [{ test: { name: 'soak', include: ['test/soak/*.test.ts'], ...LAB } }] : []),
    ],
  },
});
