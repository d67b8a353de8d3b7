import fc from 'fast-check';
import type { FunctionFaults } from './fake-lambda.ts';
import type { QueueFaults } from './fake-queues.ts';
import { NO_FAULTS, type ServiceFaults } from './service.ts';

/** What a schedule does, and how badly the services behave while it does. All of it comes from a seed. */
export interface Plan {
  seed: number;
  faults: Faults;
  clients: ClientPlan[];
  others: OtherPlan[];
  /** A time in which the database refuses everything. */
  outage?: Span | undefined;
  /** A time in which the procedures are other ones. */
  procedureChange?: (Span & { to: 'withoutCity' | 'malformed' }) | undefined;
}

export interface Span {
  afterMs: number;
  forMs: number;
}

/** Probabilities, and milliseconds where they say so. */
export interface Faults extends ServiceFaults, QueueFaults, FunctionFaults {
  /** An index follows its table so many ms later, at most. */
  indexLagMs: number;
}

/** Nothing goes wrong. */
export const CALM: Faults = {
  ...NO_FAULTS,
  partial: 0,
  duplicated: 0,
  delayed: 0,
  killed: 0,
  throttled: 0,
  skewMs: 0,
  indexLagMs: 0,
};

/** Whether receives may be used up: by functions that end early, or a queue that refuses most copies of messages. */
export function mayDie({ killed, stalled, throttled, answerLost, partial }: Faults): boolean {
  return killed + stalled + throttled + answerLost > 0 || partial > 0.05;
}

export const TEAMS = ['ours', 'theirs'] as const;
export type Team = (typeof TEAMS)[number];

/** A client that sends one request after the other, each when the one before is acknowledged. */
export interface ClientPlan {
  team: Team;
  requests: RequestPlan[];
}

/** Whether a request updates processes, creates them, or creates what is missing. */
export type RequestKind = 'update' | 'create' | 'upsert';

export interface RequestPlan {
  /** `update` unless told. */
  kind?: RequestKind | undefined;
  pauseMs: number;
  items: ItemPlan[];
  /** Whether it is sent with an Idempotency-Key, and again with it until it is acknowledged. */
  isKeyed: boolean;
  /** After each of these pauses its job is cancelled. */
  cancelsAfterMs: number[];
  /** Whether its job is retried when it has ended. */
  isRetried: boolean;
  /**
   * When another system creates the process `FRESH` of this request: just before it, maybe instead of one that it removes,
   * or so many ms after it.
   */
  createsProcess: 'before' | 'instead' | number | false;
  /** What has become of the team's counter of requests, when nothing was being accepted: a new table, or a restored one. */
  counter: 'kept' | 'lost' | 'restored';
  safeguards: Safeguards;
  /** The request is a plan, which is approved after each of these times. */
  approvesAfterMs?: number[] | undefined;
  /** What is undone then, one after the other: the request's job, or the last undo of it. */
  undoes?: UndoPlan[] | undefined;
}

export interface UndoPlan {
  afterMs: number;
  of: 'job' | 'undo';
}

/** What keeps the rest of a request from being applied. */
export interface Safeguards {
  canary?: number;
  abortOn?: { errorPercent: number; after: number };
}

/**
 * Which process an item names; each team has those with letters, under the same primary keys. Those called new are created by
 * requests; of the last one, another system has created a process before.
 */
export const TARGETS = [
  'A',
  'B',
  'C',
  'TWICE',
  'MISSING',
  'FRESH',
  'FOREIGN',
  'NEW1',
  'NEW2',
  'NEW3',
] as const;
export type TargetName = (typeof TARGETS)[number];

export const FIELDS = ['state', 'assignedTo', 'nextActionAt', 'data.city', 'data.score'] as const;
export type Field = (typeof FIELDS)[number];

/** What an item expects of its process: what it has when the item is sent, or a version that it has not yet. */
export const EXPECTATIONS = ['version', 'nextVersion', 'state', 'values', 'note'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

export interface ItemPlan {
  target: TargetName;
  by: 'id' | 'primaryKey' | 'both' | 'mismatch';
  fields: Field[];
  clears: boolean;
  deletes: boolean;
  isInvalid: boolean;
  expects?: Expectation | undefined;
}

/** Another system, which writes into the table of the processes itself. */
export interface OtherPlan {
  team: Team;
  target: 'A' | 'B' | 'C';
  /** `note` writes an attribute that no update names; `newest` a field as the newest, by the recipe of the README. */
  writes: 'note' | 'newest';
  pausesMs: number[];
}

const rate = (usual: number, high: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constant(usual) },
    fc.constant(high),
  );

export const faultsArbitrary: fc.Arbitrary<Faults> = fc.record({
  refused: rate(0.02, 0.3),
  answerLost: rate(0.02, 0.2),
  late: rate(0.01, 0.1),
  stalled: rate(0.01, 0.05),
  partial: rate(0.05, 0.8),
  duplicated: rate(0.1, 0.8),
  delayed: rate(0.1, 0.8),
  killed: rate(0.1, 0.6),
  throttled: rate(0.02, 0.3),
  // The rules allow for so much: clocks that differ by more than two seconds, or a slower index, break them.
  skewMs: rate(100, 1_000),
  indexLagMs: rate(200, 1_500),
});

/** Once in `times`. */
const once = (times: number) => fc.integer({ min: 1, max: times }).map((number) => number === times);

