import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a run with what failed, a line each, and one plain line that a script can read:
 * `12 passed, 0 failed, 1 skipped`.
 */
export class ClosingLineReporter implements Reporter {
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
