import type { Page } from 'playwright-core';
import {
  API_KEY,
  CHECKED,
  CSV,
  dryRun,
  ENTRIES,
  jobId,
  ONE_PROCEDURE,
  RUNNING,
  refused,
  type Script,
} from './console-api.ts';

/** A state of the console, and how a person comes to it. */
export interface ConsoleState {
  name: string;
  /** Fragment of the address, opened anew by who is signed in. Without it, the state follows the one before. */
  at?: string;
  /** What the API responds, beside the usual. It holds until a state is opened anew. */
  api?: Script;
  act?: (page: Page) => Promise<unknown>;
  /** Text that shows that the state is reached. */
  shows: string | RegExp;
}

const JOB = `#/jobs/${jobId(1)}`;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const choose = async (page: Page, text: string, procedure = 'lead') => {
  await page.getByLabel('Procedure', { exact: true }).fill(procedure);
  await page.getByLabel('Or paste text').fill(text);
  await button(page, 'Continue');
};
const check = async (page: Page) => {
  await choose(page, CSV);
  await button(page, /^Check/);
};
const meaning = (page: Page, column: string, name: string) =>
  page.getByLabel(column, { exact: true }).selectOption(name);
const inAnHour = () => Date.now() + 3_600_000;
const WELL = CHECKED.map((entry) => ({ ...entry, completionStatus: 'SUCCESS' as const, errors: [] }));

