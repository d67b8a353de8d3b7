import { beforeEach, describe, expect, it } from 'vitest';
import { UPDATE_RETENTION_MS } from '../../../../lambdas/contract/limits.ts';
import {
  type ApplyPorts,
  applyUpdates,
  INDEX_LAG_MS,
  retrySeconds,
} from '../../../../lambdas/domain/apply-updates.ts';
import { attemptOf, type Delivery } from '../../../../lambdas/domain/delivery.ts';
import type { Result } from '../../../../lambdas/domain/results.ts';
import { delaySeconds, type UpdateMessage } from '../../../../lambdas/domain/update-message.ts';
import { aDelivery, aJob, cancelled } from '../../../support/builders.ts';
import { interruptible, MemoryJobs, MemoryProcesses } from '../../../support/memory.ts';

const lead = (id: string, primaryKey = `KEY-${id}`, team = 'local') => ({
  id,
  team,
  procedure: 'lead',
  primaryKey,
});

let jobs: MemoryJobs;
let processes: MemoryProcesses;
let points: string[];
let removed: string[];
let failures: number;
/** Which calls fail: told by their point, such as `before processes.apply`. */
let failing: string | undefined;
/** Whether these failures are of a service, whatever is asked of it. */
let isOutage: boolean;
/** What was put into the queue again. */
let copied: UpdateMessage[];
let now: number;

class Outage extends Error {}

beforeEach(async () => {
  jobs = new MemoryJobs();
  processes = new MemoryProcesses([
    lead('a'),
    lead('b'),
    lead('c'),
    lead('twin1', 'TWIN'),
    lead('twin2', 'TWIN'),
  ]);
  points = [];
  removed = [];
  failures = 0;
  failing = undefined;
  isOutage = false;
  copied = [];
  now = 5_000;
  await jobs.create(aJob({ total: 10, invalid: 0 }));
});

const apply = (deliveries: readonly Delivery[], ports: Partial<ApplyPorts> = {}) => {
  const interrupt = async (point: string) => {
    points.push(point);
    if (point === failing) throw new (isOutage ? Outage : Error)(point);
  };
  return applyUpdates(deliveries, {
    processes: interruptible(processes, 'processes', interrupt),
    jobs: interruptible(jobs, 'jobs', interrupt),
    now: () => now,
    maxAttempts: 5,
    deadline: () => now + 30_000,
    remove: async ({ messageId }) => {
      removed.push(messageId);
    },
    postpone: async (copies) => {
      copied.push(...copies);
      return [];
    },
    isTransient: (error) => error instanceof Outage,
    onRecorded: () => {},
    onFailure: () => {
      failures += 1;
    },
    ...ports,
  });
};

const resultsOf = (jobId = 'job-1'): Record<number, Result> =>
  Object.fromEntries(
    (jobs.logs.get(jobId) ?? []).flatMap(({ results }) =>
      results.map(({ index, result }) => [index, result]),
    ),
  );
const calls = (point: string) => points.filter((passed) => passed === `before ${point}`).length;

describe('a batch', () => {
  it('is applied by id and by primary key, and recorded by one append a job', async () => {
    await jobs.create(aJob({ id: 'job-2', total: 1, invalid: 0 }));
    const retries = await apply([
      aDelivery({ index: 0, order: 1, target: { id: 'a' } }),
      aDelivery({ index: 1, order: 2, target: { primaryKey: 'KEY-b' } }),
      aDelivery({ jobId: 'job-2', index: 0, order: 3, target: { id: 'c' } }),
    ]);
    expect(retries.size).toBe(0);
    expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' }, 1: { outcome: 'APPLIED' } });
    expect(resultsOf('job-2')).toEqual({ 0: { outcome: 'APPLIED' } });
    expect(calls('jobs.appendResults')).toBe(2);
    expect(calls('jobs.find')).toBe(2);
    expect(jobs.logs.get('job-1')?.[0]?.results[1]).toMatchObject({ processId: 'b', attempts: 1 });
  });

  it('is written once a process, however its updates name it', async () => {
    await apply([
      aDelivery({ index: 0, order: 1, target: { id: 'a' } }),
      aDelivery({ index: 1, order: 2, target: { primaryKey: 'KEY-a' }, update: { state: 'WON' } }),
      aDelivery({ index: 2, order: 3, target: { primaryKey: 'KEY-a' }, update: { data: { city: 'Goa' } } }),
    ]);
    expect(calls('processes.apply')).toBe(1);
    expect(calls('processes.findIds')).toBe(1);
    expect(processes.stored.get('a')).toMatchObject({ data: { city: 'Goa' }, state: 'WON' });
    expect(resultsOf()[0]).toEqual({ outcome: 'SUPERSEDED' });
  });

  it('tells a primary key of several processes apart from one of none, and touches none', async () => {
    await apply([
      aDelivery({ index: 0, target: { primaryKey: 'TWIN' } }),
      aDelivery({ index: 1, target: { id: 'nobody' } }),
    ]);
    expect(resultsOf()).toEqual({
      0: { error: 'AMBIGUOUS_PRIMARY_KEY' },
      1: { error: 'PROCESS_NOT_FOUND' },
    });
    expect(processes.stored.get('twin1')).toEqual(lead('twin1', 'TWIN'));
  });

  it('never reaches a process of another team, by id or by primary key', async () => {
    processes.stored.set('theirs', lead('theirs', 'THEIRS', 'other'));
    await apply([aDelivery({ index: 0, target: { id: 'theirs' } })]);
    await apply([aDelivery({ index: 1, target: { primaryKey: 'THEIRS' } }, 2)]);
    expect(resultsOf()).toEqual({ 0: { error: 'PROCESS_NOT_FOUND' }, 1: { error: 'PROCESS_NOT_FOUND' } });
    expect(processes.stored.get('theirs')).toEqual(lead('theirs', 'THEIRS', 'other'));
  });
});

