import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { SEQUENCE_UNIT_MS } from '../../../../lambdas/adapters/job-store.ts';
import type { EntryCounts } from '../../../../lambdas/contract/statuses.ts';
import type { Entry } from '../../../../lambdas/contract/views.ts';
import { acceptOnce } from '../../../../lambdas/domain/accept-once.ts';
import { type AcceptPorts, acceptUpdates } from '../../../../lambdas/domain/accept-updates.ts';
import { applyUpdates, INDEX_LAG_MS } from '../../../../lambdas/domain/apply-updates.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { dryRun } from '../../../../lambdas/domain/dry-run.ts';
import {
  CLOCK_SKEW_MS,
  IN_FLIGHT_MS,
  type Job,
  NOTICE_MS,
  shouldSkip,
} from '../../../../lambdas/domain/job.ts';
import { type EntriesQuery, type ListedEntry, listEntries } from '../../../../lambdas/domain/list-entries.ts';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { retryOf } from '../../../../lambdas/domain/retry-job.ts';
import { orderOf, type UpdateMessage } from '../../../../lambdas/domain/update-message.ts';
import { countedEntries, dryRunResponse } from '../../../../lambdas/http/dry-run-response.ts';
import { entryBytes, formatEntries } from '../../../../lambdas/http/entries-format.ts';
import { MAX_RESPONSE_BYTES } from '../../../../lambdas/http/response-size.ts';
import { aProcedure } from '../../../support/builders.ts';
import {
  MemoryIdempotencyRecords,
  MemoryJobChecks,
  MemoryJobs,
  MemoryProcesses,
  MemoryQueue,
  MemorySubmissions,
} from '../../../support/memory.ts';

/** A queue that takes only some messages. */
class PickyQueue extends MemoryQueue {
  takes: (message: UpdateMessage) => boolean = () => true;

  override async send(messages: Iterable<UpdateMessage>): Promise<UpdateMessage[]> {
    const all = [...messages];
    this.messages.push(...all.filter(this.takes));
    return all.filter((message) => !this.takes(message));
  }
}

const START = 1_000_000;
/** Of the first request of a test. */
const FIRST_ORDER = orderOf(START / SEQUENCE_UNIT_MS, 0);

let now: number;
let ports: AcceptPorts & {
  jobs: MemoryJobs;
  submissions: MemorySubmissions;
  queue: PickyQueue;
  jobChecks: MemoryJobChecks;
};

beforeEach(() => {
  now = START;
  ports = {
    jobs: new MemoryJobs(),
    submissions: new MemorySubmissions(),
    jobChecks: new MemoryJobChecks(),
    queue: new PickyQueue(),
    now: () => now,
    deadline: () => now + 28_000,
  };
});

const request = (items: unknown[]) => ({ procedure: aProcedure(), items, textErrors: new Map() });
const valid = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `p${i}`, state: 'NEW' }));
/** A page of everything, unless told otherwise. */
const aPage = (changes: Partial<EntriesQuery>): EntriesQuery => ({
  completionStatus: undefined,
  from: 0,
  limit: 1_000,
  maxBytes: Number.POSITIVE_INFINITY,
  bytesOf: () => 0,
  ...changes,
});
const accept = (items: unknown[], jobId = 'job-1') => acceptUpdates(jobId, request(items), ports);

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestError)) throw error ?? new Error('It was accepted');
  return `${error.status} ${error.errors[0]?.code}`;
}

