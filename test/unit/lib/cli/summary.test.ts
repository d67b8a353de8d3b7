import { expect, test } from 'vitest';
import type { Report } from '../../../../lib/cli/file-run.ts';
import {
  type Commands,
  countsTable,
  interruption,
  nextSteps,
  plannedTable,
  refusalLines,
  tableOf,
} from '../../../../lib/cli/summary.ts';

const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };

function report(changes: Partial<Report> = {}): Report {
  const nothing = { planned: undefined, aborted: undefined, failed: undefined };
  return { total: 5_000, sent: 5_000, sentBefore: 0, jobs: ['job-1'], counts, ...nothing, ...changes };
}

const commands: Commands = {
  watch: (jobId) => `bulk-update watch ${jobId}`,
  submit: (path) => `bulk-update submit ${path}`,
  plan: (command, jobId) => `bulk-update ${command} ${jobId}`,
  send: 'the same command without --dry-run',
  resume: undefined,
};

const isWatched = { isWatched: true };

test('counts are a table of those that occur', () => {
  expect(countsTable({ ...counts, SUCCESS: 4_990, ERROR: 7 })).toBe('applied  4,990\nfailed       7');
  expect(countsTable(counts, { isDryRun: true })).toBe('would be applied  0');
});

test('what is created is counted among what is applied', () => {
  expect(countsTable({ ...counts, SUCCESS: 3, ERROR: 1 }, { created: 1 })).toBe(
    'applied    3\n  created  1\nfailed     1',
  );
  expect(countsTable({ ...counts, SUCCESS: 3 }, { isDryRun: true, created: 0 })).toBe(
    'would be applied    3\n  would be created  0',
  );
  expect(plannedTable({ INVALID: 0, SUCCESS: 3, ERROR: 0 }, 2)).toBe(
    'would be applied    3\n  would be created  2',
  );
});

test('a table is aligned, numbers to the right', () => {
  expect(
    tableOf([
      ['a', 'count', 'end'],
      ['long', 1_000, ''],
      ['b', 7, 'x'],
    ]),
  ).toBe(['a     count  end', 'long  1,000', 'b         7  x'].join('\n'));
});

test('an aborted job is told with its figures, and how much was not sent because of it', () => {
  const aborted = {
    status: 'ABORTED' as const,
    id: 'job-1',
    message: 'Stopped: 3 of 100 processed entries failed (3 %); the threshold is 0 %.',
  };
  expect(nextSteps(report({ aborted }), commands, isWatched)).toEqual([
    `The job job-1 is ABORTED. ${aborted.message}`,
  ]);
  expect(nextSteps(report({ aborted, sent: 2_000 }), commands, isWatched)).toEqual([
    `The job job-1 is ABORTED. ${aborted.message}`,
    '3,000 items were not sent. Correct the cause, then send the file again with --resend.',
  ]);
});

test('who did not wait is told how to, for the one job or for all of them', () => {
  const waiting = { ...counts, NOT_STARTED: 5_000 };
  const notWatched = { isWatched: false };
  expect(nextSteps(report({ counts: waiting }), commands, notWatched)).toEqual([
    'See the results: bulk-update watch job-1',
  ]);
  expect(nextSteps(report({ counts: waiting, jobs: ['a', 'b'] }), commands, notWatched)).toEqual([
    'See the results, without sending anything twice: run the same command with --watch',
  ]);
  const resume = 'bulk-update submit a.csv --continue 2026-11-26T02:00:00.000Z';
  const resumed = nextSteps(
    report({ counts: waiting, jobs: ['a', 'b'] }),
    { ...commands, resume },
    notWatched,
  );
  expect(resumed).toEqual([`See the results, without sending anything twice: ${resume} --watch`]);
  expect(nextSteps(report(), commands, isWatched)).toEqual([]);
});

test('the command for the rows that failed is told', () => {
  const failed = { path: 'failed.csv', rows: 5, codes: {} };
  expect(nextSteps(report({ failed, sentBefore: 10 }), commands, isWatched)).toEqual([
    expect.stringContaining('10 items were already accepted in the last 24 hours'),
    'The failed rows (5 of 5,000) are in failed.csv. Correct them and send the file: bulk-update submit failed.csv',
  ]);
});

