import fc from 'fast-check';
import { type Faults, faultsArbitrary, type ItemPlan, TEAMS, type Team } from './plan.ts';

/** What a schedule with file jobs does, and how badly the services behave while it does. All of it comes from a seed. */
export interface FilesPlan {
  seed: number;
  faults: Faults;
  /** Probability that a body of S3 breaks off. */
  brokenOff: number;
  /** Time limit of an invocation that does steps of file jobs. */
  stepLimitMs: number;
  clients: FileClientPlan[];
}

/** A client that sends one request after the other, each when the one before is acknowledged. */
export interface FileClientPlan {
  team: Team;
  requests: (FileRequestPlan | PatchPlan)[];
}

/** A PATCH beside the files. */
export interface PatchPlan {
  kind: 'patch';
  pauseMs: number;
  items: FileItemPlan[];
}

export interface FileItemPlan extends Pick<ItemPlan, 'target' | 'fields' | 'isInvalid'> {
  by: 'id' | 'primaryKey';
}

/** What is wrong with a file as a whole. */
export const DAMAGES = ['cut', 'notUtf8', 'notCsv', 'header', 'gzipCut', 'gzipDamaged', 'notGzip'] as const;
export type Damage = (typeof DAMAGES)[number];

export interface FileRequestPlan {
  kind: 'file';
  pauseMs: number;
  format: 'csv' | 'ndjson';
  isPacked: boolean;
  rows: FileItemPlan[];
  damage?: Damage | undefined;
  /** Whether a process that is missing is created. */
  creates: boolean;
  isKeyed: boolean;
  /** How often it is said that the upload is complete, or that it never is. */
  completes: 0 | 1 | 2;
  /** After each of these pauses it is cancelled, from when the upload began or was completed. */
  cancels?: { from: 'begun' | 'completed'; afterMs: number[] } | undefined;
  canary?: number | undefined;
  abortOn?: { errorPercent: number; after: number } | undefined;
  /** Whether its job is retried when it has ended. */
  isRetried: boolean;
  /** What is undone then, one after the other: the job, or the last undo of it. */
  undoes: { afterMs: number; of: 'job' | 'undo' }[];
  /** When somebody puts another file in its place, and for how long. */
  replaced?: { afterMs: number; forMs: number } | undefined;
}

const once = (times: number) => fc.integer({ min: 1, max: times }).map((number) => number === times);
const often = <Value, Other>(weight: number, value: Value, arbitrary: fc.Arbitrary<Other>) =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, arbitrary);

const item: fc.Arbitrary<FileItemPlan> = fc.record({
  target: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('A' as const, 'B' as const, 'C' as const) },
    { weight: 2, arbitrary: fc.constantFrom('NEW1' as const, 'NEW2' as const, 'NEW3' as const) },
    fc.constantFrom('MISSING' as const, 'TWICE' as const, 'FOREIGN' as const),
  ),
  by: fc.constantFrom('id' as const, 'primaryKey' as const),
  fields: fc.uniqueArray(fc.constantFrom('state', 'assignedTo', 'data.city', 'data.score'), {
    minLength: 1,
    maxLength: 2,
  }),
  isInvalid: once(12),
});

const patch: fc.Arbitrary<PatchPlan> = fc.record({
  kind: fc.constant('patch' as const),
  pauseMs: fc.constantFrom(0, 0, 500, 5_000),
  items: fc.array(item, { minLength: 1, maxLength: 3 }),
});

const rows = fc.oneof(
  { weight: 4, arbitrary: fc.array(item, { maxLength: 9, size: 'max' }) },
  { weight: 2, arbitrary: fc.array(item, { minLength: 8, maxLength: 20, size: 'max' }) },
  fc.array(item, { minLength: 20, maxLength: 40, size: 'max' }),
);

const pauses = fc.constantFrom(0, 50, 300, 1_000, 3_000, 10_000, 40_000);
const percent = fc.constantFrom(0, 30, 50, 99);

const file: fc.Arbitrary<FileRequestPlan> = fc.record({
  kind: fc.constant('file' as const),
  pauseMs: fc.constantFrom(0, 0, 500, 5_000),
  format: fc.constantFrom('csv' as const, 'ndjson' as const),
  isPacked: fc.boolean(),
  rows,
  damage: often(7, undefined, fc.constantFrom(...DAMAGES)),
  creates: fc.boolean(),
  isKeyed: fc.boolean(),
  completes: fc.oneof(
    { weight: 10, arbitrary: fc.constant(1 as const) },
    { weight: 3, arbitrary: fc.constant(2 as const) },
    fc.constant(0 as const),
  ),
  cancels: often(
    5,
    undefined,
    fc.record({
      from: fc.constantFrom('begun' as const, 'completed' as const, 'completed' as const),
      afterMs: fc.array(pauses, { minLength: 1, maxLength: 2 }),
    }),
  ),
  canary: often(3, undefined, fc.constantFrom(1, 2, 4, 6, 9)),
  abortOn: often(3, undefined, fc.record({ errorPercent: percent, after: fc.integer({ min: 1, max: 8 }) })),
  isRetried: once(4),
  undoes: often(
    2,
    [],
    fc.array(
      fc.record({
        afterMs: fc.constantFrom(0, 2_000, 60_000),
        of: fc.constantFrom('job' as const, 'undo' as const, 'undo' as const),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  replaced: often(
    9,
    undefined,
    fc.record({ afterMs: fc.constantFrom(0, 100, 1_000), forMs: fc.constantFrom(2_000, 90_000) }),
  ),
});

const client: fc.Arbitrary<FileClientPlan> = fc.record({
  team: fc.constantFrom(TEAMS[0], TEAMS[0], TEAMS[1]),
  requests: fc.array(fc.oneof({ weight: 2, arbitrary: file }, patch), { minLength: 1, maxLength: 3 }),
});

/** More file jobs than are in progress at a time, of one team. */
const crowd: fc.Arbitrary<FileClientPlan[]> = fc.array(
  file.map((plan) => ({
    team: TEAMS[0],
    requests: [{ ...plan, rows: plan.rows.slice(0, 9), isRetried: false, undoes: [] }],
  })),
  { minLength: 6, maxLength: 8, size: 'max' },
);

export const filesPlanArbitrary: fc.Arbitrary<FilesPlan> = fc.record({
  seed: fc.integer(),
  faults: faultsArbitrary,
  brokenOff: fc.constantFrom(0, 0, 0.05, 0.3),
  stepLimitMs: fc.constantFrom(33_000, 40_000, 180_000),
  clients: fc.oneof({ weight: 9, arbitrary: fc.array(client, { minLength: 1, maxLength: 3 }) }, crowd),
});