describe('accepting', () => {
  it('queues the valid items in their order, and counts the others', async () => {
    const { job, queued } = await accept([...valid(2), { nobody: true }, { lead_id: 5, state: 'NEW' }]);
    expect(job).toMatchObject({
      total: 4,
      invalid: 1,
      sequence: now / SEQUENCE_UNIT_MS,
      primaryKey: 'lead_id',
      queuedAt: now,
    });
    expect(queued).toBe(3);
    expect(ports.queue.messages.map(({ index, order, target }) => [index, order, target])).toEqual([
      [0, FIRST_ORDER, { id: 'p0' }],
      [1, FIRST_ORDER + 1, { id: 'p1' }],
      [3, FIRST_ORDER + 3, { primaryKey: '5' }],
    ]);
    expect((await accept(valid(1), 'job-2')).job.sequence).toBe(now / SEQUENCE_UNIT_MS + 1);
  });

  it('ends at once when nothing is valid', async () => {
    const { job, queued } = await accept([{}, null]);
    expect([job.invalid, queued, job.queuedAt]).toEqual([2, 0, now]);
    expect(ports.queue.messages).toEqual([]);
  });

  it('refuses no items, and more than 10,000', async () => {
    expect(await codeOf(accept([]))).toBe('400 PROCESSES_EMPTY');
    expect(await codeOf(accept(valid(10_001)))).toBe('413 TOO_MANY_PROCESSES');
    expect(ports.jobs.headers.size).toBe(0);
  });

  it('keeps of an item that is too large its identifier alone', async () => {
    const { job } = await accept([
      { lead_id: 'L', data: { city: 'x'.repeat(400_000) } },
      'x'.repeat(400_000),
    ]);
    const page = await listEntries({ job, log: [] }, aPage({ limit: 10 }), ports.submissions);
    expect(page.listed).toMatchObject([
      { item: { lead_id: 'L' }, entry: { errors: [{ code: 'UPDATE_TOO_LARGE' }] } },
      { item: {}, entry: { errors: [{ code: 'UPDATE_TOO_LARGE' }, { code: 'INVALID_ITEM' }] } },
    ]);
  });

  it('notes what could not be queued', async () => {
    ports.queue.takes = ({ index }) => index !== 1;
    const { queued } = await accept(valid(3));
    expect(queued).toBe(2);
    expect(ports.jobs.headers.get('job-1')).toMatchObject({ notQueued: [1], queuedAt: now });
  });

  it('fails when nothing could be queued', async () => {
    ports.queue.takes = () => false;
    expect(await codeOf(accept(valid(3)))).toBe('503 QUEUE_UNAVAILABLE');
    expect(ports.jobs.headers.get('job-1')).toMatchObject({ acceptingUntil: now });
    expect(ports.jobs.headers.get('job-1')?.queuedAt).toBeUndefined();
  });

  it('promises nothing of what the queue took without an answer', async () => {
    ports.queue.takes = () => false;
    const refusal = await accept(valid(3)).catch((error: RequestError) => error.message);
    expect(refusal).toMatch(/may be applied within seconds/);
    expect(refusal).toMatch(/Send the request again with the same Idempotency-Key/);
    expect(refusal).not.toMatch(/none will/);

    const job = ports.jobs.headers.get('job-1') as Job;
    const delivered = { index: 0 };
    expect(shouldSkip(job, delivered, now + IN_FLIGHT_MS + NOTICE_MS)).toBe(false);
    expect(shouldSkip(job, delivered, now + IN_FLIGHT_MS + NOTICE_MS + 1)).toBe(true);
  });
});

