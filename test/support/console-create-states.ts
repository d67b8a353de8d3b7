import type { Page } from 'playwright-core';
import { ENTRY_ERROR_MESSAGES } from '../../lambdas/contract/errors.ts';
import type { DryRunEntry } from '../../lib/client/index.ts';
import { CHECKED, dryRun, failed, job, jobId, LEAD, PLAN, plannedOf, tried } from './console-api.ts';
import type { ConsoleState } from './console-states.ts';

const JOB = `#/jobs/${jobId(1)}`;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click();
const choose = async (page: Page, what: string) => {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.getByLabel('Or paste text').fill(ROWS);
  await page.getByLabel(what).check();
  await button(page, 'Continue');
};
const check = async (page: Page, what: string) => {
  await choose(page, what);
  await button(page, /^Check/);
};

/** What is sent in these tests. Its third and fourth row lack the city. */
const ROWS = `lead_id,state,city
LEAD-1,NEW,Goa
LEAD-2,NEW,Pune
LEAD-3,NEW,
nobody,NEW,
LEAD-5,NEW,Delhi
`;

const none = { before: {}, after: {}, processId: null };
const NEW: Partial<DryRunEntry> = {
  outcome: 'CREATED',
  before: { status: null, state: null, 'data.city': null, 'data.lead_id': null },
  after: { status: 'OPEN', state: 'NEW', 'data.city': 'a-long-word-'.repeat(12), 'data.lead_id': 'LEAD-2' },
};
const lacking = (index: number, name = 'city'): DryRunEntry =>
  tried(index, {
    ...{ ...failed, ...none, completionStatus: 'ERROR' },
    errors: [
      {
        code: 'REQUIRED_MISSING',
        message: `"${name}" is missing, and no process is created without it. Add it to "data".`,
        pointer: `/processes/${index}/data/${name}`,
      },
    ],
  });
const existing = (index: number): DryRunEntry =>
  tried(index, {
    ...{ ...failed, ...none, completionStatus: 'ERROR' },
    errors: [
      {
        code: 'PROCESS_EXISTS',
        message: ENTRY_ERROR_MESSAGES.PROCESS_EXISTS,
        pointer: `/processes/${index}`,
      },
    ],
  });

/** What an upsert would do: change one record, create another, and fail for two. */
const UPSERT = [
  tried(0),
  tried(1, NEW),
  lacking(2),
  ...CHECKED.slice(3, 4),
  tried(4, { outcome: 'UNCHANGED' }),
];
const planned = plannedOf(UPSERT);
const created = UPSERT.map(({ before: _before, after: _after, ...entry }) => entry);

/** The states of rows that create: chosen, mapped, checked, planned, sent and undone. */
export const CREATE_STATES: readonly ConsoleState[] = [
  {
    name: 'map, rows that create without what a record needs',
    at: '#/',
    api: { procedure: { data: { ...LEAD, required: ['lead_id', 'city', 'born'] } } },
    act: (page) => choose(page, 'Create new records only'),
    shows: 'No lead is created without its born.',
  },
  {
    name: 'check, rows that update and create',
    at: '#/',
    api: { 'dry run': dryRun(UPSERT) },
    act: (page) => check(page, 'Update what exists, create the rest'),
    shows: '1 row would update a record, 1 would create one, 1 would change nothing, 2 would fail.',
  },
  {
    name: 'check, an empty cell that a new record needs',
    act: (page) => button(page, /is missing, and no process is created/),
    shows: 'Fill the empty cell in 1 row with',
  },
  {
    name: 'check, a column that the file lacks and a new record needs',
    api: { 'dry run': dryRun([0, 1, 2, 3, 4].map((index) => lacking(index, 'born'))) },
    act: async (page) => {
      await page.getByLabel('What the rows do').selectOption('Update the records that exist');
      await page.getByLabel('What the rows do').selectOption('Update what exists, create the rest');
      await button(page, /born: is missing, and no process is created/);
    },
    shows: 'Choose its column with Back, or add one to the file.',
  },
  {
    name: 'check, rows that are to create what exists',
    api: { 'dry run': dryRun([tried(0, NEW), existing(1), existing(2), lacking(3), tried(4, NEW)]) },
    act: (page) => page.getByLabel('What the rows do').selectOption('Create new records only'),
    shows: '2 rows name records that exist already.',
  },
  {
    name: 'plan, that creates',
    at: JOB,
    api: {
      job: PLAN,
      entries: { data: planned, meta: { next: null, total: planned.length } },
      jobs: { data: [], meta: { next: null } },
    },
    shows: '1 record will be changed and 1 created.',
  },
  {
    name: 'plan, that creates, to be approved',
    act: (page) => button(page, 'Approve'),
    shows: 'Change 1 record, create 1',
  },
  {
    name: 'job, that has created',
    at: JOB,
    api: {
      job: job({}, { SUCCESS: 3, ERROR: 2 }),
      entries: { data: created, meta: { next: null, total: created.length } },
    },
    shows: 'Created the process.',
  },
  {
    name: 'undo, of what was created',
    at: `${JOB}/undo`,
    api: {
      'undo dry run': dryRun([
        tried(0, { outcome: 'REVERTED' }),
        tried(1, { outcome: 'REVERTED', before: { isDeleted: false }, after: { isDeleted: true } }),
        tried(2, { outcome: 'KEPT', before: {}, after: {} }),
      ]),
    },
    shows: '1 record is deleted: the job created it, and nobody has changed it since.',
  },
  {
    name: 'undo, of what was created, to be confirmed',
    act: (page) => button(page, 'Undo 2 records'),
    shows: 'and 1 record is deleted, as shown.',
  },
];
