import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests start hundreds of commands: compiled once, each takes half of the time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

/** Only by `npm run test:long`. */
const LONG = ['test/console/german-files.test.ts', 'test/e2e/german-workbook.test.ts'];

/** Each worker has a local stack, so that a file has it alone. A deployed API, at BASE_URL, is one for all files. */
const STACKS = process.env.BASE_URL === undefined && process.env.LONG !== 'true' ? 3 : 1;

export default defineConfig({
  test: {
    // Much of the time is spent waiting for functions, queues and timeouts: two workers would leave a third of it unused.
    maxWorkers: STACKS,
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      // None of the first five changes what it imports: loading that once a worker halves their time.
      {
        test: {
          name: 'unit',
          isolate: false,
          include: ['test/unit/**/*.test.ts'],
          exclude: ['**/*.properties.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // The same modules with generated inputs, which takes seconds for each.
        test: {
          name: 'properties',
          isolate: false,
          include: ['test/unit/**/*.properties.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // Inputs of many megabytes, which must cost neither the memory nor minutes.
        test: {
          name: 'load',
          isolate: false,
          include: ['test/load/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // What holds for the repository as a whole: documents, words, names of tests, regular expressions, licences.
        test: {
          name: 'repository',
          isolate: false,
          include: ['test/repository/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'infrastructure',
          isolate: false,
          include: ['test/infrastructure/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'guarantees',
          include: ['test/guarantees/*.test.ts'],
          testTimeout: 600_000,
        },
      },
      {
        // Each worker starts Node, loads the SDK and so on once, not for each of sixty files.
        test: {
          name: 'stack',
          isolate: false,
          include: [
            'test/integration/**/*.test.ts',
            'test/guarantees/conformance/*.test.ts',
            'test/e2e/**/*.test.ts',
            'test/console/**/*.test.ts',
          ],
          exclude: process.env.LONG === 'true' ? [] : LONG,
          globalSetup: [
            'test/support/package-setup.ts',
            'test/support/stack-setup.ts',
            'test/support/browser-setup.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // It waits for most of its time, beside tests that do not.
        test: {
          name: 'chaos',
          // With every change the one in which everything goes wrong; `npm run chaos` runs all.
          include: [`test/guarantees/**/${process.env.CHAOS === 'long' ? '*' : 'everything'}.chaos.test.ts`],
          env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
          testTimeout: 400_000,
        },
      },
    ],
  },
});
