import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished, TestRunner } from 'vitest';

/** A folder for files, removed after the test that makes it, or after the test file that makes it at its top. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulk-update-test-'));
  // A test that calls afterAll is not heard.
  const after = TestRunner.getCurrentTest() === undefined ? afterAll : onTestFinished;
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