describe('with an Idempotency-Key', () => {
  const idempotencyRecords = () => new MemoryIdempotencyRecords();
  let ids: number;
  beforeEach(() => {
    ids = 0;
  });
  const once = (
    store: MemoryIdempotencyRecords,
    fingerprint = 'f',
    team = 'local',
    items: unknown[] = valid(2),
  ) =>
    acceptOnce({ team, key: 'k', fingerprint }, (jobId) => accept(items, jobId), {
      idempotencyRecords: store,
      jobs: ports.jobs,
      now: () => now,
      deadline: () => now + 28_000,
      newId: () => `job-${++ids}`,
    });

  it('a repeated request is answered with the first job, and queued once', async () => {
    const store = idempotencyRecords();
    const first = await once(store);
    now += 23 * 60 * 60 * 1000;
    const second = await once(store);
    expect([first.isReplay, second.isReplay]).toEqual([false, true]);
    expect([second.job.id, second.queued]).toEqual([first.job.id, first.queued]);
    expect(ports.queue.messages).toHaveLength(2);
  });

  it('another request is refused, and one of another team is not', async () => {
    const store = idempotencyRecords();
    await once(store);
    expect(await codeOf(once(store, 'g'))).toBe('422 IDEMPOTENCY_KEY_REUSED');
    expect((await once(store, 'g', 'other')).isReplay).toBe(false);
  });

  it('is free again after 24 hours', async () => {
    const store = idempotencyRecords();
    const first = await once(store);
    now += 24 * 60 * 60 * 1000;
    expect((await once(store, 'g')).job.id).not.toBe(first.job.id);
  });

  it('of requests that race one is accepted, the others are asked to come again', async () => {
    const store = idempotencyRecords();
    const answers = await Promise.allSettled([once(store), once(store), once(store)]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ status: 503 });
    }
    expect(ports.queue.messages).toHaveLength(2);
  });

  it('the repeat finishes what broke off half-way, once nobody can be at it any more', async () => {
    const store = idempotencyRecords();
    const { create } = ports.jobs;
    const dying = Promise.withResolvers<void>();
    ports.jobs.create = () => {
      dying.resolve();
      return new Promise(() => {});
    };
    void once(store);
    await dying.promise;
    ports.jobs.create = create;
    expect(await codeOf(once(store))).toBe('503 IDEMPOTENCY_KEY_IN_USE');
    now += 28_001 + CLOCK_SKEW_MS + IN_FLIGHT_MS;
    const answers = await Promise.allSettled([once(store), once(store)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(ports.queue.messages).toHaveLength(2);
    expect((await once(store)).isReplay).toBe(true);
  });

  it('a refused request leaves the key free', async () => {
    const store = idempotencyRecords();
    ports.queue.takes = () => false;
    expect(await codeOf(once(store))).toBe('503 QUEUE_UNAVAILABLE');
    ports.queue.takes = () => true;
    expect((await once(store, 'g')).isReplay).toBe(false);
  });
});

describe('a dry run', () => {
  const stored = ['a', 'b', 'c'].map((id) => ({
    id,
    team: 'local',
    procedure: 'lead',
    primaryKey: `KEY-${id}`,
  }));
  const twins = ['t1', 't2'].map((id) => ({ id, team: 'local', procedure: 'lead', primaryKey: 'TWIN' }));
  const deleted = { id: 'd', team: 'local', procedure: 'lead', primaryKey: 'KEY-d', isDeleted: true };
  const all = [...stored, ...twins, deleted];

  /** Decides as the store does, and forgets what it decided. */
  class Unwritten extends MemoryProcesses {
    override async apply(...[target, updates]: Parameters<MemoryProcesses['apply']>) {
      return decide(this.stored.get(target.id), target, updates).verdicts;
    }
  }

  const identifier = fc.constantFrom(
    { id: 'a' },
    { id: 'b' },
    { lead_id: 'KEY-a' },
    { lead_id: 'KEY-c' },
    { id: 'c', lead_id: 'KEY-a' },
    { lead_id: 'TWIN' },
    { id: 'd' },
    { id: 'missing' },
    { lead_id: 'MISSING' },
    {},
  );
  const update = fc.constantFrom(
    { state: 'NEW' },
    { data: { city: 'Goa' } },
    { data: { score: '7' }, status: 'OPEN' },
    { data: { citty: 'Goa' } },
    { data: { lead_id: 'KEY-a' }, state: 'NEW' },
    { data: { lead_id: 'KEY-a' } },
    { update: { data: { lead_id: 'KEY-c' } } },
    { isDeleted: false },
    {},
  );
  const items = fc.array(
    fc.tuple(identifier, update).map(([named, change]) => ({ ...named, ...change })),
    { minLength: 1, maxLength: 12 },
  );

  it('gives each entry the status that the real run gives it, and writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(items, async (sent) => {
        const unwritten = new Unwritten(all);
        const told: Entry[] = [];
        const dry = await dryRun(request(sent), {
          processes: unwritten,
          now: () => now,
          deadline: () => now,
          onFailure: () => {},
          onEntry: (entry) => told.push(entry),
        });
        expect([...unwritten.stored.values()]).toEqual(all);
        expect(told.sort((a, b) => a.index - b.index)).toEqual(dry.entries);

        ports.queue.messages.length = 0;
        const jobId = crypto.randomUUID();
        const { job } = await accept(sent, jobId);
        const processes = new MemoryProcesses(all);
        for (const attempt of [1, 2]) {
          const deliveries = ports.queue.messages.splice(0).map((message) => ({
            messageId: String(message.index),
            message,
            receives: attempt,
            keptUntil: now,
          }));
          now += INDEX_LAG_MS;
          const retries = await applyUpdates(deliveries, {
            processes,
            jobs: ports.jobs,
            now: () => now,
            maxAttempts: 5,
            deadline: () => now + 30_000,
            remove: async () => {},
            postpone: async () => [],
            isTransient: () => false,
            onRecorded: () => {},
            onFailure: () => {},
          });
          ports.queue.messages.push(...[...retries.keys()].map(({ message }) => message));
        }
        const real = await listEntries(
          { job, log: ports.jobs.logs.get(jobId) ?? [] },
          aPage({ limit: 100 }),
          ports.submissions,
        );
        const verdictOf = ({ completionStatus, processId, errors }: (typeof dry.entries)[number]) => ({
          completionStatus,
          processId,
          errors,
        });
        expect(dry.entries.map(verdictOf)).toEqual(real.listed.map(({ entry }) => verdictOf(entry)));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when its answer would be too large, as it is sent', () => {
    const entry = { index: 0, identifier: { lead_id: '\\"'.repeat(1_000) } } as unknown as Entry;
    const answer = (count: number) => {
      const entries = Array<Entry>(count).fill(entry);
      entries.forEach(countedEntries());
      return dryRunResponse({ entries, counts: {} as EntryCounts });
    };
    const most = Math.floor(MAX_RESPONSE_BYTES / entryBytes(undefined, { entry, item: {} }, 'lead_id'));
    const { data } = answer(most);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(data)))).toBeLessThan(MAX_RESPONSE_BYTES + 1_000);
    expect(() => answer(most + 1)).toThrow('too large');
  });

  it('is refused as soon as its errors do not fit, before the other items are checked', async () => {
    let checked = 0;
    const data = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`unknown${i}`, 1]));
    const sent = Array.from({ length: 10_000 }, () => ({ id: 'a', data }));
    const count = countedEntries();
    const run = dryRun(request(sent), {
      processes: new Unwritten(all),
      now: () => now,
      deadline: () => now,
      onFailure: () => {},
      onEntry: (entry) => {
        checked += 1;
        count(entry);
      },
    });
    await expect(run).rejects.toThrow('too large');
    expect(checked).toBeLessThan(1_000);
  });

  it('fails when a process cannot be read, rather than to guess', async () => {
    const broken = new Unwritten(all);
    broken.findIds = () => Promise.reject(new Error('Throttled'));
    const run = dryRun(request([{ lead_id: 'KEY-a', state: 'NEW' }]), {
      processes: broken,
      now: () => now,
      deadline: () => now,
      onFailure: () => {},
      onEntry: () => {},
    });
    await expect(run).rejects.toThrow('could not be decided');
  });
});

