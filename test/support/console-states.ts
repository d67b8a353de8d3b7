import type { Page } from 'playwright-core';
import { signIn } from './browser.ts';
import {
  ABORTED,
  API_KEY,
  CHECKED,
  CSV,
  dryRun,
  ENTRIES,
  failed,
  jobId,
  ONE_PROCEDURE,
  RUNNING,
  refused,
  type Script,
  tried,
} from './console-api.ts';
import { textRow, workbookWith } from './workbooks.ts';

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
const take = async (page: Page, name: string, content: Uint8Array) => {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.locator('#file').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) });
};
const LIMITED = refused(429, 'TOO_MANY_REQUESTS', 'Too many requests.');
const BROKEN = refused(500, 'INTERNAL_ERROR', 'An internal error occurred.');
const EXPIRED = refused(401, 'UNAUTHORIZED', 'The API key has expired.');
/** Cells as people write them: a number, a date with two meanings, a word for true, an option in another case. */
const AS_WRITTEN = `lead_id;budget;born;newsletter;color;state
LEAD-1;1.234,50;03.04.2026;Ja;red;NEW
LEAD-2;viele;05.04.2026;Nein;Crimson;NEW
`;
const WIDE = [
  ['lead_id', 'city', ...Array.from({ length: 14 }, (_, column) => `Column ${column + 1}`)].join(','),
  ['LEAD-1', 'Goa', ...Array.from({ length: 14 }, () => 'x')].join(','),
].join('\n');
const meaning = (page: Page, column: string, name: string) =>
  page.getByLabel(column, { exact: true }).selectOption(name);
const inAnHour = () => Date.now() + 3_600_000;
const WELL = CHECKED.map((entry) => ({ ...entry, completionStatus: 'SUCCESS' as const, errors: [] }));

const WITHOUT = [
  tried(0, {
    ...{ ...failed, identifier: {}, processId: null, before: {}, after: {} },
    errors: [
      {
        code: 'IDENTIFIER_MISSING',
        message: 'The item names no process. Add "id" or the primary key of lead, "lead_id".',
        pointer: '/processes/0',
      },
    ],
  }),
  tried(1, {
    ...{ ...failed, processId: null, before: {}, after: {} },
    errors: [
      {
        code: 'UPDATE_MISSING',
        message: 'The item changes nothing. Name at least one of data, state.',
        pointer: '/processes/1',
      },
    ],
  }),
];

