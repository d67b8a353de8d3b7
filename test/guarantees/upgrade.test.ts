import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { SEQUENCE_UNIT_MS } from '../../lambdas/adapters/job-store.ts';
import type { Entry } from '../../lambdas/contract/views.ts';
import { redrive } from '../../lib/operations/redrive.ts';
import type { Item } from './simulation/expressions.ts';
import { fakeQueueClient } from './simulation/fake-queues.ts';
import { type ApiResponse, Pipeline } from './simulation/pipeline.ts';
import { CALM } from './simulation/plan.ts';
import { Connection, NO_FAULTS } from './simulation/service.ts';
import { World } from './simulation/world.ts';

/**
 * What the functions of an earlier release left in tables and queues, and what its API told of its jobs. Its own code
 * wrote it, in its own simulation; see `about` in the file. Bytes are base64.
 */
interface Release {
  /** Epoch ms. */
  at: number;
  /** Ids of jobs, one for each event. */
  announced: string[];
  /** Items by the Idempotency-Key that they were sent with. */
  requests: Record<'key-finished' | 'key-broken', unknown[]>;
  jobs: Record<string, ApiResponse['body'] & { id: string; team: string; entries: Entry[] }>;
  tables: Record<'procedures' | 'processes' | 'jobs', Item[]>;
  queues: Record<string, { body: string; group?: string; inMs: number }[]>;
}

const OLD: Release = JSON.parse(
  readFileSync(new URL('../fixtures/release-38672ea.json', import.meta.url), 'utf8'),
  (_name, value) =>
    typeof value?.$bytes === 'string' ? new Uint8Array(Buffer.from(value.$bytes, 'base64')) : value,
);

/** It counted the end of one job before its last result: today's counts are those of the entries. */
const MISCOUNTED = 'miscounted';
const ENDED = Object.keys(OLD.jobs).filter(
  (name) => name !== MISCOUNTED && job(name)._data.completionStatus !== 'IN_PROGRESS',
);

const MAX_EVENTS = 100_000;
/** Longer than all that is not held back takes. */
const REST_MS = 120_000;

/** Updates of the fields that updates of the earlier release name, too. */
const NEWER = {
  texts: ['QUEUED-1', 'HALF-2', 'OLDER-1', 'DEAD', 'NOT-QUEUED', 'FINISHED'].map((id) => newCity({ id })),
  numbers: [newCity({ lead_id: '105' })],
  phones: [newCity({ lead_id: '919901258433' })],
};

function newCity(identifier: Item): Item {
  return { ...identifier, data: { city: 'New' } };
}

type Old = 'first' | 'meanwhile' | 'last';

/** The functions of today on what the earlier release left. */
class Upgrade {
  readonly world = new World(1);
  readonly pipeline = new Pipeline(this.world, CALM);
  /** Ids of the jobs that were accepted since, by team and the oldest first. */
  readonly newer: Record<string, string[]> = { texts: [], numbers: [], phones: [] };