const NEW = ['NEW1', 'NEW2', 'NEW3'] as const;

const item: fc.Arbitrary<ItemPlan> = fc.record({
  target: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('A' as const, 'B' as const, 'C' as const) },
    { weight: 1, arbitrary: fc.constant('FOREIGN' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...NEW) },
    fc.constantFrom(...TARGETS),
  ),
  by: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('id' as const, 'primaryKey' as const) },
    fc.constantFrom('both' as const, 'mismatch' as const),
  ),
  fields: fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 3 }),
  clears: once(12),
  deletes: once(12),
  isInvalid: once(12),
  expects: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    fc.constantFrom<Expectation>(...EXPECTATIONS),
  ),
});

const MINUTE_MS = 60_000;

const few = fc.integer({ min: 1, max: 3 });
const abortOn = fc.record({ errorPercent: fc.constantFrom(0, 30, 50, 99), after: few });

const request: fc.Arbitrary<RequestPlan> = fc
  .record({
    kind: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      fc.constantFrom<RequestKind>('create', 'upsert'),
    ),
    pauseMs: fc.constantFrom(0, 0, 100, 2_000, 60_000),
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
    isKeyed: fc.boolean(),
    cancelsAfterMs: fc.oneof(
      { weight: 5, arbitrary: fc.constant<number[]>([]) },
      fc.array(fc.constantFrom<number[]>(0, 50, 200, 5_000, 19_000), { minLength: 1, maxLength: 3 }),
    ),
    isRetried: once(4),
    createsProcess: fc.oneof(
      { weight: 10, arbitrary: fc.constant(false as const) },
      fc.constantFrom('before' as const, 'instead' as const, 100, 5_000),
    ),
    counter: fc.oneof(
      { weight: 20, arbitrary: fc.constant('kept' as const) },
      fc.constantFrom('lost' as const, 'restored' as const),
    ),
    safeguards: fc.oneof(
      { weight: 2, arbitrary: fc.constant<Safeguards>({}) },
      fc.record({ canary: few }),
      fc.record({ abortOn }),
      fc.record({ canary: few, abortOn }),
    ),
    approvesAfterMs: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      fc.array(fc.constantFrom<number[]>(0, 50, 200, 5_000, 60_000, 25 * 60 * MINUTE_MS), { maxLength: 3 }),
    ),
    undoes: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      fc.array(
        fc.record({
          afterMs: fc.constantFrom<number[]>(0, 500, 5_000, 60_000),
          of: fc.constantFrom('job' as const, 'job' as const, 'undo' as const),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
  })
  .map(naming);

/** A process that another system creates is named; a request that creates some names those. */
function naming(plan: RequestPlan): RequestPlan {
  if (plan.kind !== undefined) {
    const items = plan.items.map((each, index) => ({
      ...each,
      target: NEW.find((target) => target === each.target) ?? (NEW[index % NEW.length] as TargetName),
    }));
    return { ...plan, items, createsProcess: false };
  }
  const [first, ...others] = plan.items;
  if (first === undefined || plan.createsProcess === false) return plan;
  return { ...plan, items: [{ ...first, target: 'FRESH' }, ...others] };
}

const client: fc.Arbitrary<ClientPlan> = fc.record({
  team: fc.constantFrom('ours' as const, 'ours' as const, 'theirs' as const),
  requests: fc.array(request, { minLength: 1, maxLength: 3 }),
});

const other: fc.Arbitrary<OtherPlan> = fc.record({
  team: fc.constantFrom('ours' as const, 'ours' as const, 'theirs' as const),
  target: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
  writes: fc.constantFrom('note' as const, 'note' as const, 'newest' as const),
  pausesMs: fc.array(fc.constantFrom(0, 10, 30, 50, 100, 2_000), { minLength: 1, maxLength: 4 }),
});

const outage: fc.Arbitrary<Span> = fc.record({
  afterMs: fc.constantFrom(0, 50, 100, 2_000),
  forMs: fc.constantFrom(MINUTE_MS, 20 * MINUTE_MS, 180 * MINUTE_MS),
});

const procedureChange = fc.record({
  afterMs: fc.constantFrom(50, 5_000, 20_000),
  forMs: fc.constant(2 * MINUTE_MS),
  to: fc.constantFrom('withoutCity' as const, 'malformed' as const),
});

const rarely = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, arbitrary);

export const planArbitrary: fc.Arbitrary<Plan> = fc
  .record({
    seed: fc.integer(),
    faults: faultsArbitrary,
    clients: fc.array(client, { minLength: 1, maxLength: 2 }),
    others: fc.oneof(fc.constant<OtherPlan[]>([]), fc.array(other, { minLength: 1, maxLength: 2 })),
    outage: rarely(outage),
    procedureChange: rarely(procedureChange),
  })
  .map(withFewDuplicatesInALongOutage);

/** Each copy that is sent for later may be duplicated, or come again though it was done: over hours that adds up. */
function withFewDuplicatesInALongOutage(plan: Plan): Plan {
  if ((plan.outage?.forMs ?? 0) <= 20 * MINUTE_MS) return plan;
  const { duplicated, answerLost, killed } = plan.faults;
  const few = { duplicated: Math.min(duplicated, 0.1), answerLost: Math.min(answerLost, 0.02) };
  return { ...plan, faults: { ...plan.faults, ...few, killed: Math.min(killed, 0.1) } };
}
