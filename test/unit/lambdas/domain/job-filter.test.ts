import { expect, it } from 'vitest';
import { fitsByHeader, type JobFilter } from '../../../../lambdas/domain/job-filter.ts';
import { aJob } from '../../../support/builders.ts';

const NAMED = aJob({ name: 'Größe Ko\u0308ln März.CSV' });

it.each<[boolean, JobFilter]>([
  [true, {}],
  [true, { completionStatus: 'FAILED' }],
  [true, { procedure: 'lead' }],
  [false, { procedure: 'LEAD' }],
  [true, { name: 'märz.csv' }],
  [true, { name: 'köln' }],
  [true, { name: 'GRÖSSE' }],
  [false, { name: 'Köln.' }],
  [false, { procedure: 'contact', name: 'März' }],
])('a named job fits: %s, for %j', (fits, asked) => expect(fitsByHeader(NAMED, asked)).toBe(fits));

it('a job without a name has none of any part', () => {
  expect(fitsByHeader(aJob(), { name: 'null' })).toBe(false);
});