  /** @param heldBackMs - the old updates are delivered that much later */
  constructor(heldBackMs: number) {
    const { tables, queues } = this.pipeline;
    this.world.now = OLD.at + 1_000;
    for (const [name, items] of Object.entries(OLD.tables)) {
      for (const item of items) tables.insert(name, structuredClone(item), 'before');
    }
    for (const [name, messages] of Object.entries(OLD.queues)) {
      const QueueUrl = name === 'reminders' ? 'jobChecks' : name;
      for (const { body: MessageBody, group: MessageGroupId, inMs } of messages) {
        const DelaySeconds = (inMs + (QueueUrl === 'updates' ? heldBackMs : 0)) / 1000;
        queues.perform(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, DelaySeconds }));
      }
    }
  }

  /** Does something, and lets all happen that follows from it. */
  async toRest<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const answer = act();
    // Its errors come when the world is at rest.
    answer.catch(() => {});
    await this.world.run(MAX_EVENTS);
    return answer;
  }

  async accept(team: string, items: unknown[], key?: string): Promise<ApiResponse | undefined> {
    const answer = await this.pipeline.patch(team, items, key);
    const isNew = answer?.status === 202 && answer.headers['idempotency-replayed'] !== 'true';
    if (isNew) this.newer[team]?.push(String(answer.body._data.id));
    return answer;
  }

  async acceptNewer(): Promise<void> {
    for (const [team, items] of Object.entries(NEWER)) await this.accept(team, items);
  }

  async retry(name: string): Promise<ApiResponse | undefined> {
    const { team, id } = job(name);
    const answer = await this.pipeline.retry(team, id);
    this.newer[team]?.push(String(answer?.body._data.id));
    return answer;
  }

  async redrive(): Promise<number> {
    const connection = new Connection(this.world, { isAlive: true }, () => NO_FAULTS);
    return redrive(fakeQueueClient(this.pipeline.queues, connection), { from: 'deadLetters', to: 'updates' });
  }

  async entries(team: string, id: string): Promise<Entry[]> {
    return (await this.pipeline.seenEntries(team, id)).map((line) => JSON.parse(line));
  }

  /** What became of the entries of an old job, each by its outcome, else its error or status. */
  async ends(name: string): Promise<string[]> {
    const { team, id } = job(name);
    return (await this.entries(team, id)).map(endOf);
  }

  process(id: string): Item {
    return this.pipeline.tables.items('processes').find((process) => process.id === id) ?? {};
  }

  header(id: string): Item {
    const isHeader = ({ jobId, part }: Item) => jobId === id && part === 'header';
    return this.pipeline.tables.items('jobs').find(isHeader) ?? {};
  }
}

function job(name: string): Release['jobs'][string] {
  const found = OLD.jobs[name];
  if (found === undefined) throw new Error(`The release has no job ${name}`);
  return found;
}

function endOf({ outcome, errors, completionStatus }: Entry): string {
  return outcome ?? errors[0]?.code ?? completionStatus;
}

/** The whole life of an upgrade: what was left is finished, and what was accepted since, and what an operator does. */
async function upgraded(old: Old): Promise<Upgrade> {
  const upgrade = new Upgrade(old === 'last' ? 5 * REST_MS : 0);
  await upgrade.toRest(async () => {
    if (old === 'first') await upgrade.world.pause(REST_MS);
    await upgrade.acceptNewer();
  });
  await upgrade.toRest(() => upgrade.redrive());
  await upgrade.toRest(() => upgrade.retry('notQueued'));
  await upgrade.toRest(() => upgrade.retry('failed'));
  return upgrade;
}

test('a submission of several chunks, which the release before kept beside its job, is read and retried', async () => {
  const upgrade = new Upgrade(0);
  const { id, team } = job('failed');
  const { tables } = upgrade.pipeline;
  const whole = tables
    .items('jobs')
    .find(({ jobId, part }) => jobId === id && part === 'submission#00000') as Item;
  const lines = gunzipSync(whole.chunk as Uint8Array)
    .toString('utf8')
    .split('\n');
  expect(lines.length).toBeGreaterThan(1);
  const before = await upgrade.toRest(() => upgrade.entries(team, id));
  // As it would have cut a larger one: every chunk under the key of the job.
  for (const [number, line] of lines.entries()) {
    const part = `submission#${String(number).padStart(5, '0')}`;
    tables.insert('jobs', { ...whole, part, chunk: new Uint8Array(gzipSync(line)) }, 'before');
  }
  tables.insert('jobs', { ...upgrade.header(id), chunkStarts: [...lines.keys()] }, 'before');
  expect(await upgrade.toRest(() => upgrade.entries(team, id))).toEqual(before);
  const retried = await upgrade.toRest(() => upgrade.retry('failed'));
  expect(retried?.status).toBe(202);
});