describe('a primary key that the index does not know', () => {
  it('is looked up again as long as the index may lag behind the acceptance, and missing after that', async () => {
    now = 1_000 + INDEX_LAG_MS - 1_500;
    const delivery = aDelivery({ index: 0, target: { primaryKey: 'FRESH' } });
    expect(await apply([delivery])).toEqual(new Map([[delivery, 2]]));
    // Another copy of the message is no reason to be sure.
    const copy = aDelivery({ index: 0, target: { primaryKey: 'FRESH' } }, 2);
    expect(await apply([copy])).toEqual(new Map([[copy, 2]]));
    expect(resultsOf()).toEqual({});
    now = 1_000 + INDEX_LAG_MS;
    await apply([copy]);
    expect(resultsOf()).toEqual({ 0: { error: 'PROCESS_NOT_FOUND' } });
  });
});

describe('an update to a state that may not follow', () => {
  const toWon = { state: 'WON', stateFrom: ['OPEN', 'WON'] };

  it('is looked at once more, and succeeds when one accepted before it has come', async () => {
    processes.stored.set('a', { ...lead('a'), state: 'NEW' });
    const later = aDelivery({ index: 1, order: 10_001, target: { id: 'a' }, update: toWon });
    expect(await apply([later])).toEqual(new Map([[later, retrySeconds(1)]]));
    expect(resultsOf()).toEqual({});
    await apply([aDelivery({ index: 0, target: { id: 'a' }, update: { state: 'OPEN' } })]);
    await apply([{ ...later, receives: 2 }]);
    expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' }, 1: { outcome: 'APPLIED' } });
  });

  it('fails as a whole the second time', async () => {
    processes.stored.set('a', { ...lead('a'), state: 'NEW' });
    const update = { ...toWon, data: { city: 'Pune' } };
    await apply([aDelivery({ target: { id: 'a' }, update }, 2)]);
    expect(resultsOf()).toEqual({ 0: { error: 'STATE_NOT_ALLOWED' } });
    expect(processes.stored.get('a')).toMatchObject({ ...lead('a'), state: 'NEW' });
    expect(processes.stored.get('a')).not.toHaveProperty('data');
  });
});

describe('a failure', () => {
  it.each(['jobs.find', 'processes.findIds', 'processes.apply', 'jobs.appendResults'])(
    'of %s brings its messages back later, and only those',
    async (call) => {
      const byKey = aDelivery({ index: 0, target: { primaryKey: 'KEY-a' } });
      failing = `before ${call}`;
      expect(await apply([byKey])).toEqual(new Map([[byKey, retrySeconds(1)]]));
      expect(failures).toBe(1);
      failing = undefined;
      expect((await apply([{ ...byKey, receives: 2 }])).size).toBe(0);
      expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' } });
    },
  );

  it('leaves the other updates of the batch alone', async () => {
    const stuck = aDelivery({ index: 0, target: { primaryKey: 'KEY-a' } });
    failing = 'before processes.findIds';
    expect([...(await apply([stuck, aDelivery({ index: 1, target: { id: 'b' } })])).keys()]).toEqual([stuck]);
    expect(resultsOf()).toEqual({ 1: { outcome: 'APPLIED' } });
  });

  it('comes back after ever longer pauses, and at once after the last', async () => {
    expect([1, 2, 3, 4].map(retrySeconds)).toEqual([5, 20, 80, 300]);
    failing = 'before processes.apply';
    const last = aDelivery({ index: 0, target: { id: 'a' } }, 5);
    expect(await apply([last])).toEqual(new Map([[last, 0]]));
  });

  it('of a job that is not there leaves the update for the dead-letter queue, unapplied', async () => {
    const orphan = aDelivery({ jobId: 'gone', target: { id: 'a' } });
    expect((await apply([orphan])).has(orphan)).toBe(true);
    expect(calls('processes.apply')).toBe(0);
  });
});

