import type { Page, Request, Route } from 'playwright-core';
import type { ErrorBody } from '../../lambdas/contract/errors.ts';
import type { ApiKeyView, DryRunEntry, Entry, JobCounts, JobView } from '../../lambdas/contract/views.ts';
import type { EntryCounts, ProcedureView } from '../../lib/client/index.ts';
import { faultsOf } from './contract.ts';
import { entry } from './entry.ts';

/** Requests of the console. */
export type Requested =
  | 'api key'
  | 'procedures'
  | 'procedure'
  | 'dry run'
  | 'send'
  | 'jobs'
  | 'job'
  /** A job that the page of another one links to. */
  | 'linked job'
  | 'undo dry run'
  | 'undo'
  | 'approve'
  | 'cancel'
  | 'entries'
  | 'entries as lines';

/** What the API responds. It may never respond, or cut the connection. */
export type Reply =
  | {
      status?: number;
      data?: unknown;
      meta?: object;
      headers?: Record<string, string>;
      errors?: ErrorBody[];
      text?: string;
    }
  | 'never'
  | 'cut';

export type Script = Readonly<Partial<Record<Requested, Reply>>>;

/** Responds to the page as a script says. Each response is held against the description of the API. */
export class ConsoleApi {
  script: Script = {};
  /** What the responses have against the description. */
  readonly faults: string[] = [];

  async answer(page: Page): Promise<void> {
    await page.route('**/v1/**', (route) => this.#answer(route));
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const replies: Script = { ...USUAL, ...this.script };
    const reply = replies[requestedBy(request)] ?? 'never';
    if (reply === 'never') return;
    if (reply === 'cut') return route.abort();
    const { status = 200, meta = {}, errors = [] } = reply;
    const data = withId(reply.data ?? null, request);
    const isText = reply.text !== undefined;
    const headers = {
      'content-type': isText ? 'application/x-ndjson' : 'application/json',
      'x-request-id': '1c2b3a49-request',
      ...OF_ANY,
      ...reply.headers,
    };
    const text = reply.text ?? JSON.stringify({ _data: data, _meta: meta, _errors: errors });
    const { pathname, search } = new URL(request.url());
    const sent = {
      method: request.method(),
      path: `${pathname}${search}`,
      status,
      headers: new Headers(headers),
      text,
    };
    this.faults.push(...faultsOf(sent));
    await route.fulfill({ status, headers, body: text });
  }
}

/** Headers that some responses must have. */
const OF_ANY = { etag: '"1"', vary: 'accept', 'retry-after': '1', 'www-authenticate': 'Bearer' };

/** A job has the id that is asked for, and an undo another one. */
function withId(data: unknown, request: Request): unknown {
  const [, id] = /background-job\/([^/]+)/.exec(request.url()) ?? [];
  const isUndo = /\/undo\b/.test(request.url());
  return isUndo || id === undefined || data === null || Array.isArray(data)
    ? data
    : { ...(data as JobView), id };
}

function requestedBy(request: Request): Requested {
  const { pathname, searchParams } = new URL(request.url());
  const [, , , resource, id, part] = pathname.split('/');
  if (resource === 'api-key') return 'api key';
  if (resource === 'procedure' && part === 'process') {
    return searchParams.get('dryRun') === 'true' ? 'dry run' : 'send';
  }
  if (resource === 'procedure') return id === undefined ? 'procedures' : 'procedure';
  if (id === undefined) return 'jobs';
  if (part === 'approve' || part === 'cancel') return part;
  if (part === 'undo') return searchParams.get('dryRun') === 'true' ? 'undo dry run' : 'undo';
  if (part !== 'entries') return id === LINKED_ID ? 'linked job' : 'job';
  return request.headers().accept?.includes('ndjson') ? 'entries as lines' : 'entries';
}

export function refused(status: number, code: ErrorBody['code'], message: string): Reply {
  return { status, errors: [{ code, message }] };
}

export const LEAD: ProcedureView = {
  ...{ id: '5f0c1d1e-0001', shortId: 'lead', name: 'Lead', primaryKey: 'lead_id' },
  states: ['NEW', 'IN_PROGRESS', 'CONVERTED'],
  attributes: {
    lead_id: { type: 'string' },
    city: { type: 'string' },
    score: { type: 'integer' },
    newsletter: { type: 'boolean' },
    budget: { type: 'decimal' },
    born: { type: 'date' },
    color: { type: 'stringEnum', options: ['Red', 'Green'] },
  },
};
const { states: _states, attributes: _attributes, ...LISTED } = LEAD;

export const API_KEY: ApiKeyView = {
  ...{ team: 'local', name: 'Sales', scope: 'write', procedures: null, expiresAt: null, stage: 'local' },
};

/** What is sent in these tests. Its third row is wrong, and no process is the fourth. */
export const CSV = `lead_id,state,score,city
LEAD-1,NEW,1,Goa
LEAD-2,NEW,2,Pune
LEAD-3,NEW,many,Mumbai
nobody,NEW,4,Delhi
LEAD-1,NEW,5,${'a-long-word-'.repeat(12)}
`;

export const failed = { completionStatus: 'INVALID', outcome: null, attempts: 0, completedAt: 0 } as const;
export const tried = (index: number, changes: Partial<DryRunEntry> = {}): DryRunEntry => ({
  ...entry(index, { identifier: { lead_id: `LEAD-${index + 1}` }, line: index + 2 }),
  ...{ before: { 'data.city': null, 'data.score': 7 }, after: { 'data.city': 'Goa', 'data.score': index } },
  ...changes,
});

/** What would happen to the rows of {@link CSV}. */
export const CHECKED: DryRunEntry[] = [
  tried(0),
  tried(1, { outcome: 'UNCHANGED', before: {}, after: {} }),
  tried(2, {
    ...failed,
    ...{ before: {}, after: {}, processId: null },
    errors: [
      {
        code: 'INVALID_VALUE',
        message: '"score": "many" is not a whole number: send one such as 105 or "105", or null to clear.',
        pointer: '/processes/2/data/score',
      },
    ],
  }),
  tried(3, {
    ...failed,
    ...{
      completionStatus: 'ERROR',
      identifier: { lead_id: 'nobody' },
      processId: null,
      before: {},
      after: {},
    },
    errors: [
      {
        code: 'PROCESS_NOT_FOUND',
        message: 'No process with this identifier exists in this procedure. Check the identifier.',
        pointer: '/processes/3',
      },
    ],
  }),
  tried(4, { identifier: { lead_id: 'LEAD-1' } }),
];

const COUNTS: EntryCounts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };

