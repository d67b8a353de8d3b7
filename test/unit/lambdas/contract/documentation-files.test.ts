import { expect, test } from 'vitest';
import { isDocumentationFile } from '../../../../lambdas/contract/documentation-files.ts';

test('only files that are listed are served', () => {
  expect(isDocumentationFile('index.html')).toBe(true);
  for (const name of ['', 'constructor', '__proto__', '../index.html', 'INDEX.HTML']) {
    expect(isDocumentationFile(name), name).toBe(false);
  }
});