describe('redelivered updates', () => {
  const again = (attempt: number) =>
    ['a', 'b', 'c'].map((id, index) => aDelivery({ index, order: index, target: { id } }, attempt));

  it.each([
    [2, ['job-1/0', 'job-1/1', 'job-1/2']],
    [3, ['job-1/2', 'job-1/1', 'job-1/0']],
  ])('are settled one by one at attempt %i, each removed before the next', async (attempt, order) => {
    await apply(again(attempt));
    expect(removed).toEqual(order);
    expect(calls('jobs.appendResults')).toBe(3);
  });

  it('are postponed untried when the time is nearly over', async () => {
    const deliveries = again(2);
    const retries = await apply(deliveries, { deadline: () => now + 2_999 });
    expect(retries.size).toBe(0);
    expect(copied.map(({ index }) => index)).toEqual(deliveries.map(({ message }) => message.index));
    expect(processes.stored.get('a')).toEqual(lead('a'));
  });
});

describe('an update of a cancelled job', () => {
  it('is left alone', async () => {
    await jobs.markStopped('job-1', cancelled(4_000));
    expect((await apply([aDelivery({ index: 0, target: { id: 'a' } })])).size).toBe(0);
    expect(resultsOf()).toEqual({});
    expect(calls('processes.apply')).toBe(0);
  });
});

describe('an update that was not queued, as far as accept knows', () => {
  it('is left alone when it arrives all the same', async () => {
    await jobs.markQueued('job-1', 2_000, [0]);
    expect((await apply([aDelivery({ index: 0, target: { id: 'a' } })])).size).toBe(0);
    expect(resultsOf()).toEqual({});
    expect(processes.stored.get('a')).toEqual(lead('a'));
  });
});

describe('a result', () => {
  it('of a job whose end is noted is recorded as late', async () => {
    const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 10, CANCELLED: 0 };
    const end = { status: 'COMPLETED' as const, counts, startedAt: 1, completedAt: 2 };
    await jobs.close('job-1', end);
    await apply([aDelivery({ index: 0, target: { id: 'a' } })]);
    expect(jobs.logs.get('job-1')?.map(({ isLate }) => isLate)).toEqual([true]);
  });
});

describe('a redriven update', () => {
  it('is recorded as late, for a job that may be closed', async () => {
    await apply([
      aDelivery({ index: 0, target: { id: 'a' }, buried: true }),
      aDelivery({ index: 1, target: { id: 'b' } }),
    ]);
    expect(jobs.logs.get('job-1')?.map(({ isLate, results }) => [isLate, results[0]?.index])).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });
});

describe('an outage', () => {
  it.each(['jobs.find', 'processes.findIds', 'processes.apply', 'jobs.appendResults'])(
    'of %s sends copies for later, and uses up no receive',
    async (call) => {
      failing = `before ${call}`;
      isOutage = true;
      const byKey = aDelivery({ index: 0, target: { primaryKey: 'KEY-a' } }, 3);
      expect(await apply([byKey])).toEqual(new Map());
      const postponed = { times: 1, receives: 3, until: byKey.keptUntil };
      expect(copied).toEqual([{ ...byKey.message, postponed }]);

      failing = undefined;
      const [copy] = copied as [UpdateMessage];
      const next = { ...byKey, message: copy, receives: 1 };
      expect(attemptOf(next)).toBe(4);
      expect(await apply([next])).toEqual(new Map());
      expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' } });
    },
  );

  it('ends the batch: what comes after is postponed untried', async () => {
    failing = 'before processes.apply';
    isOutage = true;
    await apply(
      [0, 1, 2].map((index) => aDelivery({ index, order: index, target: { id: 'abc'[index] ?? '' } }, 2)),
    );
    expect(calls('processes.apply')).toBe(1);
    expect(copied.map(({ index }) => index).toSorted()).toEqual([0, 1, 2]);
  });

  it('is waited for ever longer, up to 15 minutes, and until the queue would have dropped the update', async () => {
    failing = 'before processes.apply';
    isOutage = true;
    let delivery = aDelivery({ target: { id: 'a' } });
    const delays: number[] = [];
    for (;;) {
      copied = [];
      const retries = await apply([delivery]);
      const [copy] = copied;
      if (copy?.postponed === undefined) {
        expect(retries.has(delivery)).toBe(true);
        break;
      }
      delays.push(delaySeconds(copy.postponed));
      now += delaySeconds(copy.postponed) * 1000;
      // SQS keeps the copy anew.
      delivery = { ...delivery, message: copy, keptUntil: now + UPDATE_RETENTION_MS };
    }
    expect(delays.slice(0, 6)).toEqual([5, 20, 80, 320, 900, 900]);
    const waited = delays.reduce((a, b) => a + b, 0) * 1000;
    expect(waited).toBeLessThan(UPDATE_RETENTION_MS);
    expect(waited).toBeGreaterThan(UPDATE_RETENTION_MS - 2 * 900_000);
  });

  it('of the queue itself brings messages back by their receives', async () => {
    failing = 'before processes.apply';
    isOutage = true;
    const delivery = aDelivery({ target: { id: 'a' } });
    const retries = await apply([delivery], { postpone: async (copies) => copies });
    expect(retries).toEqual(new Map([[delivery, retrySeconds(1)]]));
  });
});