/** The response to a dry run. */
export function dryRun(entries: readonly DryRunEntry[]): Reply {
  const counts = { ...COUNTS };
  for (const { completionStatus } of entries) counts[completionStatus] += 1;
  return {
    data: { entries },
    meta: {
      total: entries.length,
      queued: 0,
      invalid: counts.INVALID,
      bjEntryCompletionStatusVsCount: counts,
    },
  };
}

const AT = 1_795_485_666_747;

/** The id of a job. */
export const jobId = (number: number) => `0e1dd2b9-06e0-4f47-8d31-00000000000${number}`;
/** The id of a job that another one undoes, or is undone by. */
export const LINKED_ID = jobId(8);

export function job(changes: Partial<JobView> = {}, counts: Partial<EntryCounts> = {}, retryable = 0) {
  const all = { ...COUNTS, ...counts };
  const view: JobView = {
    ...{ id: jobId(1), type: 'bulk_api_job', team: 'local', procedure: 'lead', name: 'leads.csv' },
    ...{ createdAt: AT, updatedAt: AT, startedAt: AT + 500, completedAt: AT + 25_000 },
    ...{ completionStatus: 'COMPLETED', statusMessage: null },
    ...changes,
  };
  const meta: JobCounts = {
    total: Object.values(all).reduce((sum, each) => sum + each, 0),
    ...{ retryable, bjEntryCompletionStatusVsCount: all },
  };
  return { data: view, meta };
}

