import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Enough for what a run of slipway printed. */
const SHOWN_LENGTH = 20_000;

/**
 * Says why a test failed when it has, for a run of an hour may be cut off before its end. Ends a run with what failed, a line each, and one plain line that a script can read:
 * `12 passed, 0 failed, 1 skipped`.
 */
export class ClosingLineReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    if (state !== 'failed') return;
    const why = errors.map(({ message }) => message.slice(-SHOWN_LENGTH)).join('\n');
    process.stdout.write(`\nfailed just now: ${test.module.relativeModuleId} > ${test.fullName}\n${why}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const failed: string[] = [];
    for (const module of modules) {
      let hasTest = false;
      for (const test of module.children.allTests()) {
        hasTest = true;
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
        if (state === 'failed') failed.push(`${module.relativeModuleId} > ${test.fullName}`);
      }
      // Such a file could not be loaded, or its suite could not be set up.
      if (!hasTest && module.errors().length > 0) {
        counts.failed += 1;
        failed.push(module.relativeModuleId);
      }
    }
    for (const name of failed) process.stdout.write(`\nfailed: ${name}`);
    process.stdout.write(`\n\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
