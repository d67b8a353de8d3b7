import type { Page } from 'playwright-core';
import {
  API_KEY,
  CHECKED,
  CSV,
  DISCARDED,
  dryRun,
  job,
  jobId,
  PLAN,
  PLANNED_COUNTS,
  PLANNED_ENTRIES,
  type Reply,
  refused,
} from './console-api.ts';
import type { ConsoleState } from './console-states.ts';

const JOB = `#/jobs/${jobId(1)}`;
const PLANS = `#/plans/${[1, 2, 3].map(jobId).join(',')}`;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click();
const check = async (page: Page) => {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.getByLabel('Or paste text').fill(CSV);
  await button(page, 'Continue');
  await button(page, /^Check/);
};
const WELL = dryRun(CHECKED.map((entry) => ({ ...entry, completionStatus: 'SUCCESS' as const, errors: [] })));
const keyWith = (scope: 'read' | 'plan') => ({ 'api key': { data: { ...API_KEY, scope } } });
const saved = (isReplay: boolean): Reply => ({
  status: 202,
  data: PLAN.data,
  meta: { ...PLANNED_COUNTS, total: 3, queued: 0, invalid: 0 },
  headers: { location: `../../background-job/${jobId(1)}`, 'idempotency-replayed': String(isReplay) },
});
const planned = {
  job: PLAN,
  entries: { data: PLANNED_ENTRIES, meta: { next: null, total: PLANNED_ENTRIES.length } },
  jobs: { data: [], meta: { next: null } },
};
const listed = (number: number) => ({ ...PLAN.data, ...PLAN.meta, id: jobId(number) });
const OTHER = refused(412, 'ETAG_MISMATCH', 'The plan is not the one that "If-Match" names.');
const changed = PLANNED_ENTRIES.map((entry, index) =>
  index === 0
    ? {
        ...entry,
        completionStatus: 'ERROR' as const,
        errors: [
          {
            code: 'PRECONDITION_FAILED' as const,
            message: '"city" has changed since the plan: it is "Delhi", not null.',
            pointer: '/processes/0/data/city',
          },
        ],
      }
    : entry,
);

/** The states of plans: made, looked at, approved, discarded, changed, and by what a key may do. */
export const PLAN_STATES: readonly ConsoleState[] = [
  {
    name: 'check, to be saved as a plan, and when to stop',
    at: '#/',
    api: { 'dry run': WELL },
    act: async (page) => {
      await check(page);
      await page.getByLabel('Save as a plan').check();
      await page.getByText('Stop when rows fail').click();
      await page.getByLabel('Stop when more than').check();
    },
    shows: 'rows are processed',
  },
  {
    name: 'send, a plan that is being saved',
    api: { send: 'never' },
    act: (page) => button(page, 'Save 5 rows as a plan'),
    shows: 'Saving 5 rows',
  },
  {
    name: 'check, with a key for plans',
    at: '#/',
    api: { ...keyWith('plan'), send: saved(true) },
    act: check,
    shows: 'Your API key may save rows as a plan, but not apply them.',
  },
  {
    name: 'send, saved as a plan before',
    act: (page) => button(page, 'Save 3 rows as a plan'),
    shows: 'The API saved these rows as a plan in the last 24 hours.',
  },
  {
    name: 'send, a plan beside rows with errors',
    at: '#/',
    api: { send: saved(false) },
    act: async (page) => {
      await check(page);
      await page.getByLabel('Save as a plan').check();
      await button(page, 'Save 3 rows as a plan');
    },
    shows: 'Look at it and approve it',
  },
  {
    name: 'plan, its entries are read',
    at: JOB,
    api: { ...planned, entries: 'never' },
    shows: 'Loading …',
  },
  { name: 'plan', at: JOB, api: planned, shows: 'The process already has these values.' },
  {
    name: 'plan, an entry',
    act: (page) => page.getByRole('button', { name: 'LEAD-1' }).first().click(),
    shows: '"lead_id": 0',
  },
  {
    name: 'plan, to be approved',
    act: async (page) => {
      await page.keyboard.press('Escape');
      await button(page, 'Approve');
    },
    shows: 'Approve this plan?',
  },
  {
    name: 'plan, that has changed',
    api: { approve: OTHER },
    act: (page) => button(page, 'Change 1 record'),
    shows: 'The plan has changed',
  },
  {
    name: 'plan, to be discarded',
    act: (page) => button(page, 'Discard'),
    shows: 'Discard this plan?',
  },
  {
    name: 'plan, discarded',
    api: { job: DISCARDED },
    act: (page) => button(page, 'Discard the plan'),
    shows: 'The plan was discarded.',
  },
  {
    name: 'plan, with a key for plans',
    at: JOB,
    api: { ...planned, ...keyWith('plan') },
    shows: 'Your API key may discard this plan, but not approve it.',
  },
  {
    name: 'plan, with a key that reads, and others of its name',
    at: JOB,
    api: { ...planned, ...keyWith('read'), jobs: { data: [2, 1].map(listed), meta: { next: null } } },
    shows: '2 plans of this name wait for approval',
  },
  {
    name: 'plan, approved after a process was changed',
    at: JOB,
    api: {
      job: job({}, { SUCCESS: 2, INVALID: 1, ERROR: 2 }),
      entries: { data: changed, meta: { next: null, total: 5 } },
    },
    act: (page) => page.getByRole('button', { name: 'LEAD-1' }).first().click(),
    shows: 'What was planned',
  },
  { name: 'plans', at: PLANS, api: planned, shows: '3 plans of 3 wait for approval' },
  {
    name: 'plans, one has changed',
    api: { approve: OTHER },
    act: async (page) => {
      await button(page, 'Approve 3 plans');
      await page.getByRole('dialog').getByRole('button', { name: 'Approve 3 plans' }).click();
    },
    shows: 'Plan 1 has changed',
  },
  {
    name: 'plans, with a key for plans',
    at: PLANS,
    api: { ...planned, ...keyWith('plan') },
    shows: 'Your API key may discard these plans, but not approve them.',
  },
  { name: 'plans, discarded', at: PLANS, api: { job: DISCARDED }, shows: 'None of these plans waits' },
];