/** Every state of the console: each step, empty, loading, wrong, done, offline and refused. */
export const CONSOLE_STATES: readonly ConsoleState[] = [
  { name: 'choose', at: '#/', shows: 'What kind of records?' },
  {
    name: 'choose, nothing chosen',
    act: (page) => button(page, 'Continue'),
    shows: 'Choose a file, or paste text.',
  },
  {
    name: 'choose, the list of procedures',
    act: (page) => page.getByLabel('Procedure', { exact: true }).click(),
    shows: 'Contact',
  },
  {
    name: 'choose, reading the procedures',
    at: '#/',
    api: { procedures: 'never' },
    shows: 'Reading the procedures …',
  },
  {
    name: 'choose, no procedure',
    at: '#/',
    api: { procedures: { data: [], meta: { next: null } } },
    shows: 'Your team has no procedure.',
  },
  {
    name: 'choose, reading the file',
    at: '#/',
    api: { procedure: 'never' },
    act: (page) => choose(page, CSV),
    shows: 'Reading …',
  },
  {
    name: 'choose, offline',
    at: '#/',
    api: { procedure: 'cut' },
    act: (page) => choose(page, CSV),
    shows: 'The API does not respond.',
  },
  {
    name: 'choose, the API fails',
    at: '#/',
    api: { procedure: BROKEN },
    act: (page) => choose(page, CSV),
    shows: 'The API failed.',
  },
  {
    name: 'choose, an unknown procedure',
    at: '#/',
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
  {
    name: 'choose, something else than its name says',
    at: '#/',
    act: (page) => take(page, 'leads.csv', Buffer.from('%PDF-1.7\n')),
    shows: 'The file is a PDF document.',
  },
  {
    name: 'choose, letters that are not clear',
    act: (page) => take(page, 'leads.csv', Buffer.from('lead_id;city\nLEAD-1;K\xf6ln\n', 'latin1')),
    shows: 'The letters of the file are not clear.',
  },
  {
    name: 'choose, the encoding is confirmed',
    act: (page) => button(page, 'Read as Windows-1252'),
    shows: 'The file is read as Windows-1252.',
  },
  {
    name: 'choose, a sheet and the row that names the columns',
    act: async (page) => {
      const Leads =
        textRow(1, 'Leads in November') + textRow(3, 'lead_id', 'city') + textRow(4, 'LEAD-1', 'Goa');
      await take(
        page,
        'leads.xlsx',
        await workbookWith({ sheets: { Leads, Archive: textRow(1, 'lead_id') } }),
      );
    },
    shows: 'Row 3 names the columns',
  },
  {
    name: 'map, a sheet',
    act: (page) => button(page, 'Continue'),
    shows: '1 row, 2 columns',
  },
  {
    name: 'map, with proposals, ambiguous dates and unknown values',
    at: '#/',
    act: (page) => choose(page, AS_WRITTEN),
    shows: '“03.04.2026” has several meanings. Choose one.',
  },
  {
    name: 'map, read as proposed',
    act: (page) => button(page, /as proposed/),
    shows: '1 cell cannot be read and stays as it is: “viele”',
  },
  {
    name: 'map, decided',
    act: async (page) => {
      await page.getByLabel('How “born” is read').selectOption({ label: 'Day first: 24.11.2026' });
      await page.getByLabel('What “Crimson” means').selectOption('Red');
    },
    shows: 'Checking changes nothing.',
  },
  {
    name: 'check, cells as they are read',
    act: (page) => button(page, /^Check/),
    shows: /rows would/,
  },
  {
    name: 'map, as last time',
    at: '#/',
    act: (page) => choose(page, AS_WRITTEN),
    shows: 'Mapped as last time',
  },
  { name: 'map, many columns', at: '#/', act: (page) => choose(page, WIDE), shows: '16 columns' },
  {
    name: 'map, none of many columns',
    act: (page) => button(page, /To decide/),
    shows: 'There are no such columns.',
  },
  { name: 'map', at: '#/', act: (page) => choose(page, CSV), shows: 'Map the columns' },
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
    name: 'check, too many requests',
    api: { 'dry run': LIMITED },
    act: (page) => button(page, 'Try again'),
    shows: 'TOO_MANY_REQUESTS',
  },
  {
    name: 'check, the API fails',
    api: { 'dry run': BROKEN },
    act: (page) => button(page, 'Try again'),
    shows: 'INTERNAL_ERROR',
  },
  {
    name: 'check, offline',
    api: { 'dry run': 'cut' },
    act: (page) => button(page, 'Try again'),
    shows: 'The API does not respond.',
  },
  {
    name: 'check, the key expires',
    api: { 'dry run': EXPIRED },
    act: (page) => button(page, 'Try again'),
    shows: 'Your file stays in this tab.',
  },
  {
    name: 'check, signed in again',
    api: { 'dry run': dryRun(CHECKED) },
    act: (page) => signIn(page),
    shows: '2 of 5 rows would not be applied',
  },
  {
    name: 'check, with errors',
    at: '#/',
    act: check,
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
    name: 'check, a row without its key, and one that changes nothing',
    at: '#/',
    api: { 'dry run': dryRun(WITHOUT) },
    act: async (page) => {
      await choose(page, 'lead_id,city\n,Goa\nLEAD-2,\n');
      await button(page, /^Check/);
      await button(page, /is empty, so the row names no process/);
    },
    shows: 'Fill the empty cell in 1 row with',
  },
  {
    name: 'check, a row that changes nothing',
    act: (page) => button(page, /The item changes nothing/),
    shows: 'Fill a cell of the row below.',
  },
  {
    name: 'check, cells that are probably wrong',
    at: '#/',
    act: async (page) => {
      await choose(page, 'lead_id,city\nLEAD-1 ,Goa\nLEAD-2,MÃ¼nchen\n');
      await button(page, /^Check/);
    },
    shows: 'Check the file again',
  },
  {
    name: 'check, with a canary that cannot be sent',
    at: '#/',
    api: { 'dry run': dryRun(WELL) },
    act: async (page) => {
      await check(page);
      await page.getByText('Stop when rows fail').click();
      await page.getByLabel('Number of rows to start with').fill('0');
    },
    shows: 'Give a number up to 10,000.',
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
  {
    name: 'job, aborted',
    at: JOB,
    api: { job: ABORTED },
    shows: 'Stopped: 2 of 3 processed entries failed',
  },
  { name: 'job, loading', at: JOB, api: { job: 'never' }, shows: 'Loading …' },
  { name: 'job, offline', at: JOB, api: { job: 'cut' }, shows: 'The API does not respond.' },
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
    name: 'job, entries that cannot be read',
    at: JOB,
    api: { entries: BROKEN },
    shows: 'INTERNAL_ERROR',
  },
  {
    name: 'job, an entry',
    at: JOB,
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
