import fc from 'fast-check';
import type { FunctionFaults } from './fake-lambda.ts';
import type { QueueFaults } from './fake-queues.ts';
import { NO_FAULTS, type ServiceFaults } from './service.ts';

/** What a schedule does, and how badly the services behave while it does. All of it comes from a seed. */
export interface Plan {
  seed: number;
  faults: Faults;
  clients: ClientPlan[];
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
  skewMs: 0,
  indexLagMs: 0,
};

export const TEAMS = ['ours', 'theirs'] as const;
export type Team = (typeof TEAMS)[number];

/** A client that sends one request after the other, each when the one before is acknowledged. */
export interface ClientPlan {
  team: Team;
  requests: RequestPlan[];
}

export interface RequestPlan {
  pauseMs: number;
  items: ItemPlan[];
  /** Whether it is sent with an Idempotency-Key, and again with it until it is acknowledged. */
  isKeyed: boolean;
  /** After so many ms its job is cancelled. */
  cancelAfterMs?: number | undefined;
  /** Whether its job is retried when it has ended. */
  isRetried: boolean;
  /** Whether another system has just created the process `FRESH` of this request. */
  createsProcess: boolean;
}

/** Which process an item names; each team has those with letters, under the same primary keys. */
export const TARGETS = ['A', 'B', 'C', 'TWICE', 'MISSING', 'FRESH', 'FOREIGN'] as const;
export type TargetName = (typeof TARGETS)[number];

export const FIELDS = ['assignedTo', 'nextActionAt', 'data.city', 'data.score'] as const;
export type Field = (typeof FIELDS)[number];

export interface ItemPlan {
  target: TargetName;
  by: 'id' | 'primaryKey' | 'both' | 'mismatch';
  fields: Field[];
  clears: boolean;
  deletes: boolean;
  isInvalid: boolean;
}

const rate = (usual: number, high: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constant(usual) },
    fc.constant(high),
  );

const faults: fc.Arbitrary<Faults> = fc.record({
  refused: rate(0.02, 0.3),
  answerLost: rate(0.02, 0.2),
  late: rate(0.01, 0.1),
  partial: rate(0.05, 0.5),
  duplicated: rate(0.1, 0.8),
  delayed: rate(0.1, 0.8),
  killed: rate(0.1, 0.6),
  // The rules allow for so much: clocks that differ by more than two seconds, or a slower index, break them.
  skewMs: rate(100, 1_000),
  indexLagMs: rate(200, 1_500),
});

const rarely = fc.integer({ min: 0, max: 11 }).map((number) => number === 11);

const item: fc.Arbitrary<ItemPlan> = fc.record({
  target: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('A' as const, 'B' as const, 'C' as const) },
    { weight: 1, arbitrary: fc.constant('FOREIGN' as const) },
    fc.constantFrom(...TARGETS),
  ),
  by: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('id' as const, 'primaryKey' as const) },
    fc.constantFrom('both' as const, 'mismatch' as const),
  ),
  fields: fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 3 }),
  clears: rarely,
  deletes: rarely,
  isInvalid: rarely,
});

const request: fc.Arbitrary<RequestPlan> = fc.record({
  pauseMs: fc.constantFrom(0, 0, 100, 2_000, 60_000),
  items: fc.array(item, { minLength: 1, maxLength: 4 }),
  isKeyed: fc.boolean(),
  cancelAfterMs: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    fc.constantFrom(0, 50, 200, 5_000),
  ),
  isRetried: rarely,
  createsProcess: rarely,
});

const client: fc.Arbitrary<ClientPlan> = fc.record({
  team: fc.constantFrom('ours' as const, 'ours' as const, 'theirs' as const),
  requests: fc.array(request, { minLength: 1, maxLength: 3 }),
});

export const planArbitrary: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  faults,
  clients: fc.array(client, { minLength: 1, maxLength: 2 }),
});
