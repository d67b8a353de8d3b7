import type { Page } from 'playwright-core';
import { ENTRY_ERROR_MESSAGES } from '../../lambdas/contract/errors.ts';
import type { DryRunEntry } from '../../lib/client/index.ts';
import {
  API_KEY,
  dryRun,
  failed,
  job,
  jobId,
  LINKED_ID,
  type Reply,
  RUNNING,
  refused,
  tried,
} from './console-api.ts';
import type { ConsoleState } from './console-states.ts';

const JOB = `#/jobs/${jobId(1)}`;
const UNDO = `${JOB}/undo`;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click();
const confirm = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
const keyWith = (scope: 'read' | 'plan') => ({ 'api key': { data: { ...API_KEY, scope } } });
const none = { before: {}, after: {} };
const lost = (code: 'NOT_REVERSIBLE' | 'PROCESS_EXISTS', index: number): Partial<DryRunEntry> => ({
  ...failed,
  ...{ ...none, completionStatus: 'ERROR' },
  errors: [{ code, message: ENTRY_ERROR_MESSAGES[code], pointer: `/processes/${index}` }],
});

/** One record goes back, one in part, one stays, one had no change, and two cannot be undone. */
const CHECKED = [
  tried(0, {
    outcome: 'REVERTED',
    before: { 'data.city': 'a-long-word-'.repeat(12), 'data.score': 7, state: 'NEW' },
    after: { 'data.city': 'Goa', 'data.score': null, state: 'CONVERTED' },
  }),
  tried(1, {
    outcome: 'REVERTED',
    kept: ['data.city', 'assignedTo'],
    before: { 'data.score': 2 },
    after: { 'data.score': 1 },
  }),
  tried(2, { outcome: 'KEPT', ...none }),
  tried(3, { outcome: 'UNCHANGED', ...none }),
  tried(4, lost('NOT_REVERSIBLE', 4)),
  tried(5, lost('PROCESS_EXISTS', 5)),
];
const ENTRIES = CHECKED.map(({ before: _before, after: _after, ...entry }) => entry);
const looked = { 'undo dry run': dryRun(CHECKED) };
const started: Reply = {
  status: 202,
  data: { ...RUNNING.data, id: jobId(2), undoes: jobId(1) },
  meta: { total: 6, queued: 6, invalid: 0 },
  headers: { location: `../${jobId(2)}`, 'idempotency-replayed': 'false' },
};
const undone = (
  changes: Parameters<typeof job>[0] = {},
  counts: Parameters<typeof job>[1] = { SUCCESS: 4, ERROR: 2 },
) => ({
  job: job({ undoes: LINKED_ID, ...changes }, counts),
  entries: { data: ENTRIES, meta: { next: null, total: 6 } },
});
const ITS_UNDO = job({ undoes: jobId(1) }, { SUCCESS: 3 });
const undoneJob = job({ undoneBy: LINKED_ID }, { SUCCESS: 3, ERROR: 1 }, 1);

/** The states of undos: looked at, done, refused, and by what a key may do. */
export const UNDO_STATES: readonly ConsoleState[] = [
  {
    name: 'undo, looking',
    at: UNDO,
    api: { 'undo dry run': 'never' },
    shows: 'Looking what an undo of 3 entries would do.',
  },
  { name: 'undo', at: UNDO, api: looked, shows: '2 of 6 records would go back' },
  {
    name: 'undo, no such records',
    act: (page) => page.getByLabel('Id or primary key contains').fill('nobody'),
    shows: 'There are no such entries.',
  },
  {
    name: 'undo, to be confirmed',
    act: (page) => button(page, 'Undo 2 records'),
    shows: 'Undo 2 records?',
  },
  {
    name: 'undo, begun',
    api: {
      undo: started,
      ...undone({ completionStatus: 'IN_PROGRESS', completedAt: 0 }, { SUCCESS: 4, NOT_STARTED: 2 }),
    },
    act: (page) => confirm(page, 'Undo 2 records'),
    shows: 'This job undoes',
  },
  {
    name: 'undo, with a key for plans',
    at: UNDO,
    api: { ...looked, ...keyWith('plan') },
    shows: 'Your API key may look at an undo, but not undo a job.',
  },
  {
    name: 'undo, with a key that reads',
    at: UNDO,
    api: keyWith('read'),
    shows: 'Your API key only reads.',
  },
  {
    name: 'undo, of nothing that goes back',
    at: UNDO,
    api: { 'undo dry run': dryRun(CHECKED.slice(2)) },
    shows: 'An undo would change nothing.',
  },
  {
    name: 'undo, of a job in progress',
    at: UNDO,
    api: { job: RUNNING },
    shows: 'This job is still in progress.',
  },
  {
    name: 'undo, refused',
    at: UNDO,
    api: { 'undo dry run': refused(409, 'NOTHING_TO_UNDO', 'No entry of the job has succeeded.') },
    shows: 'There is nothing to undo.',
  },
  {
    name: 'undo, too large to be shown',
    at: UNDO,
    api: { 'undo dry run': refused(413, 'ANSWER_TOO_LARGE', 'The response would be too large.') },
    shows: 'This undo is too large to be shown.',
  },
  {
    name: 'undo, too large to be shown, to be confirmed',
    act: (page) => button(page, 'Undo this job'),
    shows: 'You have not seen which.',
  },
  {
    name: 'undo, of a job that is undone',
    at: UNDO,
    api: { job: undoneJob, 'linked job': ITS_UNDO },
    shows: 'To get the values of this job back',
  },
  {
    name: 'job, that undoes another one',
    at: JOB,
    api: undone(),
    shows: '1 record is as before the job: deleted if the job created it.',
  },
  {
    name: 'job, that undoes another one, an entry',
    act: (page) => button(page, 'LEAD-2'),
    shows: 'but for',
  },
  {
    name: 'job, that undoes another one and is undone',
    at: JOB,
    api: { ...undone({ undoneBy: LINKED_ID }), 'linked job': ITS_UNDO },
    shows: 'To get the values of this job back',
  },
  { name: 'job, undone', at: JOB, api: { job: undoneJob, 'linked job': ITS_UNDO }, shows: 'Undone by' },
  {
    name: 'job, whose undo was cancelled',
    at: JOB,
    api: { job: undoneJob, 'linked job': job({ completionStatus: 'CANCELLED' }, { CANCELLED: 2 }) },
    shows: 'came to no end',
  },
  {
    name: 'job, whose undo was undone',
    at: JOB,
    api: { job: undoneJob, 'linked job': job({ undoneBy: jobId(3), undoes: jobId(1) }, { SUCCESS: 2 }) },
    shows: 'was undone itself',
  },
];
