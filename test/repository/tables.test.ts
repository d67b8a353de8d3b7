import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PRIMARY_KEY_INDEX, PROCEDURE_ID_INDEX, TEAM_INDEX } from '../../lambdas/contract/tables.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it.each([PRIMARY_KEY_INDEX, PROCEDURE_ID_INDEX, TEAM_INDEX])('the index %s is named in one file', (name) => {
  const files = globSync('{bin,lib,lambdas}/**/*.{ts,tsx}', { cwd: root });
  const naming = files.filter((file) => readFileSync(join(root, file), 'utf8').includes(`'${name}'`));
  expect(naming).toEqual(['lambdas/contract/tables.ts']);
});
