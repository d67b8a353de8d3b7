import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MUTANTS } from '../guarantees/mutant-list.ts';

it.each(MUTANTS)('what is taken out for "without $without" stands once in $file', ({ file, replace, by }) => {
  const source = readFileSync(new URL(`../../lambdas/${file}`, import.meta.url), 'utf8');
  expect(source.split(replace)).toHaveLength(2);
  expect(by).not.toBe(replace);
});
