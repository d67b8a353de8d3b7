import { expect, test } from 'vitest';
import { failedName } from '../../../../lambdas/rows/failed-name.ts';

test.for([
  ['leads.csv', 'csv', 'leads.failed.csv'],
  ['leads.november.xlsx', 'xlsx', 'leads.november.failed.xlsx'],
  ['leads.json', 'ndjson', 'leads.failed.ndjson'],
  ['leads', 'csv', 'leads.failed.csv'],
  ['leads.failed.csv', 'csv', 'leads.failed.csv'],
  ['leads.failed-2.csv', 'csv', 'leads.failed.csv'],
  ['failed.csv', 'csv', 'failed.csv'],
  ['failed-3.csv', 'csv', 'failed.csv'],
  ['unfailed.csv', 'csv', 'unfailed.failed.csv'],
  ['.csv', 'csv', 'failed.csv'],
  [undefined, 'csv', 'failed.csv'],
] as const)('the failed rows of %s as %s are in %s', ([name, extension, failed]) => {
  expect(failedName(name, extension)).toBe(failed);
});