test.for([
  [1, '1 item was already accepted in the last 24 hours and not sent twice. To send it again, add --resend.'],
  [
    2,
    '2 items were already accepted in the last 24 hours and not sent twice. To send them again, add --resend.',
  ],
] as const)(
  'of %i items that were accepted before it is told how to send them again',
  ([sentBefore, told]) => {
    expect(nextSteps(report({ sentBefore }), commands, isWatched)).toEqual([told]);
  },
);

const UNDONE = { id: 'job-1', by: 'undo-1', isWhole: true };

test('of items whose job was undone it is told that nothing of them is applied', () => {
  const twice = '3 items were already accepted in the last 24 hours and not sent twice.';
  const again = 'To send them again, add --resend.';
  expect(nextSteps(report({ sentBefore: 3, undone: [UNDONE] }), commands, isWatched)).toEqual([
    ...[twice, 'The job job-1 was undone by undo-1. Nothing of it is applied now.', again],
  ]);
  const partly = report({ sentBefore: 3, undone: [{ ...UNDONE, isWhole: false }] });
  expect(nextSteps(partly, commands, isWatched)[1]).toBe(
    'The job job-1 was undone by undo-1. See what was undone: bulk-update watch undo-1',
  );
  const continued = { ...commands, resume: 'bulk-update submit a.csv --continue now' };
  expect(nextSteps(report({ sentBefore: 3, undone: [UNDONE] }), continued, isWatched).at(-1)).toBe(
    'To send the file again, use --resend in place of --continue.',
  );
});

const tried = { isWatched: false, isDryRun: true };

test('after a dry run nothing was sent, and the rows that would not fail are sent first', () => {
  const of = (total: number, rows: number) =>
    nextSteps(
      report({ total, sent: 0, jobs: [], failed: { path: 'failed.csv', rows, codes: {} } }),
      commands,
      tried,
    );
  expect(of(3, 2)).toEqual([
    'Nothing was sent. First send the other row (1 of 3): run the same command without --dry-run. It writes the failed rows to a file again.',
    'The failed rows (2 of 3) are in failed.csv. Then correct them and send that file, too: bulk-update submit failed.csv',
  ]);
  expect(of(3, 1)[0]).toContain('First send the other rows (2 of 3)');
  expect(of(2, 2)).toEqual([
    'Nothing was sent.',
    'The failed rows (2 of 2) are in failed.csv. Correct them and send the file: bulk-update submit failed.csv',
  ]);
  expect(nextSteps(report({ sent: 0, jobs: [] }), commands, tried)).toEqual([
    'Nothing was sent. To send the file, run the same command without --dry-run.',
  ]);
});

test('who sends all rows or none corrects them in the file itself', () => {
  const failed = { path: 'failed.csv', rows: 1, codes: {} };
  const rejecting = { ...tried, isRejecting: true };
  const invalid = report({ total: 3, sent: 0, jobs: [], counts: { ...counts, INVALID: 1 }, failed });
  expect(nextSteps(invalid, commands, rejecting)).toEqual([
    'Nothing was sent, and with --reject-invalid nothing is while a row is invalid. The failed row (1 of 3) is in failed.csv.',
    'Correct it in the file itself, then run the same command without --dry-run.',
  ]);
  const failing = report({ total: 3, sent: 0, jobs: [], counts: { ...counts, ERROR: 1 }, failed });
  expect(nextSteps(failing, commands, rejecting)[0]).toContain('First send the other rows (2 of 3)');
});

test.for<[Partial<Report>, string]>([
  [{ sent: 0, jobs: [] }, 'Nothing was accepted yet. Run the same command again.'],
  [{ sent: 2_000 }, '2,000 of 5,000 items were sent, in 1 job. Run the same command again within 24 hours'],
  [{ jobs: ['a', 'b'] }, 'Everything was sent, in 2 jobs. Run the same command again'],
])('an interruption after %j', ([changes, message]) => {
  expect(interruption(report(changes))).toContain(message);
});

