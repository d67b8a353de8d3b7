import { expect, test } from 'vitest';
import {
  appliedWord,
  bytesText,
  counted,
  durationText,
  entryWords,
  expiryText,
  identifierText,
  jobLineNoun,
  jobName,
  jobWords,
  outcomeText,
  stageTone,
  timeLeftText,
  valueText,
} from '../../../../../lib/console/model/words.ts';
import { entry } from '../../../../support/entry.ts';

test('a count has its noun', () => {
  expect([counted(0, 'row'), counted(1, 'row'), counted(1_000, 'entry', 'entries')]).toEqual([
    '0 rows',
    '1 row',
    '1,000 entries',
  ]);
});

test('a size is told in its unit', () => {
  expect([1, 1_023, 1_024, 5 * 1024 ** 2].map(bytesText)).toEqual([
    '1 byte',
    '1,023 bytes',
    '1 KB',
    '5.0 MB',
  ]);
});

test('a time is told in seconds, or minutes', () => {
  expect([900, 59_900, 61_000].map(durationText)).toEqual(['0.9 s', '59.9 s', '1 min 1 s']);
});

test('an identifier is shown as it was sent', () => {
  expect(identifierText({ identifier: { id: 'a', lead_id: 7 } })).toBe('a · 7');
  expect(identifierText({ identifier: {} })).toBe('(none)');
});

test('the entries of a workbook are at rows, those of any other file at lines', () => {
  expect(['a.xlsx', 'A.XLSM', 'a.csv', null].map((name) => jobLineNoun({ name }))).toEqual([
    ...['Row', 'Row', 'Line', 'Line'],
  ]);
});

test('an outcome is told, and nothing of an entry without one', () => {
  expect(outcomeText(entry(0))).toBe('Changed the process.');
  expect(outcomeText(entry(0, { outcome: null }))).toBe('');
});

test.for([
  [null, undefined],
  [15 * 24, undefined],
  [14 * 24, 'Key expires in 14 days'],
  [25, 'Key expires in 25 hours'],
  [1.5, 'Key expires in 1 hour'],
  [0.01, 'Key expires in 1 minute'],
  [-1, 'Key expires in 0 minutes'],
] as const)('of a key that expires in %s hours it is told: %s', ([hours, text]) => {
  expect(expiryText(hours === null ? null : hours * 3_600_000, 0)).toBe(text);
});

test('a stage with real data looks like no other', () => {
  expect(['prod', 'Production', 'live'].map(stageTone)).toEqual(['bad', 'bad', 'bad']);
  expect([stageTone('local'), stageTone('staging')]).toEqual(['quiet', 'busy']);
});

test('a value is shown in a line, with what nobody sees, and cut', () => {
  expect([null, undefined, 'Goa', 1.5, ['a'], 'a\nb\u00a0'].map(valueText)).toEqual([
    ...['empty', 'empty', 'Goa', '1.5', '["a"]', 'a\\u000ab\\u00a0'],
  ]);
  expect(valueText('x'.repeat(200))).toBe(`${'x'.repeat(100)} …`);
});

test('a job that is completed with failures says so', () => {
  const counts = { SUCCESS: 1, NOT_STARTED: 0, INVALID: 1, ERROR: 1_000, CANCELLED: 0 };
  expect(jobWords({ completionStatus: 'COMPLETED', counts })).toMatchObject({
    ...{ label: 'Completed, 1,001 not applied', tone: 'warn' },
  });
  expect(jobWords({ completionStatus: 'COMPLETED', counts, undoes: 'a' }).label).toBe(
    'Completed, 1,001 not done',
  );
  expect(jobWords({ completionStatus: 'CANCELLED', counts }).label).toBe('Cancelled');
  const applied = { ...counts, INVALID: 0, ERROR: 0 };
  expect(jobWords({ completionStatus: 'COMPLETED', counts: applied }).label).toBe('Completed');
});

test('of an undo nothing is applied', () => {
  expect([appliedWord({}), appliedWord({ undoes: 'a' })]).toEqual(['applied', 'done']);
  expect([entryWords({}).SUCCESS.label, entryWords({ undoes: 'a' }).SUCCESS.label]).toEqual([
    ...['Applied', 'Done'],
  ]);
});

test('a job is called by its name, or by its procedure', () => {
  expect(jobName({ name: 'leads.csv', procedure: 'lead' })).toBe('leads.csv');
  expect(jobName({ name: null, procedure: 'lead' })).toBe('Job of lead');
  const undoes = 'a';
  expect(jobName({ name: 'leads.csv', procedure: 'lead', undoes })).toBe('Undo of leads.csv');
  expect(jobName({ name: null, procedure: 'lead', undoes })).toBe('Undo of a job of lead');
});

test.for([
  [10, 'about 1 s left'],
  [89_000, 'about 89 s left'],
  [150_000, 'about 3 min left'],
  [7_200_000, 'about 2 h left'],
] as const)('%s ms are %s', ([ms, text]) => {
  expect(timeLeftText(ms)).toBe(text);
});
