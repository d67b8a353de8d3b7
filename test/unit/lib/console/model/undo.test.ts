import { describe, expect, test } from 'vitest';
import type { DryRunEntry, Entry } from '../../../../../lib/client/index.ts';
import {
  confirmationText,
  detailsOf,
  fieldName,
  isStandingUndo,
  isUndoable,
  undoKindOf,
  undoLines,
  undoneNoun,
  undoneText,
  undoSummary,
  wordsOfEntry,
} from '../../../../../lib/console/model/undo.ts';
import { dryRunEntry, entry } from '../../../../support/entry.ts';

const reverted = (index: number, fields: Partial<Entry> = {}) =>
  entry(index, { outcome: 'REVERTED', ...fields });
const deleted = (index: number, fields: Partial<DryRunEntry> = {}) =>
  dryRunEntry(index, {
    outcome: 'REVERTED',
    before: { isDeleted: false },
    after: { isDeleted: true },
    ...fields,
  });
const kept = (index: number, fields: Partial<Entry> = {}) => entry(index, { outcome: 'KEPT', ...fields });
const failed = (index: number, code: 'NOT_REVERSIBLE' | 'PROCESS_EXISTS' = 'NOT_REVERSIBLE') =>
  entry(index, {
    ...{ completionStatus: 'ERROR', outcome: null },
    errors: [{ code, message: `${code}!`, pointer: '/processes/0' }],
  });
const textsOf = (entries: Entry[], isDone = false) =>
  undoLines(undoSummary(entries), { isDone }).map(({ text, reasons }) => [text, ...reasons].join(' '));

test.for([
  [reverted(0), 'reverted'],
  [reverted(0, { kept: ['state'] }), 'partly'],
  [deleted(0), 'deleted'],
  [kept(0), 'kept'],
  [entry(0, { outcome: 'UNCHANGED' }), 'unchanged'],
  [failed(0), 'failed'],
  [entry(0, { completionStatus: 'NOT_STARTED', outcome: null }), 'waiting'],
  [entry(0, { completionStatus: 'CANCELLED', outcome: null }), 'cancelled'],
] as const)('%j is %s', ([each, kind]) => {
  expect(undoKindOf(each)).toBe(kind);
});

describe('a summary', () => {
  test('tells each kind of records, dry and done', () => {
    const entries = [
      ...[reverted(0), reverted(1), reverted(2, { kept: ['data.city', 'state'] }), kept(3)],
      ...[entry(4, { outcome: 'UNCHANGED' }), failed(5)],
    ];
    expect(textsOf(entries)).toEqual([
      '2 records go back to what they were before the job.',
      '1 record goes back in part. Newer updates or other systems have changed the rest, which stays: city (1 record), state (1 record).',
      '1 record stays as it is: it has changed since the job.',
      '1 record had nothing to undo: the job had not changed it.',
      '1 record cannot be undone. NOT_REVERSIBLE!',
    ]);
    const cancelled = entry(6, { completionStatus: 'CANCELLED', outcome: null });
    expect(textsOf([...entries, cancelled], true)).toEqual([
      '2 records are as before the job: deleted if the job created them.',
      '1 record is partly as before. Newer updates or other systems have changed the rest, which stays: city (1 record), state (1 record).',
      '1 record stays as it is: it has changed since the job.',
      '1 record had nothing to undo: the job had not changed it.',
      '1 record could not be undone. NOT_REVERSIBLE!',
      '1 record was left, since the undo was cancelled.',
    ]);
  });

  test('speaks of the undo that is undone', () => {
    const [line] = undoLines(undoSummary([reverted(0)]), { isDone: false, undone: 'undo' });
    expect(line?.text).toBe('1 record goes back to what it was before the undo.');
  });

  test('counts a record once, by all of its entries', () => {
    const same = { processId: 'one' };
    const of = (...entries: Entry[]) => undoSummary(entries).records;
    expect(of(reverted(0, same), reverted(1, same))).toMatchObject({ reverted: 1, partly: 0 });
    expect(of(reverted(0, same), kept(1, same))).toMatchObject({ reverted: 0, partly: 1, kept: 0 });
    expect(of(entry(0, { ...same, outcome: 'UNCHANGED' }), kept(1, same))).toMatchObject({ kept: 1 });
    expect(of({ ...failed(0), ...same }, kept(1, same))).toMatchObject({ failed: 1, kept: 0 });
    const unknown = (index: number) => reverted(index, { processId: null, identifier: { lead_id: 'A' } });
    expect(undoSummary([unknown(0), unknown(1), reverted(2)])).toMatchObject({ total: 2, changed: 2 });
  });

  test('tells what the job created, which is deleted', () => {
    expect(textsOf([deleted(0)])).toEqual([
      '1 record is deleted: the job created it, and nobody has changed it since.',
    ]);
    expect(textsOf([deleted(0), deleted(1), reverted(2)])).toEqual([
      '1 record goes back to what it was before the job.',
      '2 records are deleted: the job created them, and nobody has changed them since.',
    ]);
    const [line] = undoLines(undoSummary([deleted(0)]), { isDone: false, undone: 'undo' });
    expect(line?.text).toBe(
      '1 record is deleted: the undo brought it back, and nobody has changed it since.',
    );
    const same = { processId: 'one' };
    const of = (...entries: Entry[]) => undoSummary(entries).records;
    expect(of(deleted(0, same), reverted(1, same))).toMatchObject({ deleted: 1, reverted: 0, partly: 0 });
    expect(of(deleted(0, same), kept(1, same))).toMatchObject({ deleted: 0, partly: 1 });
  });

  test('is confirmed by what it does to the records', () => {
    const textOf = (...entries: Entry[]) => confirmationText(undoSummary(entries), 'job');
    expect(textOf(reverted(0), kept(1))).toBe('1 record gets back the values from before the job');
    expect(textOf(deleted(0), deleted(1))).toBe('2 records are deleted');
    expect(textOf(reverted(0), reverted(1), deleted(2))).toBe(
      '2 records get back the values from before the job, and 1 record is deleted',
    );
  });

  test('names the fields that stay most often, and not all of many', () => {
    const fields = Array.from({ length: 10 }, (_, i) => `data.field${i}`);
    const [text] = textsOf([reverted(0, { kept: fields }), reverted(1, { kept: ['data.field9'] })]);
    expect(text).toMatch(
      /which stays: field9 \(2 records\), field0 .*field6 \(1 record\), and 2 more fields\.$/,
    );
  });

  test('tells each reason with its number of records', () => {
    const [line] = undoLines(undoSummary([failed(0), failed(1), failed(2, 'PROCESS_EXISTS')]), {
      isDone: true,
    });
    expect(line).toMatchObject({
      text: '3 records could not be undone.',
      reasons: ['2 records: NOT_REVERSIBLE!', '1 record: PROCESS_EXISTS!'],
    });
  });
});