describe.each<{ old: Old }>([{ old: 'first' }, { old: 'meanwhile' }, { old: 'last' }])(
  'when the old updates arrive $old',
  ({ old }) => {
    const isOneOf = (...ends: string[]) => expect.toSatisfy((end: string) => ends.includes(end));
    /** What becomes of an old update of a field that a newer update brings, too. */
    const overtaken = {
      first: 'APPLIED',
      meanwhile: isOneOf('APPLIED', 'SUPERSEDED'),
      last: 'SUPERSEDED',
    }[old];

    test('the update that was accepted last wins', async () => {
      const { pipeline } = await upgraded(old);
      const shown = pipeline.tables
        .items('processes')
        .map(({ id, data, assignedTo, state }) => [id, (data as Item)?.city, assignedTo, state]);
      expect(shown).toEqual(
        expect.arrayContaining([
          ['QUEUED-1', 'New', 'queued', undefined],
          ['QUEUED-2', undefined, undefined, 'IN_PROGRESS'],
          ['HALF-1', 'Unannounced', undefined, undefined],
          ['HALF-2', 'New', 'half', undefined],
          ['OLDER-1', 'New', undefined, undefined],
          ['OLDER-2', undefined, undefined, 'CONVERTED'],
          ['STATES', undefined, undefined, 'NEW'],
          ['BARE', 'Queued', undefined, 'IN_PROGRESS'],
          ['FINISHED', 'New', 'ada', undefined],
          ['DEAD', 'New', 'dead', undefined],
          ['NOT-QUEUED', 'New', 'retried', undefined],
          ['FAILED', 'Failed', 'failed', undefined],
          ['OPEN-2', undefined, undefined, undefined],
          ['N-105', 'New', undefined, undefined],
          ['N-106', 'Queued', undefined, undefined],
          ['N-107', 'Open', undefined, undefined],
          ['PHONE', 'New', undefined, undefined],
        ]),
      );
    });

    test('each old entry ends as what became of it', async () => {
      const upgrade = await upgraded(old);
      const ends = Object.fromEntries(
        await upgrade.toRest(() =>
          Promise.all(Object.keys(OLD.jobs).map(async (name) => [name, await upgrade.ends(name)] as const)),
        ),
      );
      expect(ends).toMatchObject({
        cancelledOpen: ['APPLIED', 'CANCELLED', 'APPLIED'],
        half: ['APPLIED', overtaken, 'APPLIED'],
        queued: [overtaken, 'APPLIED', 'APPLIED', 'APPLIED', 'APPLIED', overtaken],
        older: [overtaken, 'APPLIED'],
        numbers: [overtaken, 'APPLIED'],
        phones: [overtaken],
        dead: ['SUPERSEDED', 'APPLIED', 'APPLIED'],
      });
    });

    test('every job ends, with the counts of its entries, and is announced as often as it may be', async () => {
      const upgrade = await upgraded(old);
      const { pipeline, newer } = upgrade;
      const jobs = [
        ...Object.values(OLD.jobs).map(({ team, id }) => ({ team, id })),
        ...Object.entries(newer).flatMap(([team, ids]) => ids.map((id) => ({ team, id }))),
      ];
      for (const { team, id } of jobs) {
        const { _data, _meta } = await upgrade.toRest(() => pipeline.seenJob(team, id));
        const entries = await upgrade.toRest(() => upgrade.entries(team, id));
        expect(_data.completionStatus).not.toBe('IN_PROGRESS');
        for (const [status, count] of Object.entries(_meta.bjEntryCompletionStatusVsCount)) {
          const listed = entries.filter(({ completionStatus }) => completionStatus === status);
          expect(listed, `${status} of ${id}`).toHaveLength(count);
        }
        const events = pipeline.events.filter((event) => event.id === id);
        const isOver = OLD.announced.includes(id) && id !== job('unannounced').id;
        expect(events, id).toHaveLength(isOver ? 0 : 1);
      }
    });

    test('a retry of an old job, and its dead letters, keep their place in the order', async () => {
      const upgrade = await upgraded(old);
      const [, retried = ''] = upgrade.newer.texts ?? [];
      const entries = await upgrade.toRest(() => upgrade.entries('texts', retried));
      expect(entries.map(endOf)).toEqual(['SUPERSEDED', 'APPLIED']);
      expect(upgrade.process('NOT-QUEUED').clocks).toMatchObject({ assignedTo: 90_001 });
      expect(upgrade.process('DEAD').clocks).toMatchObject({ assignedTo: 80_001 });
    });

    test('new jobs are listed before old ones, all in the order of acceptance', async () => {
      const upgrade = await upgraded(old);
      const oldOnes = Object.values(OLD.jobs).filter(({ team }) => team === 'texts');
      const accepted = [...oldOnes.map(({ id }) => id), ...(upgrade.newer.texts ?? [])];
      expect(await upgrade.toRest(() => upgrade.pipeline.listedJobs('texts'))).toEqual(accepted.toReversed());
    });
  },
);