test('what a run of --resend leaves goes on with a command of its own, that sends nothing twice', () => {
  expect(interruption(report({ sent: 2_000 }), 'bulk-update submit a.csv --continue now')).toBe(
    '2,000 of 5,000 items were sent, in 1 job. Continue within 24 hours, and nothing is sent twice: bulk-update submit a.csv --continue now',
  );
});

test('a refused file shows each error with its row, and what to do', () => {
  const error = (code: 'INVALID_VALUE' | 'UPDATE_MISSING', message: string) => ({ code, message });
  const refused = [
    { line: 3, errors: [error('INVALID_VALUE', 'No.'), error('INVALID_VALUE', 'Nor this.')] },
    { line: 7, errors: [error('UPDATE_MISSING', 'Nothing.')] },
  ];
  const two = report({ total: 5_000, counts: { ...counts, INVALID: 2 }, refused });
  expect(refusalLines(two, 'Line')).toEqual([
    'Nothing was sent: 2 of 5,000 rows are invalid.',
    'Line 3: No. (INVALID_VALUE)',
    'Line 3: Nor this. (INVALID_VALUE)',
    'Line 7: Nothing. (UPDATE_MISSING)',
    'Correct them, and run the same command again.',
  ]);
  const more = report({ total: 5_000, counts: { ...counts, INVALID: 3 }, refused });
  expect(refusalLines(more, 'Line')).toContain('These are the first 3 errors.');
  const one = report({ total: 1, counts: { ...counts, INVALID: 1 }, refused: refused.slice(1) });
  expect(refusalLines(one, 'Row')).toEqual([
    'Nothing was sent: 1 of 1 row is invalid.',
    'Row 7: Nothing. (UPDATE_MISSING)',
    'Correct it, and run the same command again.',
  ]);
});

test('who has planned is told how to go on, for one plan or for several in their order', () => {
  const planned = { INVALID: 0, SUCCESS: 1, ERROR: 0 };
  const waiting = { counts: { ...counts, NOT_STARTED: 5_000 }, planned };
  const steps = nextSteps(report(waiting), commands, { isWatched: false });
  expect(steps.slice(1)).toEqual([
    'Look at it: bulk-update plan job-1',
    'Apply it: bulk-update approve job-1',
    'Discard it: bulk-update cancel job-1',
  ]);
  const several = nextSteps(report({ ...waiting, jobs: ['a', 'b'] }), commands, { isWatched: false });
  expect(several.slice(1, 5)).toEqual([
    'The file has 2 requests, and each is a plan of its own. Approve them in the order of the file:',
    ...['  a', '  b', 'Look at each: bulk-update plan JOB'],
  ]);
});

test('the same command writes the failed rows of a file job, which a watch does not', () => {
  const upload = { uploaded: 5, size: 5 };
  const waiting = { ...counts, NOT_STARTED: 5_000 };
  expect(nextSteps(report({ upload, counts: waiting }), commands, { isWatched: false })).toEqual([
    'See the results, without sending anything twice: run the same command with --watch',
  ]);
});

test('a file that could not be read to its end is told with the reason', () => {
  const aborted = { id: 'job-1', status: 'FAILED', message: 'Line 7 is not valid.' } as const;
  expect(nextSteps(report({ aborted }), commands, isWatched)).toEqual([
    'The job job-1 is FAILED. Line 7 is not valid.',
  ]);
});

test('an upload that stopped half-way tells how far it is, and how to go on', () => {
  const stopped = report({ sent: 0, jobs: [], upload: { uploaded: 32_000_000, size: 50_100_000 } });
  expect(interruption(stopped)).toBe(
    '32 of 51 MB are uploaded, and nothing is applied yet. Run the same command again within 24 hours, and it goes on there.',
  );
  expect(interruption(stopped, 'bulk-update submit a.csv --continue X')).toBe(
    '32 of 51 MB are uploaded, and nothing is applied yet. Go on within 24 hours: bulk-update submit a.csv --continue X',
  );
  const unbegun = report({ sent: 0, jobs: [], upload: { uploaded: 0, size: 50 } });
  expect(interruption(unbegun)).toBe('Nothing was accepted yet. Run the same command again.');
});
