import { expect, test } from 'vitest';
import { DOCUMENTATION_FILES } from '../../../../lambdas/contract/documentation-files.ts';
import { documentationFiles } from '../../../../lib/openapi/files.ts';

test('every file that is served is there', () => {
  const files = documentationFiles();
  expect(Object.keys(files).sort()).toEqual(Object.keys(DOCUMENTATION_FILES).sort());
  for (const content of Object.values(files)) expect(content.length).toBeGreaterThan(0);
});
