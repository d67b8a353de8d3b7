import type { Reporter, TestModule } from 'vitest/node';

/**
 * Closes the run with one plain line that a machine can read: `12 passed, 0 failed, 2 skipped`. Before it, it names the
 * tests that this machine lacks a command for.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
        if (state === 'skipped') {
          skipped += 1;
          if (test.name.includes('(needs ')) console.log(`skipped: ${test.name}`);
        }
      }
      // A module that cannot even be loaded has no tests to fail.
      if (!module.ok() && failed === before) failed += 1;
    }
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
