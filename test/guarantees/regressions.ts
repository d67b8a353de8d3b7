import { CALM, type ItemPlan, type Plan, type RequestPlan } from './simulation/plan.ts';

/** The plainest item that a schedule made small has; a regression names what it has otherwise. */
const item = (changes: Partial<ItemPlan> = {}): ItemPlan => ({
  target: 'A',
  by: 'id',
  fields: ['assignedTo'],
  clears: false,
  deletes: false,
  isInvalid: false,
  ...changes,
});

const request = (items: ItemPlan[], changes: Partial<RequestPlan> = {}): RequestPlan => ({
  pauseMs: 0,
  items,
  isKeyed: false,
  cancelsAfterMs: [],
  isRetried: false,
  createsProcess: false,
  counter: 'kept',
  safeguards: {},
  ...changes,
});

type Written = Omit<Plan, 'others'> & Partial<Pick<Plan, 'others'>>;

const SHOWN: { bug: string; plan: Written }[] = [
  {
    bug: 'the key of a request whose acceptance failed unclear was given back, and the request accepted twice',
    plan: {
      seed: 853161202,
      faults: {
        ...CALM,
        refused: 0.3,
        answerLost: 0.2,
        late: 0.01,
        duplicated: 0.8,
        killed: 0.1,
        indexLagMs: 1500,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item(), item({ target: 'B', by: 'primaryKey' })], { pauseMs: 60000 }),
            request([item()], { pauseMs: 2000 }),
          ],
        },
        {
          team: 'theirs',
          requests: [
            request([item({ by: 'primaryKey' })]),
            request([item({ target: 'B', by: 'primaryKey' }), item({ target: 'B' })], {
              pauseMs: 60000,
              isKeyed: true,
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'entries called NOT_QUEUED or CANCELLED that had been applied',
    plan: {
      seed: -770406300,
      faults: { ...CALM, refused: 0.02, late: 0.01, duplicated: 0.1, killed: 0.6, indexLagMs: 200 },
      clients: [
        {
          team: 'ours',
          requests: [request([item({ by: 'both' })]), request([item()], { cancelsAfterMs: [0] })],
        },
      ],
    },
  },
  {
    bug: "another team's update with the same order number taken for the entry's own",
    plan: {
      seed: -235847043,
      faults: { ...CALM, refused: 0.3, late: 0.01, skewMs: 1000, indexLagMs: 200 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ target: 'FOREIGN' })], { isKeyed: true, cancelsAfterMs: [0] }),
            request([item({ by: 'both' })]),
          ],
        },
        { team: 'theirs', requests: [request([item()], { pauseMs: 100, isKeyed: true })] },
      ],
    },
  },
  {
    bug: 'an update applied after its job had ended as cancelled',
    plan: {
      seed: 0,
      faults: { ...CALM, delayed: 0.8 },
      clients: [
        { team: 'ours', requests: [request([item(), item()], { cancelsAfterMs: [0] }), request([item()])] },
      ],
    },
  },
  {
    bug: 'an update applied after it had ended as NOT_QUEUED',
    plan: {
      seed: -1753900188,
      faults: { ...CALM, answerLost: 0.2, delayed: 0.8, killed: 0.6, skewMs: 100, indexLagMs: 200 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item(), item()], { isKeyed: true }),
            request([item()], { pauseMs: 2000 }),
            request([item()], { isKeyed: true, isRetried: true }),
          ],
        },
      ],
    },
  },
  {
    bug: 'a header written again, because the answer was lost, erased the end of the job',
    plan: {
      seed: -1368812699,
      faults: { ...CALM, late: 0.1, partial: 0.5, delayed: 0.1, killed: 0.1 },
      clients: [{ team: 'ours', requests: [request([item()]), request([item({ target: 'FOREIGN' })])] }],
    },
  },
  {
    bug: 'a primary key called missing by one copy of a message, and found by the next',
    plan: {
      seed: 0,
      faults: { ...CALM, answerLost: 0.02, partial: 0.05, delayed: 0.1, indexLagMs: 1500 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ target: 'FRESH', by: 'primaryKey' })], {
              cancelsAfterMs: [0],
              createsProcess: 'before',
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'of two copies of an update the second, which found the process deleted since, was told PROCESS_DELETED first',
    plan: {
      seed: 479663645,
      faults: { ...CALM, refused: 0.02, late: 0.1, duplicated: 0.8, delayed: 0.1, killed: 0.1 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ by: 'both' }), item({ target: 'FOREIGN' }), item({ by: 'primaryKey' })], {
              pauseMs: 100,
              isKeyed: true,
            }),
            request([item({ by: 'primaryKey' }), item({ target: 'C', by: 'primaryKey' }), item(), item()], {
              pauseMs: 2000,
            }),
            request([item()], { pauseMs: 100, cancelsAfterMs: [0] }),
          ],
        },
        {
          team: 'ours',
          requests: [
            request([item(), item({ by: 'primaryKey', deletes: true }), item()], { pauseMs: 2000 }),
            request([item()], { pauseMs: 60000 }),
          ],
        },
      ],
    },
  },
  {
    bug: 'an attribute that another system wrote while an update was merged was lost',
    plan: {
      seed: -10,
      faults: { ...CALM, answerLost: 0.02, throttled: 0.3, skewMs: 1000, indexLagMs: 200 },
      clients: [
        {
          team: 'ours',
          requests: [request([item({ target: 'B', fields: ['data.city'] })], { createsProcess: 'before' })],
        },
        {
          team: 'ours',
          requests: [
            request([item({ by: 'primaryKey', fields: ['state'] })]),
            request([item({ by: 'both', fields: ['state'] })], { createsProcess: 'before' }),
          ],
        },
      ],
      others: [
        { team: 'ours', target: 'B', writes: 'note', pausesMs: [100, 100] },
        { team: 'ours', target: 'A', writes: 'note', pausesMs: [100] },
      ],
    },
  },
  {
    bug: 'after its counter was lost, a request came before those that had been acknowledged, and its updates vanished',
    plan: {
      seed: 0,
      faults: {
        ...CALM,
        refused: 0.02,
        answerLost: 0.02,
        late: 0.01,
        partial: 0.05,
        duplicated: 0.8,
        delayed: 0.1,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ target: 'FOREIGN', fields: ['state'] })], {
              pauseMs: 100,
              cancelsAfterMs: [0],
              createsProcess: 'before',
              counter: 'lost',
            }),
          ],
        },
        {
          team: 'ours',
          requests: [
            request([item({ fields: ['state'] })]),
            request([item({ target: 'FOREIGN', fields: ['state'] })]),
          ],
        },
      ],
      others: [{ team: 'ours', target: 'A', writes: 'newest', pausesMs: [0] }],
    },
  },
  {
    bug: 'an update that was refused for the state was applied by a later copy',
    plan: {
      seed: 4,
      faults: { ...CALM, refused: 0.3, late: 0.01, delayed: 0.1, killed: 0.1, throttled: 0.02 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item(),
                item({ by: 'both', fields: ['nextActionAt', 'state'] }),
                item({ target: 'FOREIGN', fields: ['state'] }),
              ],
              { createsProcess: 'before' },
            ),
            request([item({ fields: ['state'] })], { counter: 'lost' }),
          ],
        },
      ],
    },
  },
  {
    bug: 'a copy of a refused update was applied by a write that did not look at the process',
    plan: {
      seed: 0,
      faults: { ...CALM, refused: 0.02, answerLost: 0.02, delayed: 0.8 },
      clients: [
        {
          team: 'ours',
          requests: [request([item({ fields: ['state'] }), item({ fields: ['state'] })], { isKeyed: true })],
        },
      ],
      others: [{ team: 'ours', target: 'A', writes: 'note', pausesMs: [0] }],
    },
  },
  {
    bug: 'a second cancellation moved the time of the first, and kept the job open',
    plan: {
      seed: 0,
      faults: { ...CALM, refused: 0.02, duplicated: 0.1, delayed: 0.1 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ fields: ['state'] })], {
              pauseMs: 60000,
              isKeyed: true,
              cancelsAfterMs: [0, 5000],
              createsProcess: 'before',
            }),
          ],
        },
      ],
      procedureChange: { afterMs: 5000, forMs: 120000, to: 'malformed' },
    },
  },
  {
    bug: 'a job was COMPLETED that had cancelled entries',
    plan: {
      seed: 0,
      faults: { ...CALM, refused: 0.02, late: 0.1, duplicated: 0.8, throttled: 0.3, skewMs: 100 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ fields: ['state'] }), item({ fields: ['state'] })], {
              isKeyed: true,
              cancelsAfterMs: [0],
            }),
          ],
        },
      ],
      procedureChange: { afterMs: 50, forMs: 120000, to: 'withoutCity' },
    },
  },
  {
    bug: 'an update was called failed that a function had applied before it was killed',
    plan: {
      seed: 2147483506,
      faults: { ...CALM, refused: 0.3, late: 0.01, killed: 0.6, throttled: 0.3 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([
              item({ by: 'primaryKey', fields: ['state'] }),
              item({ fields: ['state'] }),
              item({ fields: ['state'] }),
            ]),
            request([item({ fields: ['state'] })], { cancelsAfterMs: [0] }),
          ],
        },
      ],
    },
  },
  {
    bug: 'an outage used up the receives of an update, and it died',
    plan: {
      seed: 0,
      faults: { ...CALM, refused: 0.3, partial: 0.05, indexLagMs: 200 },
      clients: [{ team: 'ours', requests: [request([item({ fields: ['state'] })])] }],
      outage: { afterMs: 2000, forMs: 1200000 },
    },
  },
  {
    bug: 'a retried update came after those that were newer than the first attempt',
    plan: {
      seed: 0,
      faults: { ...CALM, answerLost: 0.02, late: 0.01, partial: 0.8, duplicated: 0.8 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ fields: ['state'] })], { createsProcess: 'before' }),
            request([item({ fields: ['nextActionAt'] }), item({ fields: ['nextActionAt', 'state'] })], {
              isRetried: true,
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'an update that was applied was told SUPERSEDED by its second copy',
    plan: {
      seed: 0,
      faults: {
        ...CALM,
        refused: 0.02,
        answerLost: 0.2,
        duplicated: 0.1,
        killed: 0.6,
        throttled: 0.02,
        skewMs: 100,
        indexLagMs: 200,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [item({ target: 'B', fields: ['state'] }), item({ fields: ['state'], isInvalid: true })],
              { isKeyed: true },
            ),
          ],
        },
      ],
      others: [
        { team: 'ours', target: 'A', writes: 'note', pausesMs: [0, 0, 50] },
        { team: 'ours', target: 'A', writes: 'note', pausesMs: [0] },
      ],
    },
  },
  {
    bug: 'an update of a job that broke off was applied after its first copy had failed, and nobody noticed',
    plan: {
      seed: 11139,
      faults: { ...CALM, duplicated: 0.8, delayed: 0.8, killed: 0.7 },
      clients: [
        { team: 'ours', requests: [request([item({ target: 'FRESH' })], { createsProcess: 5_000 })] },
      ],
    },
  },
  {
    bug: 'what a dead update came to was told by the entries of a job that had ended, and not by its counts',
    plan: {
      seed: 33387,
      faults: { ...CALM, duplicated: 0.8, delayed: 0.8, killed: 0.4, throttled: 0.6 },
      clients: [
        { team: 'ours', requests: [request([item({ target: 'FRESH' })], { createsProcess: 5_000 })] },
      ],
    },
  },
  {
    bug: 'an entry that was not queued was told as applied when its retry had been',
    plan: {
      seed: -2146435053,
      faults: { ...CALM, answerLost: 0.2, late: 0.1, stalled: 0.01, partial: 0.8 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'C', by: 'primaryKey', fields: ['state'] }),
                item({ by: 'primaryKey', fields: ['state'] }),
                item({ fields: ['state'] }),
                item({ target: 'B', fields: ['state'] }),
              ],
              { isKeyed: true },
            ),
            request([item({ fields: ['data.city'] }), item({ fields: ['state'] })], {
              pauseMs: 2000,
              cancelsAfterMs: [0],
              isRetried: true,
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'a job was aborted by failures beyond its canary: its header was older than the results that were read with it',
    plan: {
      seed: -934962860,
      faults: { ...CALM, answerLost: 0.2, stalled: 0.05, delayed: 0.1, indexLagMs: 1500 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({
                  by: 'primaryKey',
                  fields: ['data.city', 'nextActionAt', 'state'],
                  deletes: true,
                  expects: 'version',
                }),
                item({ by: 'both', fields: ['data.score', 'nextActionAt'] }),
              ],
              { isKeyed: true },
            ),
            request([item({ target: 'FOREIGN', by: 'primaryKey', fields: ['data.score', 'data.city'] })], {
              safeguards: { canary: 2 },
            }),
            request(
              [
                item({ by: 'primaryKey', fields: ['state', 'assignedTo'] }),
                item({ by: 'primaryKey', fields: ['data.city', 'nextActionAt'] }),
                item({ target: 'FOREIGN', fields: ['nextActionAt', 'state', 'assignedTo'], clears: true }),
              ],
              { pauseMs: 60000, safeguards: { canary: 1 } },
            ),
          ],
        },
      ],
      others: [{ team: 'ours', target: 'A', writes: 'newest', pausesMs: [10] }],
    },
  },
  {
    bug: 'the undo of an undo came after a second undo of the job, which had found nothing to do, and won over it',
    plan: {
      seed: 611308541,
      faults: { ...CALM, answerLost: 0.2, late: 0.01, stalled: 0.01, duplicated: 0.1, killed: 0.1 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'FRESH', fields: ['state'] }),
                item({ target: 'C', by: 'primaryKey', fields: ['state'] }),
              ],
              { cancelsAfterMs: [0, 0, 0], createsProcess: 'before' },
            ),
            request(
              [
                item({ by: 'both', fields: ['state'], expects: 'nextVersion' }),
                item({ target: 'FOREIGN', fields: ['state'] }),
                item({ target: 'C', by: 'both', fields: ['state'] }),
                item({ target: 'C', fields: ['data.score'], expects: 'note' }),
              ],
              {
                undoes: [
                  { afterMs: 0, of: 'job' },
                  { afterMs: 60000, of: 'undo' },
                  { afterMs: 500, of: 'job' },
                ],
              },
            ),
            request([item({ target: 'FOREIGN', fields: ['state'] })], {
              isKeyed: true,
              cancelsAfterMs: [50],
              safeguards: { canary: 1 },
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'a copy of an update that was told to be superseded was judged again when the newer one had been undone',
    plan: {
      seed: -709568611,
      faults: { ...CALM, refused: 0.02, duplicated: 0.1, delayed: 0.1, skewMs: 1000, indexLagMs: 200 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([item({ fields: ['state'] })], {
              pauseMs: 60000,
              safeguards: { abortOn: { errorPercent: 0, after: 1 } },
              undoes: [{ afterMs: 0, of: 'job' }],
            }),
            request([item({ fields: ['state'] })], {
              safeguards: { abortOn: { errorPercent: 0, after: 1 } },
              undoes: [{ afterMs: 0, of: 'job' }],
            }),
          ],
        },
        {
          team: 'ours',
          requests: [request([item({ fields: ['state'] })], { pauseMs: 60000, safeguards: { canary: 1 } })],
        },
      ],
    },
  },
  {
    bug: 'a copy of an update that was told to be superseded won when the newer one had been undone',
    plan: {
      seed: 0,
      faults: {
        ...CALM,
        late: 0.01,
        stalled: 0.01,
        delayed: 0.1,
        killed: 0.6,
        throttled: 0.02,
        skewMs: 100,
        indexLagMs: 1500,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ by: 'primaryKey', fields: ['state'] }),
                item({ target: 'B', by: 'primaryKey', fields: ['state'] }),
              ],
              {
                pauseMs: 100,
                cancelsAfterMs: [0],
                safeguards: { canary: 1, abortOn: { errorPercent: 0, after: 1 } },
                approvesAfterMs: [],
              },
            ),
            request(
              [item({ target: 'C', by: 'both', fields: ['state'] }), item({ by: 'both', fields: ['state'] })],
              { undoes: [{ afterMs: 0, of: 'job' }] },
            ),
          ],
        },
        {
          team: 'ours',
          requests: [
            request([item({ target: 'C', fields: ['state'] })], {
              pauseMs: 100,
              isKeyed: true,
              safeguards: { canary: 1 },
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'an update that was given up, and sent again, counted as one that had its result, and lost to an undone one',
    plan: {
      seed: -2125581827,
      faults: {
        ...CALM,
        refused: 0.02,
        answerLost: 0.02,
        late: 0.1,
        stalled: 0.01,
        delayed: 0.1,
        throttled: 0.3,
        skewMs: 1000,
        indexLagMs: 200,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'C', by: 'both', fields: ['state'], isInvalid: true }),
                item({ by: 'primaryKey', fields: ['data.city', 'nextActionAt', 'assignedTo'] }),
                item({ target: 'B', fields: ['data.city', 'data.score'] }),
              ],
              {
                pauseMs: 2000,
                isKeyed: true,
                safeguards: { canary: 3, abortOn: { errorPercent: 30, after: 2 } },
                undoes: [
                  { afterMs: 60000, of: 'undo' },
                  { afterMs: 60000, of: 'job' },
                ],
              },
            ),
          ],
        },
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'B', by: 'primaryKey', fields: ['state', 'data.city', 'assignedTo'] }),
                item({ target: 'FOREIGN', by: 'both', fields: ['assignedTo'] }),
                item({ by: 'primaryKey', fields: ['assignedTo'] }),
              ],
              { isKeyed: true, isRetried: true, undoes: [{ afterMs: 60000, of: 'undo' }] },
            ),
            request(
              [
                item({ fields: ['state'] }),
                item({ target: 'FOREIGN', by: 'primaryKey', fields: ['assignedTo'] }),
                item({ target: 'B', by: 'primaryKey', fields: ['nextActionAt', 'data.score', 'state'] }),
              ],
              {
                pauseMs: 60000,
                isKeyed: true,
                cancelsAfterMs: [5000],
                safeguards: { canary: 3, abortOn: { errorPercent: 50, after: 3 } },
                undoes: [
                  { afterMs: 60000, of: 'job' },
                  { afterMs: 0, of: 'undo' },
                ],
              },
            ),
          ],
        },
      ],
      others: [
        { team: 'ours', target: 'C', writes: 'note', pausesMs: [100] },
        { team: 'ours', target: 'B', writes: 'note', pausesMs: [10, 50, 50, 2000] },
      ],
    },
  },
  {
    bug: 'an update that was told of a deletion was applied when the deletion had been undone, and the process deleted again',
    plan: {
      seed: -689159423,
      faults: { ...CALM, answerLost: 0.02, stalled: 0.01, delayed: 0.1, killed: 0.6 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'C', by: 'mismatch', fields: ['state'] }),
                item({ target: 'C', fields: ['data.city', 'assignedTo'], deletes: true }),
                item({ fields: ['state'], deletes: true }),
              ],
              {
                pauseMs: 100,
                isKeyed: true,
                isRetried: true,
                undoes: [
                  { afterMs: 60000, of: 'undo' },
                  { afterMs: 60000, of: 'job' },
                ],
              },
            ),
            request([item({ by: 'primaryKey', fields: ['nextActionAt', 'assignedTo', 'data.city'] })], {
              pauseMs: 60000,
              isRetried: true,
              safeguards: { abortOn: { errorPercent: 0, after: 1 } },
            }),
            request(
              [
                item({ fields: ['data.city', 'nextActionAt'], clears: true }),
                item({
                  target: 'C',
                  by: 'primaryKey',
                  fields: ['data.score', 'data.city', 'state'],
                  clears: true,
                  isInvalid: true,
                }),
                item({ fields: ['state', 'nextActionAt'], deletes: true }),
              ],
              {
                safeguards: { abortOn: { errorPercent: 50, after: 1 } },
                undoes: [
                  { afterMs: 5000, of: 'job' },
                  { afterMs: 0, of: 'undo' },
                ],
              },
            ),
          ],
        },
      ],
      others: [
        { team: 'ours', target: 'C', writes: 'note', pausesMs: [2000, 10] },
        { team: 'ours', target: 'C', writes: 'newest', pausesMs: [30, 50, 50, 30] },
      ],
    },
  },
  {
    bug: 'the result of a second copy hid what the first had found, and an update could not be undone',
    plan: {
      seed: 3046,
      faults: { ...CALM, duplicated: 0.8 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ fields: ['assignedTo'] }),
                item({ fields: ['state'] }),
                item({ by: 'primaryKey', fields: ['nextActionAt'], expects: 'note' }),
              ],
              {
                isRetried: true,
                undoes: [
                  { afterMs: 5000, of: 'job' },
                  { afterMs: 0, of: 'undo' },
                ],
              },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'an update was written on another value than the one that it expected',
    plan: {
      seed: 1800478422,
      faults: CALM,
      clients: [
        { team: 'ours', requests: [request([item({ fields: ['data.city'], expects: 'note' })])] },
        {
          team: 'ours',
          requests: [
            request([
              item({ by: 'primaryKey', fields: ['assignedTo'] }),
              item({ fields: ['assignedTo', 'data.score'] }),
              item({ fields: ['data.score'] }),
            ]),
          ],
        },
      ],
      others: [{ team: 'ours', target: 'A', writes: 'note', pausesMs: [216] }],
    },
  },
  {
    bug: 'two updates with preconditions were decided together, and what one had found was lost',
    plan: {
      seed: 3046,
      faults: CALM,
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ fields: ['assignedTo'], expects: 'note' }),
                item({ fields: ['data.score'], expects: 'note' }),
              ],
              { undoes: [{ afterMs: 500, of: 'job' }] },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'an update that expects something was written by a second receive, though it had been told that there is no process',
    plan: {
      seed: 4059,
      faults: { ...CALM, killed: 0.6 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'FRESH' }),
                item({ target: 'FRESH', by: 'primaryKey', fields: ['data.city'], expects: 'note' }),
                item({ target: 'FRESH', fields: ['nextActionAt'], expects: 'note' }),
                item({ target: 'FRESH', fields: ['data.score'] }),
              ],
              { createsProcess: 5000, undoes: [{ afterMs: 0, of: 'job' }] },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'an entry that was planned to fail was told as cancelled, and then as failed by a slow job check',
    plan: {
      seed: 106978434,
      faults: { ...CALM, refused: 0.02, stalled: 0.05, duplicated: 0.1, delayed: 0.1 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'B', by: 'primaryKey', fields: ['data.score'], expects: 'note' }),
                item({ fields: ['data.city'], expects: 'version' }),
              ],
              { safeguards: { canary: 1, abortOn: { errorPercent: 99, after: 1 } } },
            ),
            request(
              [
                item({ target: 'B', by: 'both', fields: ['assignedTo', 'data.city'] }),
                item({ target: 'B', by: 'primaryKey', fields: ['nextActionAt'] }),
              ],
              {
                pauseMs: 100,
                isKeyed: true,
                undoes: [
                  { afterMs: 500, of: 'job' },
                  { afterMs: 5000, of: 'job' },
                  { afterMs: 60000, of: 'job' },
                ],
              },
            ),
            request(
              [
                item({ target: 'C', by: 'primaryKey', fields: ['nextActionAt'] }),
                item({ target: 'C', by: 'mismatch', fields: ['data.city', 'assignedTo'] }),
              ],
              { isKeyed: true, cancelsAfterMs: [5000], approvesAfterMs: [60000, 5000, 0] },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'a copy of an update that had its result was told SUPERSEDED, by a clock that was behind before it',
    plan: {
      seed: -1302481377,
      faults: {
        ...CALM,
        late: 0.01,
        stalled: 0.01,
        duplicated: 0.8,
        killed: 0.1,
        throttled: 0.02,
        skewMs: 100,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'C', by: 'primaryKey', fields: ['nextActionAt'] }),
                item(),
                item({ by: 'primaryKey', fields: ['data.city', 'state'] }),
              ],
              {
                pauseMs: 100,
                isKeyed: true,
                isRetried: true,
                undoes: [
                  { afterMs: 60000, of: 'undo' },
                  { afterMs: 500, of: 'job' },
                ],
              },
            ),
          ],
        },
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'FOREIGN' }),
                item({ fields: ['state'] }),
                item({ by: 'primaryKey', fields: ['data.city'] }),
              ],
              {
                isKeyed: true,
                safeguards: { abortOn: { errorPercent: 99, after: 2 } },
                undoes: [{ afterMs: 500, of: 'job' }],
              },
            ),
            request(
              [
                item({ target: 'FRESH', by: 'both', fields: ['state'] }),
                item({ target: 'C', by: 'primaryKey', fields: ['state'], expects: 'version' }),
              ],
              { pauseMs: 2000 },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'an update that was accepted before a create deleted the process that was created since',
    plan: {
      seed: 68921717,
      faults: { ...CALM },
      clients: [
        {
          team: 'theirs',
          requests: [
            request([item({ target: 'NEW2', by: 'primaryKey', fields: ['data.score'], deletes: true })]),
            request(
              [
                item({ target: 'NEW2', by: 'primaryKey', fields: ['state'] }),
                item({ target: 'NEW2', by: 'both', fields: ['nextActionAt'] }),
              ],
              { kind: 'upsert', pauseMs: 2000 },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'a create that a later update of its batch overtook was told SUPERSEDED by a copy',
    plan: {
      seed: 437854027,
      faults: { ...CALM, late: 0.1 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'NEW1', by: 'primaryKey', fields: ['data.score'] }),
                item({ target: 'NEW1', fields: ['data.score'] }),
              ],
              { kind: 'upsert', pauseMs: 2000 },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'a late copy of a create changed the process that was created after its own one was deleted',
    plan: {
      seed: 836049542,
      faults: { ...CALM },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'NEW1', by: 'primaryKey', fields: ['state'] }),
                item({ target: 'NEW1', by: 'primaryKey', fields: ['state'], deletes: true }),
                item({ target: 'NEW1', by: 'primaryKey', fields: ['nextActionAt'] }),
              ],
              { kind: 'upsert' },
            ),
          ],
        },
      ],
    },
  },
  {
    bug: 'a late copy of an upsert was applied to the process that was created after the one it had changed was deleted',
    plan: {
      seed: 577745627,
      faults: { ...CALM, stalled: 0.05 },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'NEW3', by: 'primaryKey', deletes: true }),
                item({ target: 'NEW3', by: 'primaryKey', fields: ['data.score'] }),
              ],
              { kind: 'upsert', pauseMs: 2000 },
            ),
          ],
        },
        {
          team: 'ours',
          requests: [
            request([item({ target: 'NEW3', by: 'primaryKey', fields: ['nextActionAt'] })], {
              kind: 'upsert',
              pauseMs: 100,
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'a copy of a deletion told that there was no process, since another one had been created meanwhile',
    plan: {
      seed: 218030756,
      faults: { ...CALM, stalled: 0.01, delayed: 0.1, throttled: 0.02, indexLagMs: 1500 },
      clients: [
        {
          team: 'ours',
          requests: [
            request([
              item({ target: 'NEW3', by: 'primaryKey', fields: ['state'], deletes: true }),
              item({ target: 'NEW3', by: 'primaryKey', fields: ['data.score'] }),
            ]),
          ],
        },
        {
          team: 'ours',
          requests: [
            request([item({ target: 'NEW3', by: 'primaryKey', fields: ['data.city'] })], {
              kind: 'upsert',
              pauseMs: 2000,
            }),
          ],
        },
      ],
    },
  },
  {
    bug: 'Copies of a guarded update append its result again each time, until the results cannot be read any more',
    plan: {
      seed: -1045227247,
      faults: {
        ...CALM,
        refused: 0.3,
        answerLost: 0.2,
        late: 0.1,
        stalled: 0.01,
        throttled: 0.02,
        skewMs: 100,
      },
      clients: [
        {
          team: 'ours',
          requests: [
            request(
              [
                item({ target: 'FOREIGN' }),
                item({
                  target: 'B',
                  by: 'primaryKey',
                  fields: ['data.city', 'data.score', 'state'],
                  expects: 'note',
                }),
                item({ target: 'B', by: 'primaryKey', fields: ['data.score'] }),
                item(),
              ],
              {
                isKeyed: true,
                isRetried: true,
                approvesAfterMs: [60000, 200],
                undoes: [
                  { afterMs: 0, of: 'job' },
                  { afterMs: 60000, of: 'undo' },
                  { afterMs: 60000, of: 'job' },
                ],
              },
            ),
          ],
        },
      ],
      others: [{ team: 'ours', target: 'A', writes: 'newest', pausesMs: [0, 50] }],
    },
  },
];

/** Schedules that showed a bug, each made as small as it gets; of none may come a violation again. */
export const REGRESSIONS: { bug: string; plan: Plan }[] = SHOWN.map(({ bug, plan }) => ({
  bug,
  plan: { others: [], ...plan },
}));
