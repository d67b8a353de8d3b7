import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorsPage } from '../../lib/error-catalogue.ts';

it('ERRORS.md is what `npm run errors` prints', () => {
  expect(readFileSync(new URL('../../ERRORS.md', import.meta.url), 'utf8')).toBe(errorsPage());
});