describe('a retry', () => {
  const state = async (jobId: string) => {
    const found = await ports.jobs.readWhole(jobId);
    if (found === undefined) throw new Error(`No job ${jobId}`);
    return found;
  };
  const record = (index: number, error: 'PROCESSING_FAILED' | 'PROCESS_NOT_FOUND') =>
    ports.jobs.appendResults('job-1', {
      startedAt: now,
      completedAt: now,
      results: [{ index, result: { error }, attempts: 5 }],
    });

  it('sends the entries again that failed for a passing reason, with the order they had', async () => {
    await accept([...valid(2), { nobody: true }, ...valid(1)]);
    await record(0, 'PROCESS_NOT_FOUND');
    await record(1, 'PROCESSING_FAILED');
    await record(3, 'PROCESSING_FAILED');
    const retried = await retryOf(await state('job-1'), aProcedure(), ports.submissions);
    expect(retried).toMatchObject({
      items: [{ id: 'p1' }, { id: 'p0' }],
      retried: { parent: 'job-1', orders: [FIRST_ORDER + 1, FIRST_ORDER + 3] },
    });

    ports.queue.messages.length = 0;
    await acceptUpdates('job-2', retried, ports);
    expect(ports.queue.messages.map(({ jobId, index, order }) => [jobId, index, order])).toEqual([
      ['job-2', 0, FIRST_ORDER + 1],
      ['job-2', 1, FIRST_ORDER + 3],
    ]);
    // A retry of the retry keeps them, too.
    await ports.jobs.appendResults('job-2', {
      startedAt: now,
      completedAt: now,
      results: [0, 1].map((index) => ({ index, result: { error: 'PROCESSING_FAILED' }, attempts: 5 })),
    });
    const again = await retryOf(await state('job-2'), aProcedure(), ports.submissions);
    expect(again.retried).toEqual({ parent: 'job-2', orders: [FIRST_ORDER + 1, FIRST_ORDER + 3] });
  });

  it('of a job that broke off sends what was not queued', async () => {
    ports.queue.takes = () => false;
    await accept(valid(2)).catch(() => {});
    await ports.jobs.appendResults('job-1', {
      startedAt: now,
      completedAt: now,
      results: [0, 1].map((index) => ({ index, result: { error: 'NOT_QUEUED' }, attempts: 0 })),
    });
    const retried = await retryOf(await state('job-1'), aProcedure(), ports.submissions);
    expect(retried.items).toHaveLength(2);
  });

  it('is refused while the job is in progress, and when nothing can be retried', async () => {
    await accept(valid(1));
    expect(await codeOf(retryOf(await state('job-1'), aProcedure(), ports.submissions))).toBe(
      '409 JOB_IN_PROGRESS',
    );
    await record(0, 'PROCESS_NOT_FOUND');
    expect(await codeOf(retryOf(await state('job-1'), aProcedure(), ports.submissions))).toBe(
      '409 NOTHING_TO_RETRY',
    );
  });
});

