import { describe, expect, it } from 'vitest';
import { JOB, Pipeline, type Strikes } from '../support/pipeline.ts';

const ALL_ENDED = {
  status: 'COMPLETED',
  counts: { INVALID: 1, NOT_STARTED: 0, SUCCESS: 3, ERROR: 1, CANCELLED: 0 },
};
const ALL_SET = { a: ['state'], b: ['data.city'], c: ['data.score'] };

/** The points that one function passes when nothing strikes it, after the others have done their work. */
async function pointsOf(...work: ((pipeline: Pipeline) => Promise<unknown>)[]) {
  const pipeline = new Pipeline();
  for (const step of work) {
    pipeline.points = [];
    await step(pipeline);
  }
  return pipeline.points.map((point, number) => ({ point, number }));
}

const accept = (pipeline: Pipeline) => pipeline.accept();
const deliver = (pipeline: Pipeline) => pipeline.deliver();
const close = (pipeline: Pipeline) => pipeline.close();
const acceptPoints = await pointsOf(accept);
const applyPoints = await pointsOf(accept, deliver);
const closePoints = await pointsOf(accept, deliver, close);
const acceptCanary = (pipeline: Pipeline) => pipeline.accept(undefined, { canary: 1 });
const canaryPoints = await pointsOf(acceptCanary, deliver, close);

/** Strikes at the point of that number, the first time that it is passed. */
function once(wanted: number, fault: 'dies' | 'fails'): Strikes {
  let hasStruck = false;
  return (_point, number) => {
    if (hasStruck || number !== wanted) return undefined;
    hasStruck = true;
    return fault;
  };
}

it('without a fault a job ends once, with every entry where it belongs', async () => {
  const pipeline = new Pipeline();
  await pipeline.accept();
  await pipeline.deliver();
  await pipeline.close();
  expect(pipeline.observe()).toMatchObject(ALL_ENDED);
  expect(pipeline.events.published).toEqual([
    expect.objectContaining({ id: JOB, team: 'local', procedure: 'lead', status: 'COMPLETED', total: 5 }),
  ]);
  expect(acceptPoints.length).toBeGreaterThanOrEqual(12);
  expect(applyPoints.length).toBeGreaterThanOrEqual(12);
});

describe.each(['dies', 'fails'] as const)('when accept %s', (fault) => {
  it.each(acceptPoints)('$point, the job ends, or it never was', async ({ number }) => {
    const pipeline = new Pipeline();
    await pipeline.accept(once(number, fault)).catch(() => {});
    pipeline.observe();
    await pipeline.deliver();
    await pipeline.close();
    const end = pipeline.observe();
    if (end === undefined) {
      expect(pipeline.fieldsSet()).toEqual({ a: [], b: [], c: [] });
      expect(pipeline.events.published).toEqual([]);
      return;
    }
    const wasQueued = pipeline.fieldsSet().a?.length === 1;
    expect(end).toMatchObject(
      wasQueued ? ALL_ENDED : { status: 'FAILED', counts: { INVALID: 1, NOT_STARTED: 0, ERROR: 4 } },
    );
    expect(pipeline.events.published).toHaveLength(1);
  });
});

describe.each(['dies', 'fails'] as const)('when apply %s once', (fault) => {
  it.each(applyPoints)('$point ($number), the job ends as without it', async ({ number }) => {
    const pipeline = new Pipeline();
    await pipeline.accept();
    await pipeline.deliver(once(number, fault));
    await pipeline.close();
    expect(pipeline.observe()).toMatchObject(ALL_ENDED);
    expect(pipeline.fieldsSet()).toEqual(ALL_SET);
    expect(pipeline.events.published).toHaveLength(1);
  });
});

describe.each(['dies', 'fails'] as const)('when apply %s at every attempt', (fault) => {
  const points = [...new Set(applyPoints.map(({ point }) => point))];
  it.each(points)('%s, the job ends, and a redrive brings what is missing', async (point) => {
    const pipeline = new Pipeline();
    await pipeline.accept();
    await pipeline.deliver((passed) => (passed === point ? fault : undefined));
    await pipeline.close();
    const end = pipeline.observe();
    expect(end).toMatchObject({ status: 'COMPLETED', counts: { INVALID: 1, NOT_STARTED: 0 } });
    // What was applied is a success, though the message never counted as done.
    const applied = Object.values(pipeline.fieldsSet()).filter((fields) => fields.length > 0);
    expect(end?.counts.SUCCESS).toBe(applied.length);
    expect(pipeline.deadLetters.length).toBeGreaterThan(0);

    await pipeline.redrive();
    await pipeline.close();
    expect(pipeline.observe()).toMatchObject(ALL_ENDED);
    expect(pipeline.fieldsSet()).toEqual(ALL_SET);
    expect(pipeline.events.published).toHaveLength(1);
  });
});

describe.each(['dies', 'fails'] as const)('when closing %s once', (fault) => {
  it.each(closePoints)(
    '$point, the end is announced, twice only if that was not noted',
    async ({ point, number }) => {
      const pipeline = new Pipeline();
      await pipeline.accept();
      await pipeline.deliver();
      await pipeline.close(once(number, fault));
      const isUnnoted = point === 'after events.publish' || point === 'before jobs.markAnnounced';
      expect(pipeline.events.published).toHaveLength(isUnnoted ? 2 : 1);
      expect(pipeline.observe()).toMatchObject(ALL_ENDED);
    },
  );
});

describe.each(['dies', 'fails'] as const)('when a job check %s once while a canary waits', (fault) => {
  it.each(canaryPoints)('$point ($number), the job goes on, and ends as without it', async ({ number }) => {
    const pipeline = new Pipeline();
    await acceptCanary(pipeline);
    expect(pipeline.queue.messages.map(({ index }) => index)).toEqual([0]);
    await pipeline.deliver();
    await pipeline.close(once(number, fault));
    expect(pipeline.observe()).toMatchObject(ALL_ENDED);
    expect(pipeline.fieldsSet()).toEqual(ALL_SET);
  });
});