export const RUNNING = job(
  { completionStatus: 'IN_PROGRESS', completedAt: 0 },
  { SUCCESS: 3, NOT_STARTED: 2 },
);
export const ABORTED = job(
  {
    completionStatus: 'ABORTED',
    statusMessage: 'Stopped: 2 of 3 processed entries failed (66.67 %); the threshold is 5 %.',
  },
  { SUCCESS: 1, ERROR: 2, CANCELLED: 2 },
);
export const PARTLY = job({}, { SUCCESS: 3, INVALID: 1, ERROR: 1 }, 1);
export const ENTRIES = CHECKED.map(({ before: _before, after: _after, ...rest }) => rest);

/** What the plan sums up to. */
export const PLANNED_COUNTS = { plannedCompletionStatusVsCount: { INVALID: 1, SUCCESS: 3, ERROR: 1 } };

/** A plan of what {@link CHECKED} says. */
export const PLAN: { data: JobView; meta: JobCounts } = plan();

function plan() {
  const planned = { completionStatus: 'PLANNED', createdAt: Date.now() - 3_600_000 } as const;
  const { data, meta } = job({ ...planned, startedAt: 0, completedAt: 0 }, { INVALID: 1, NOT_STARTED: 4 });
  return { data, meta: { ...meta, ...PLANNED_COUNTS } };
}

const APPROVED: Reply = {
  status: 202,
  data: { ...PLAN.data, completionStatus: 'IN_PROGRESS' },
  meta: { ...PLANNED_COUNTS, total: 5, queued: 4, invalid: 1 },
  headers: { location: `../${jobId(1)}` },
};
export const DISCARDED = job(
  { completionStatus: 'CANCELLED', statusMessage: 'The plan was discarded.' },
  { INVALID: 1, CANCELLED: 4 },
);

/** The entries of a plan, by what would happen to them. */
export function plannedOf(entries: readonly DryRunEntry[]): Entry[] {
  return entries.map(
    ({ before, after, completionStatus, outcome, errors, ...rest }): Entry => ({
      ...{ ...rest, processId: null, outcome: null, attempts: 0, completedAt: 0 },
      ...(completionStatus === 'INVALID'
        ? { completionStatus, errors }
        : { completionStatus: 'NOT_STARTED', errors: [] }),
      plan: { completionStatus, outcome, errors, before, after },
    }),
  );
}

/** The entries of {@link PLAN}. */
export const PLANNED_ENTRIES = plannedOf(CHECKED);

/** The list of jobs. */
export const JOBS: Reply = {
  data: [
    PLAN,
    RUNNING,
    PARTLY,
    job({ name: null }, { SUCCESS: 5_000 }),
    job({ undoes: jobId(2) }, { SUCCESS: 3 }),
    job({ undoes: LINKED_ID, name: null }, { SUCCESS: 2, ERROR: 1 }),
    job({ completionStatus: 'CANCELLED' }, { SUCCESS: 4, CANCELLED: 20 }),
    job({ completionStatus: 'FAILED', name: `${'a-long-name-'.repeat(12)}.csv` }, { ERROR: 2 }),
  ].map(({ data, meta }, i) => ({ ...data, id: jobId(i), ...meta })),
  meta: { next: null },
};

/** What the API responds unless a script says otherwise. */
const USUAL: Readonly<Record<Exclude<Requested, 'undo' | 'undo dry run'>, Reply>> = {
  'api key': { data: API_KEY },
  procedures: {
    data: [LISTED, { ...LISTED, id: '5f0c1d1e-0002', shortId: 'contact', name: 'Contact' }],
    meta: { next: null },
  },
  procedure: { data: LEAD },
  'dry run': dryRun(CHECKED),
  send: {
    status: 202,
    data: RUNNING.data,
    meta: { total: 3, queued: 3, invalid: 0 },
    headers: { location: `../../background-job/${jobId(1)}`, 'idempotency-replayed': 'false' },
  },
  jobs: JOBS,
  job: PARTLY,
  'linked job': PARTLY,
  approve: APPROVED,
  cancel: DISCARDED,
  entries: { data: ENTRIES, meta: { next: null, total: ENTRIES.length } },
  'entries as lines': {
    text: ENTRIES.map((each, i) => `${JSON.stringify({ ...each, item: { lead_id: i } })}\n`).join(''),
  },
};

/** The reply with one procedure, for a key that allows no other. */
export const ONE_PROCEDURE: Reply = { data: [LISTED], meta: { next: null } };
