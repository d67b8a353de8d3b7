import type { Plan } from './simulation/plan.ts';

/** Schedules that showed a bug, each made as small as it gets; of none may come a violation again. */
export const REGRESSIONS: { bug: string; plan: Plan }[] = [
  {
    bug: 'the key of a request whose acceptance failed unclear was given back, and the request accepted twice',
    plan: {
      seed: 853161202,
      faults: {
        refused: 0.3,
        answerLost: 0.2,
        late: 0.01,
        partial: 0,
        duplicated: 0.8,
        delayed: 0,
        killed: 0.1,
        skewMs: 0,
        indexLagMs: 1500,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 60000,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'B',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 2000,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
        {
          team: 'theirs',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 60000,
              items: [
                {
                  target: 'B',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'B',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: true,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'entries called NOT_QUEUED or CANCELLED that had been applied',
    plan: {
      seed: -770406300,
      faults: {
        refused: 0.02,
        answerLost: 0,
        late: 0.01,
        partial: 0,
        duplicated: 0.1,
        delayed: 0,
        killed: 0.6,
        skewMs: 0,
        indexLagMs: 200,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'both',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              cancelAfterMs: 0,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
  {
    bug: "another team's update with the same order number taken for the entry's own",
    plan: {
      seed: -235847043,
      faults: {
        refused: 0.3,
        answerLost: 0,
        late: 0.01,
        partial: 0,
        duplicated: 0,
        delayed: 0,
        killed: 0,
        skewMs: 1000,
        indexLagMs: 200,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'FOREIGN',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: true,
              cancelAfterMs: 0,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'both',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
        {
          team: 'theirs',
          requests: [
            {
              pauseMs: 100,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: true,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'an update applied after its job had ended as cancelled',
    plan: {
      seed: 0,
      faults: {
        refused: 0,
        answerLost: 0,
        late: 0,
        partial: 0,
        duplicated: 0,
        delayed: 0.8,
        killed: 0,
        skewMs: 0,
        indexLagMs: 0,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              cancelAfterMs: 0,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'an update applied after it had ended as NOT_QUEUED',
    plan: {
      seed: -1753900188,
      faults: {
        refused: 0,
        answerLost: 0.2,
        late: 0,
        partial: 0,
        duplicated: 0,
        delayed: 0.8,
        killed: 0.6,
        skewMs: 100,
        indexLagMs: 200,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: true,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 2000,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: true,
              isRetried: true,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'a header written again, because the answer was lost, erased the end of the job',
    plan: {
      seed: -1368812699,
      faults: {
        refused: 0,
        answerLost: 0,
        late: 0.1,
        partial: 0.5,
        duplicated: 0,
        delayed: 0.1,
        killed: 0.1,
        skewMs: 0,
        indexLagMs: 0,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 0,
              items: [
                {
                  target: 'FOREIGN',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'a primary key called missing by one copy of a message, and found by the next',
    plan: {
      seed: 0,
      faults: {
        refused: 0,
        answerLost: 0.02,
        late: 0,
        partial: 0.05,
        duplicated: 0,
        delayed: 0.1,
        killed: 0,
        skewMs: 0,
        indexLagMs: 1500,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 0,
              items: [
                {
                  target: 'FRESH',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              cancelAfterMs: 0,
              isRetried: false,
              createsProcess: true,
            },
          ],
        },
      ],
    },
  },
  {
    bug: 'of two copies of an update the second, which found the process deleted since, was told PROCESS_DELETED first',
    plan: {
      seed: 479663645,
      faults: {
        refused: 0.02,
        answerLost: 0,
        late: 0.1,
        partial: 0,
        duplicated: 0.8,
        delayed: 0.1,
        killed: 0.1,
        skewMs: 0,
        indexLagMs: 0,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 100,
              items: [
                {
                  target: 'A',
                  by: 'both',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'FOREIGN',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: true,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 2000,
              items: [
                {
                  target: 'A',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'C',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 100,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              cancelAfterMs: 0,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
        {
          team: 'ours',
          requests: [
            {
              pauseMs: 2000,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'primaryKey',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: true,
                  isInvalid: false,
                },
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
            {
              pauseMs: 60000,
              items: [
                {
                  target: 'A',
                  by: 'id',
                  fields: ['assignedTo'],
                  clears: false,
                  deletes: false,
                  isInvalid: false,
                },
              ],
              isKeyed: false,
              isRetried: false,
              createsProcess: false,
            },
          ],
        },
      ],
    },
  },
];