it('what the time does not suffice for is postponed untried', async () => {
  // Every other time from the front.
  const first = aDelivery({ index: 0, order: 0, target: { id: 'a' } }, 2);
  const second = aDelivery({ index: 1, order: 1, target: { id: 'b' } }, 2);
  const deadline = () => (calls('processes.apply') === 0 ? now + 30_000 : now);
  expect(await apply([first, second], { deadline })).toEqual(new Map());
  expect(copied.map(({ index }) => index)).toEqual([1]);
  expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' } });
});

describe('an update to a state is judged once', () => {
  const toWon = { state: 'WON', stateFrom: ['OPEN', 'WON'], data: { city: 'Pune' } };
  const update = aDelivery({ index: 0, order: 10_000, target: { id: 'a' }, update: toWon }, 2);

  it('so that a copy of a refused one is refused, though the state has moved on', async () => {
    processes.stored.set('a', { ...lead('a'), state: 'NEW' });
    await apply([update]);
    await apply([aDelivery({ index: 1, order: 10_001, target: { id: 'a' }, update: { state: 'OPEN' } })]);
    await apply([update]);
    expect(resultsOf()).toEqual({ 0: { error: 'STATE_NOT_ALLOWED' }, 1: { outcome: 'APPLIED' } });
    expect(processes.stored.get('a')).toMatchObject({ state: 'OPEN', data: {} });
  });

  it('so that a copy of an applied one is applied, though the state has moved on', async () => {
    processes.stored.set('a', { ...lead('a'), state: 'OPEN' });
    await apply([update]);
    await apply([aDelivery({ index: 1, order: 10_001, target: { id: 'a' }, update: { state: 'LOST' } })]);
    await apply([update]);
    expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' }, 1: { outcome: 'APPLIED' } });
  });

  it('and the first look, which is not final, is no judgement', async () => {
    processes.stored.set('a', { ...lead('a'), state: 'NEW' });
    await apply([{ ...update, receives: 1 }]);
    expect(processes.stored.get('a')?.decided).toBeUndefined();
  });
});

describe('an update that is left', () => {
  const order = 7;
  const written = (id: string) => ({ ...lead(id), state: 'NEW', clocks: { state: order } });

  it('counts as applied when an earlier delivery had applied it, and died', async () => {
    processes.stored.set('a', written('a'));
    processes.stored.set('b', written('b'));
    await jobs.create(aJob({ id: 'left', total: 4, invalid: 0, stopped: cancelled(4_000) }));
    const retries = await apply([
      aDelivery({ jobId: 'left', index: 0, order, target: { id: 'a' } }, 2),
      aDelivery({ jobId: 'left', index: 1, order, target: { primaryKey: 'KEY-b' } }, 2),
      aDelivery({ jobId: 'left', index: 2, order, target: { id: 'c' } }, 2),
      // Nobody can have applied it before.
      aDelivery({ jobId: 'left', index: 3, order, target: { id: 'a' } }, 1),
    ]);
    expect(retries.size).toBe(0);
    expect(resultsOf('left')).toEqual({ 0: { outcome: 'APPLIED' }, 1: { outcome: 'APPLIED' } });
    expect(calls('processes.apply')).toBe(0);
    expect(calls('processes.traceOf')).toBe(3);
  });

  it('comes again when its process cannot be read', async () => {
    failing = 'before processes.traceOf';
    await jobs.create(aJob({ id: 'left', stopped: cancelled(4_000) }));
    const delivery = aDelivery({ jobId: 'left', target: { id: 'a' } }, 2);
    expect([...(await apply([delivery])).keys()]).toEqual([delivery]);
    expect(removed).toEqual([]);
  });
});

