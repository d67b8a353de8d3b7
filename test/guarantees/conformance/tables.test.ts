import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { localParts } from '../../support/local.ts';
import { createTablesLike } from '../../support/tables-like.ts';
import { clone, type Item } from '../simulation/expressions.ts';
import type { FakeTables, Outcome } from '../simulation/fake-tables.ts';
import { filesPlanArbitrary } from '../simulation/file-plan.ts';
import { CALM, type Plan, planArbitrary, type RequestPlan } from '../simulation/plan.ts';

// Another file of this worker may have loaded the functions, with other variables.
vi.resetModules();
const { JOBS_PAGE_SIZE } = await import('../simulation/pipeline.ts');
const { simulate } = await import('../simulation/simulation.ts');
const { FILE_JOBS_PAGE_SIZE, simulateFiles } = await import('../simulation/file-simulation.ts');

interface Command {
  input: Item;
}

interface Request {
  command: Command;
  outcome: Shown;
}

/** Of what comes of a request, all that the pipeline can tell apart. */
interface Shown {
  error?: string | undefined;
  /** Why a transaction was cancelled. */
  reasons?: unknown;
  Item?: unknown;
  Attributes?: Item | undefined;
  Items?: Item[] | undefined;
  LastEvaluatedKey?: unknown;
}

const { documents, tables } = localParts();
let nameOf: (simulated: string) => string;

beforeEach(async () => {
  const created = await createTablesLike(tables, documents);
  nameOf = created.nameOf;
  return created.remove;
});

/** What is asked for in these is all that the pipeline ever asks for. */
const SCHEDULES = [...fc.sample(planArbitrary, { numRuns: 12, seed: 20261124 }), created()];

const FILE_SCHEDULES = fc.sample(filesPlanArbitrary, { numRuns: 4, seed: 20261124 });

/** A process is created, deleted and created again; then its deletion is undone, in vain. */
function created(): Plan {
  const item = { by: 'primaryKey', clears: false, isInvalid: false, target: 'NEW1', deletes: false } as const;
  const request = (changes: Partial<RequestPlan>, deletes = false): RequestPlan => ({
    ...{ pauseMs: 60_000, isKeyed: false, cancelsAfterMs: [], isRetried: false, createsProcess: false },
    ...{ counter: 'kept', safeguards: {}, items: [{ ...item, fields: ['data.city'], deletes }] },
    ...changes,
  });
  const undoes = [{ afterMs: 200_000, of: 'job' as const }];
  const requests = [request({ kind: 'create' }), request({ undoes }, true), request({ kind: 'upsert' })];
  return { seed: 1, faults: CALM, clients: [{ team: 'ours', requests }], others: [] };
}

describe('DynamoDB Local answers as the simulated tables do', () => {
  test.each(SCHEDULES.map((plan, number) => ({ number, plan })))(
    'every request of schedule $number',
    async ({ plan }) => {
      // An index may lag, which that of DynamoDB Local never does.
      const faults = { ...plan.faults, indexLagMs: 0 };
      await compare(JOBS_PAGE_SIZE, (onPerformed) => simulate({ ...plan, faults }, onPerformed));
    },
  );

  test.each(FILE_SCHEDULES.map((plan, number) => ({ number, plan })))(
    'every request of schedule $number with file jobs',
    async ({ plan }) => {
      const faults = { ...CALM, duplicated: 0.1, refused: 0.02 };
      await compare(FILE_JOBS_PAGE_SIZE, (onPerformed) => simulateFiles({ ...plan, faults }, onPerformed));
    },
  );
});

/** Runs a schedule, and asks of the real tables what was asked of the simulated ones, in that order. */
async function compare(
  pageSize: number,
  run: (onPerformed: FakeTables['onPerformed']) => Promise<unknown>,
): Promise<void> {
  const requests: Request[] = [];
  await run((command, outcome) => {
    requests.push({ command: forRealTables(command as Command, pageSize), outcome: shown(outcome) });
  });
  expect(requests.length).toBeGreaterThan(10);
  for (const { command, outcome } of requests) {
    const real = await sent(command);
    // A page that is full may be the last: DynamoDB looks no further, and has a next one that is empty.
    outcome.LastEvaluatedKey ??= real.LastEvaluatedKey;
    const { Attributes, ...others } = outcome;
    const asked = `${command.constructor.name} ${JSON.stringify(command.input)}`;
    expect(real, asked).toEqual({ ...others, Attributes: real.Attributes });
    // Of a map of which members are written DynamoDB gives these, DynamoDB Local all: the pipeline needs these.
    if (Attributes !== undefined) expect(real.Attributes, asked).toMatchObject(Attributes);
  }
}

function forRealTables(command: Command, pageSize: number): Command {
  const Command = command.constructor as new (input: Item) => Command;
  const { TableName, RequestItems, ...input } = clone(command.input);
  if (command instanceof BatchGetCommand) {
    const entries = Object.entries(RequestItems as Item).map(([name, keys]) => [nameOf(name), keys]);
    return new Command({ ...input, RequestItems: Object.fromEntries(entries) });
  }
  if (command instanceof TransactWriteCommand) {
    const items = (input.TransactItems as Record<string, Item>[]).map((each) =>
      Object.fromEntries(
        Object.entries(each).map(([kind, item]) => [
          kind,
          { ...item, TableName: nameOf(item.TableName as string) },
        ]),
      ),
    );
    return new Command({ ...input, TransactItems: items });
  }
  const isPaged = command instanceof QueryCommand && TableName === 'jobs';
  const Limit = Math.min((input.Limit as number | undefined) ?? pageSize, pageSize);
  return new Command({ ...input, TableName: nameOf(TableName as string), ...(isPaged ? { Limit } : {}) });
}

async function sent(command: Command): Promise<Shown> {
  try {
    return shown({ answer: await documents.send(command as never) });
  } catch (error) {
    return shown({ error });
  }
}

function shown(outcome: Outcome): Shown {
  if ('error' in outcome) {
    const { error } = outcome;
    const Item = error instanceof ConditionalCheckFailedException ? error.Item : undefined;
    const reasons =
      error instanceof TransactionCanceledException
        ? error.CancellationReasons?.map(({ Code, Item }) => ({ Code, Item: clone(Item) }))
        : undefined;
    return { error: (error as Error).name, Item: clone(Item), reasons };
  }
  const { Item, Attributes, Items, Responses, LastEvaluatedKey } = clone(outcome.answer) as Shown & {
    Responses?: Record<string, Item[]>;
  };
  const batch = Responses === undefined ? undefined : Object.values(Responses).flat();
  return { Item, Attributes, Items: inKeyOrder(batch) ?? inOrder(Items), LastEvaluatedKey };
}

/** A batch has no order. */
function inKeyOrder(items: Item[] | undefined): Item[] | undefined {
  const keyOf = ({ id, jobId, part }: Item) => `${id ?? jobId} ${part}`;
  return items?.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Processes come in no order from their index; the items of a job in that of their keys. */
function inOrder(items: Item[] | undefined): Item[] | undefined {
  return items?.every(({ id }) => id !== undefined)
    ? items.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
    : items;
}