/** Every state of the console: each step, empty, loading, wrong, done, offline and refused. */
export const CONSOLE_STATES: readonly ConsoleState[] = [
  { name: 'choose', at: '#/', shows: 'What are you updating?' },
  {
    name: 'choose, nothing chosen',
    act: (page) => button(page, 'Continue'),
    shows: 'Choose a file, or paste the updates.',
  },
  {
    name: 'choose, the list of procedures',
    act: (page) => page.getByLabel('Procedure', { exact: true }).click(),
    shows: 'Contact',
  },
  {
    name: 'choose, an unknown procedure',
    api: { procedure: refused(404, 'PROCEDURE_NOT_FOUND', 'There is no procedure "leed".') },
    act: (page) => choose(page, CSV, 'leed'),
    shows: 'Did you mean lead?',
  },
  {
    name: 'choose, real data, a key that is bound and expires',
    at: '#/',
    api: {
      'api key': {
        data: { ...API_KEY, stage: 'prod', procedures: ['lead'], expiresAt: inAnHour() },
      },
      procedures: ONE_PROCEDURE,
    },
    shows: 'Your API key allows no other procedure.',
  },
  {
    name: 'choose, a file with errors',
    act: (page) => choose(page, '[{'),
    shows: 'The file has errors.',
  },
  { name: 'map', act: (page) => choose(page, CSV), shows: 'Map the columns' },
  {
    name: 'map, not ready',
    act: (page) => meaning(page, 'lead_id', 'score'),
    shows: 'Not ready to check',
  },
  {
    name: 'check, in progress',
    api: { 'dry run': 'never' },
    act: async (page) => {
      await meaning(page, 'lead_id', 'lead_id');
      await button(page, /^Check/);
    },
    shows: 'Checking 5 rows',
  },
  {
    name: 'check, refused',
    at: '#/',
    api: { 'dry run': refused(403, 'PROCEDURE_FORBIDDEN', 'This key does not allow the procedure lead.') },
    act: check,
    shows: 'The check stopped after 0 of 5 rows',
  },
  {
    name: 'check, with errors',
    api: { 'dry run': dryRun(CHECKED) },
    act: (page) => button(page, 'Try again'),
    shows: '2 of 5 rows would not be applied',
  },
  {
    name: 'check, a cause',
    act: (page) => button(page, /is not a whole number/),
    shows: 'Replace "many" in 1 row by',
  },
  {
    name: 'check, a corrected cell',
    act: (page) => page.getByLabel('score, line 4').fill('3'),
    shows: 'Check 1 corrected row',
  },
  {
    name: 'send, in progress',
    api: { send: 'never' },
    act: async (page) => {
      await page.getByLabel('score, line 4').fill('many');
      await button(page, 'Send 3 rows');
    },
    shows: 'Keep this tab open',
  },
  {
    name: 'check, all well',
    at: '#/',
    api: { 'dry run': dryRun(WELL) },
    act: check,
    shows: 'All 5 rows would be applied',
  },
  {
    name: 'send, refused',
    api: { send: refused(403, 'PROCEDURE_FORBIDDEN', 'This key does not allow the procedure lead.') },
    act: (page) => button(page, 'Send 5 rows'),
    shows: '0 of 5 rows were accepted',
  },
  {
    name: 'send, accepted before',
    api: {
      send: {
        status: 202,
        data: RUNNING.data,
        meta: { total: 5, queued: 5, invalid: 0 },
        headers: { location: `../../background-job/${jobId(1)}`, 'idempotency-replayed': 'true' },
      },
    },
    act: (page) => button(page, 'Try again'),
    shows: 'Nothing was sent twice',
  },
  {
    name: 'send, a rest',
    at: '#/',
    act: async (page) => {
      await check(page);
      await button(page, 'Send 3 rows');
    },
    shows: '2 rows with errors were not sent',
  },
  {
    name: 'check, items of JSON, nothing to send',
    at: '#/',
    api: { 'dry run': dryRun(CHECKED.slice(2, 3)) },
    act: (page) => choose(page, '{"lead_id":"LEAD-3","state":"NEW "}'),
    shows: 'Send 0 rows',
  },
  { name: 'jobs, loading', at: '#/jobs', api: { jobs: 'never' }, shows: 'Loading …' },
  {
    name: 'jobs, none',
    at: '#/jobs',
    api: { jobs: { data: [], meta: { next: null } } },
    shows: 'No jobs yet',
  },
  {
    name: 'jobs, none found',
    act: (page) => page.getByLabel('Status').selectOption('Cancelled'),
    shows: 'No job fits the filter',
  },
  {
    name: 'jobs, refused',
    at: '#/jobs',
    api: { jobs: refused(403, 'FORBIDDEN', 'The gateway refuses the request.') },
    shows: 'The API refused the request.',
  },
  { name: 'jobs', at: '#/jobs', shows: 'Completed, 2 not applied' },
  {
    name: 'jobs, offline',
    api: { jobs: 'cut' },
    act: (page) => page.evaluate("dispatchEvent(new Event('offline'))"),
    shows: 'What you see is from',
  },
  { name: 'job, loading', at: JOB, api: { job: 'never' }, shows: 'Loading …' },
  {
    name: 'job, not found',
    at: JOB,
    api: { job: refused(404, 'JOB_NOT_FOUND', 'There is no such job.') },
    shows: 'JOB_NOT_FOUND',
  },
  {
    name: 'job, in progress',
    at: JOB,
    api: { job: RUNNING },
    shows: '3 of 5 processed',
  },
  {
    name: 'job, to be cancelled',
    act: (page) => button(page, 'Cancel the job'),
    shows: 'Cancel this job?',
  },
  { name: 'job, partly applied', at: JOB, shows: 'Retry 1 entry' },
  {
    name: 'job, an entry',
    act: (page) => button(page, 'LEAD-3'),
    shows: '"lead_id": 2',
  },
  {
    name: 'job, no such entries',
    api: { entries: { data: [], meta: { next: null, total: 0 } } },
    act: async (page) => {
      await page.keyboard.press('Escape');
      await button(page, /Cancelled/);
    },
    shows: 'No entry has this status.',
  },
  {
    name: 'job, no file of its failed rows',
    api: {
      entries: { data: ENTRIES, meta: { next: null, total: 5 } },
      'entries as lines': { text: `${JSON.stringify({ ...ENTRIES[2], item: { lead_id: '=1+1' } })}\n` },
    },
    act: (page) => button(page, /failed rows \(CSV\)/),
    shows: 'A CSV would change these rows.',
  },
];