describe('what the index tells of a primary key before it follows its table for certain', () => {
  const update = () => aDelivery({ index: 0, order: 7, target: { primaryKey: 'KEY-a' } });
  const becomes: [string, () => void][] = [
    ['is removed', () => processes.stored.delete('a')],
    ['has another primary key', () => processes.stored.set('a', lead('a', 'KEY-z'))],
    ['is deleted', () => processes.stored.set('a', { ...lead('a'), isDeleted: true })],
  ];

  it.each(becomes)('is not the last word when the process found %s', async (_what, change) => {
    change();
    processes.stored.set('new', lead('new', 'KEY-a'));
    let isIndexed = false;
    const lagging = Object.assign(Object.create(processes), {
      findIds: async () => [isIndexed ? 'new' : 'a'],
    });
    now = 1_500;
    const retries = await apply([update()], { processes: lagging });
    expect([...retries.values()]).toEqual([3]);
    expect(resultsOf()).toEqual({});

    isIndexed = true;
    now = 1_000 + INDEX_LAG_MS;
    await apply([update()], { processes: lagging });
    expect(resultsOf()).toEqual({ 0: { outcome: 'APPLIED' } });
  });

  it('is not the last word on a primary key of several processes', async () => {
    now = 1_500;
    const delivery = aDelivery({ index: 0, target: { primaryKey: 'TWIN' } });
    expect([...(await apply([delivery])).keys()]).toEqual([delivery]);
    now = 1_000 + INDEX_LAG_MS;
    await apply([delivery]);
    expect(resultsOf()).toEqual({ 0: { error: 'AMBIGUOUS_PRIMARY_KEY' } });
  });

  it('is no matter for an update that names the id', async () => {
    processes.stored.set('a', { ...lead('a'), isDeleted: true });
    now = 1_500;
    await apply([aDelivery({ index: 0, order: 7, target: { id: 'a', primaryKey: 'KEY-a' } })]);
    expect(resultsOf()).toEqual({ 0: { error: 'PROCESS_DELETED' } });
  });
});

describe('an update that expects something', () => {
  const guarded = (changes: Parameters<typeof aDelivery>[0] = {}, receives = 1) =>
    aDelivery({ index: 0, order: 5, target: { id: 'a' }, expect: { version: null }, ...changes }, receives);

  it('is applied once, and refused to the next that expects the same', async () => {
    await apply([guarded(), guarded({ index: 1, order: 6 })]);
    expect(resultsOf()).toEqual({
      0: { outcome: 'APPLIED' },
      1: { error: 'PRECONDITION_FAILED', faults: [{ of: 'expect', name: 'version', stored: '1' }] },
    });
  });

  it('gets no second look when its state may not follow yet', async () => {
    const update = { state: 'WON', stateFrom: ['NOWHERE'] };
    processes.stored.set('a', { ...lead('a'), state: 'NEW' });
    const retries = await apply([guarded({ update })]);
    expect(retries.size).toBe(0);
    expect(resultsOf()).toEqual({ 0: { error: 'STATE_NOT_ALLOWED' } });
  });

  it('that was not found is not judged again when it comes again and the process is there', async () => {
    await apply([guarded({ target: { id: 'late' } })]);
    processes.stored.set('late', lead('late'));
    const retries = await apply([guarded({ target: { id: 'late' } }, 2)]);
    expect(retries.size).toBe(0);
    expect(resultsOf()).toEqual({ 0: { error: 'PROCESS_NOT_FOUND' } });
    expect(processes.stored.get('late')).toEqual(lead('late'));
  });

  it('that was given up is judged when an operator sends it again', async () => {
    const given: Result = { error: 'PROCESSING_FAILED' };
    await jobs.appendResults('job-1', {
      ...{ startedAt: 1, completedAt: 1 },
      results: [{ index: 0, result: given, attempts: 5 }],
    });
    await apply([guarded({ buried: true }, 2)]);
    expect(processes.stored.get('a')).toMatchObject({ version: 1 });
  });

  it('comes again when its results cannot be read', async () => {
    failing = 'before jobs.readWhole';
    const retries = await apply([guarded({}, 2)]);
    expect(retries.size).toBe(1);
    expect(resultsOf()).toEqual({});
  });
});
