import type { FileItemPlan, FileRequestPlan, FilesPlan } from './simulation/file-plan.ts';
import { CALM, type TargetName } from './simulation/plan.ts';

/** Rows that set a city, of processes by their names. */
const rows = (...targets: TargetName[]): FileItemPlan[] =>
  targets.map((target) => ({ target, by: 'primaryKey', fields: ['data.city'], isInvalid: false }));

const FILE: Omit<FileRequestPlan, 'rows'> = {
  ...{ kind: 'file', pauseMs: 0, format: 'csv', isPacked: false, creates: false, isKeyed: false },
  ...{ completes: 1, isRetried: false, undoes: [] },
};

/** Schedules with file jobs that showed a bug once. */
export const FILE_REGRESSIONS: readonly { bug: string; plan: FilesPlan }[] = [
  {
    bug: 'the errors of the first chunk of a canary were not counted, and the chunks after it applied',
    plan: {
      ...{ seed: 2147483628, faults: CALM, brokenOff: 0, stepLimitMs: 40_000 },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              ...FILE,
              canary: 6,
              rows: rows('MISSING', 'A', 'B', 'C', 'A', 'B', 'C', 'A', 'B', 'C', 'A', 'B'),
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'the undo of a file kept a process that one chunk had created and another changed',
    plan: {
      ...{ seed: 1, faults: CALM, brokenOff: 0, stepLimitMs: 40_000 },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              ...FILE,
              creates: true,
              rows: [
                ...rows('NEW1', 'A', 'B', 'C', 'A'),
                { target: 'NEW1', by: 'primaryKey', fields: ['data.score'], isInvalid: false },
              ],
              undoes: [{ afterMs: 60_000, of: 'job' }],
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'a broken file without rows that was cancelled first ended as COMPLETED',
    plan: {
      ...{ seed: -1601908272, faults: CALM, brokenOff: 0, stepLimitMs: 180_000 },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              ...{ ...FILE, format: 'ndjson', isPacked: true, damage: 'notGzip', creates: true },
              rows: rows('B'),
              cancels: { from: 'begun', afterMs: [300, 1_000] },
            },
          ],
        },
      ],
    },
  },
];