describe('entries', () => {
  it('are listed page by page, each once, in the order of submission, with any filter', async () => {
    const items = Array.from({ length: 3_000 }, (_, i) =>
      i % 3 === 0 ? { nobody: i } : { id: `p${i}`, data: { city: 'x'.repeat(i % 500) } },
    );
    const { job } = await accept(items);
    expect(job.chunkStarts.length).toBeGreaterThan(1);
    for (const completionStatus of [undefined, 'INVALID', 'NOT_STARTED', 'SUCCESS'] as const) {
      const seen: number[] = [];
      for (let from: number | undefined = 0; from !== undefined; ) {
        const page = await listEntries(
          { job, log: [] },
          aPage({ completionStatus, from, limit: 700 }),
          ports.submissions,
        );
        expect(page.listed.length).toBeLessThanOrEqual(700);
        seen.push(...page.listed.map(({ entry }) => entry.index));
        from = page.next;
      }
      const fits = (i: number) =>
        completionStatus === undefined || completionStatus === (i % 3 === 0 ? 'INVALID' : 'NOT_STARTED');
      expect(seen).toEqual(items.map((_, i) => i).filter(fits));
    }
  });

  it('end a page early rather than to make it too large to be sent', async () => {
    const { job } = await accept(
      Array.from({ length: 30 }, (_, i) => ({ id: `p${i}`, data: { city: 'x'.repeat(300_000) } })),
    );
    const query = aPage({ maxBytes: 2_500_000, bytesOf: ({ item }) => JSON.stringify(item).length });
    const page = await listEntries({ job, log: [] }, query, ports.submissions);
    expect(page.listed).toHaveLength(8);
    expect(page.next).toBe(8);
  });

  it.each([undefined, 'text/csv', 'application/x-ndjson'] as const)(
    'as %s fill a page as far as the function can answer it, whatever has to be escaped',
    async (format) => {
      const { job } = await accept(
        Array.from({ length: 60 }, () => ({
          lead_id: '"'.repeat(40_000),
          data: { city: '\\"'.repeat(2_000) },
        })),
      );
      const bytesOf = (listed: ListedEntry) => entryBytes(format, listed, 'lead_id');
      const query = aPage({ maxBytes: MAX_RESPONSE_BYTES, bytesOf });
      const { listed, next } = await listEntries({ job, log: [] }, query, ports.submissions);
      const text =
        format === undefined
          ? JSON.stringify(listed.map(({ entry }) => entry))
          : formatEntries(format, listed, 'lead_id');
      const bytes = Buffer.byteLength(JSON.stringify({ body: text }));
      expect(bytes).toBeLessThan(MAX_RESPONSE_BYTES + 1_000);
      expect(bytes).toBeGreaterThan(MAX_RESPONSE_BYTES * 0.9);
      expect(next).toBe(listed.length);
    },
  );
});