describe('what the earlier release told stays true', () => {
  test.each(ENDED)('the job %s reads the same, and its entries tell the same or more', async (name) => {
    const { team, id, _data, _meta, entries } = job(name);
    const told = entries.map(({ processId, errors, ...entry }) => ({
      ...entry,
      ...(processId !== null && { processId }),
      // Messages are for people: they may be worded better.
      errors: errors.map(({ message, ...error }) => error),
    }));
    const upgrade = new Upgrade(0);
    const seen = await upgrade.toRest(() => upgrade.pipeline.seenJob(team, id));
    expect(seen).toMatchObject({ _data, _meta });
    expect(await upgrade.toRest(() => upgrade.entries(team, id))).toMatchObject(told);
  });

  test('a job that was counted before its last result has the counts of its entries', async () => {
    const { team, id, entries } = job(MISCOUNTED);
    const upgrade = new Upgrade(0);
    const { _meta } = await upgrade.toRest(() => upgrade.pipeline.seenJob(team, id));
    expect(entries.map(endOf)).toEqual(['APPLIED']);
    expect(_meta.bjEntryCompletionStatusVsCount).toMatchObject({ SUCCESS: 1, ERROR: 0 });
  });

  test('an Idempotency-Key of an accepted request is answered with its job', async () => {
    const upgrade = new Upgrade(0);
    const { id } = job('finished');
    const answer = await upgrade.toRest(() =>
      upgrade.accept('texts', OLD.requests['key-finished'], 'key-finished'),
    );
    expect(answer?.headers['idempotency-replayed']).toBe('true');
    expect(answer?.body._data.id).toBe(id);
    expect(upgrade.newer.texts).toEqual([]);
  });

  test('an Idempotency-Key of a request that is being accepted is in use, and free when that broke off', async () => {
    const upgrade = new Upgrade(5 * REST_MS);
    const send = () => upgrade.accept('texts', OLD.requests['key-broken'], 'key-broken');
    const [early, late] = await upgrade.toRest(async () => {
      const early = await send();
      await upgrade.world.pause(REST_MS);
      return [early, await send()];
    });
    expect(early?.text).toContain('IDEMPOTENCY_KEY_IN_USE');
    expect(late?.headers['idempotency-replayed']).toBe('false');
    const { team, id } = job('broken');
    const { _data } = await upgrade.toRest(() => upgrade.pipeline.seenJob(team, id));
    expect(_data.completionStatus).toBe('FAILED');
    expect(upgrade.process('BROKEN-1').data).toMatchObject({ city: 'Broken' });
  });
});

test('an update that was applied and not recorded before its job was cancelled ends as applied, however its key is written', async () => {
  const upgrade = await upgraded('first');
  expect(await upgrade.toRest(() => upgrade.ends('numbersOpen'))).toEqual(['APPLIED', 'CANCELLED']);
});

test('the counter of requests goes on at the present time', async () => {
  const upgrade = new Upgrade(0);
  await upgrade.toRest(() => upgrade.acceptNewer());
  const [id = ''] = upgrade.newer.texts ?? [];
  expect(upgrade.header(id).sequence).toBeGreaterThanOrEqual(Math.floor(OLD.at / SEQUENCE_UNIT_MS));
});