test('an entry of an undo is told by what has become of its record', () => {
  const undo = { undoes: 'a' };
  expect(wordsOfEntry({}, kept(0)).label).toBe('Applied');
  expect(wordsOfEntry({}, entry(0, { outcome: 'CREATED' })).label).toBe('Created');
  expect(wordsOfEntry(undo, kept(0)).label).toBe('Left as it is');
  expect(detailsOf({}, entry(0))).toBe('Changed the process.');
  const all = [reverted(0), reverted(0, { kept: ['data.city', 'state'] }), kept(0)];
  expect(
    [...all, entry(0, { outcome: 'UNCHANGED' }), failed(0)].map((each) => detailsOf(undo, each)),
  ).toEqual([
    'The process is as it was before: deleted if it did not exist.',
    'The process is as it was before, but for city, state: changed since.',
    'It has changed since, and stays.',
    'There was nothing to undo.',
    '',
  ]);
});

test('a field is called as people call it, in a line', () => {
  expect(['data.city', 'state', 'data.a\nb'].map(fieldName)).toEqual(['city', 'state', 'a\\u000ab']);
});

test('a job can be undone when it has ended, something was applied, and no undo stands', () => {
  const counts = { SUCCESS: 1, NOT_STARTED: 0, INVALID: 0, ERROR: 0, CANCELLED: 0 };
  const job = { completionStatus: 'COMPLETED', counts } as const;
  expect(isUndoable(job, undefined)).toBe(true);
  expect(isUndoable({ ...job, completionStatus: 'ABORTED' }, undefined)).toBe(true);
  expect(isUndoable({ ...job, completionStatus: 'IN_PROGRESS' }, undefined)).toBe(false);
  expect(isUndoable({ ...job, completionStatus: 'PLANNED' }, undefined)).toBe(false);
  expect(isUndoable({ ...job, counts: { ...counts, SUCCESS: 0 } }, undefined)).toBe(false);
  const undone = { ...job, undoneBy: 'b' };
  expect(isUndoable(undone, undefined)).toBe(false);
  expect(isUndoable(undone, { completionStatus: 'COMPLETED' })).toBe(false);
  expect(isUndoable(undone, { completionStatus: 'CANCELLED' })).toBe(true);
  expect(isUndoable(undone, { completionStatus: 'COMPLETED', undoneBy: 'c' })).toBe(true);
  expect(isStandingUndo({ completionStatus: 'IN_PROGRESS' })).toBe(true);
  expect(isStandingUndo({ completionStatus: 'FAILED' })).toBe(false);
  expect(undoneText(undefined)).toBe('Its undo:');
  expect(undoneText({ completionStatus: 'IN_PROGRESS' })).toBe('Being undone by');
  expect(undoneText({ completionStatus: 'COMPLETED' })).toBe('Undone by');
  expect(undoneText({ completionStatus: 'FAILED' })).toBe('Its undo came to no end:');
  expect(undoneText({ completionStatus: 'COMPLETED', undoneBy: 'c' })).toBe('Its undo was undone itself:');
  expect([undoneNoun({}), undoneNoun({ undoes: 'a' })]).toEqual(['job', 'undo']);
});
