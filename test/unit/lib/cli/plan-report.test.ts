import { expect, test } from 'vitest';
import { PlanReport } from '../../../../lib/cli/plan-report.ts';
import type { Entry, PlannedEntry } from '../../../../lib/client/index.ts';

function entry(index: number, plan: Partial<PlannedEntry>, changes: Partial<Entry> = {}): Entry {
  return {
    ...{ index, identifier: { lead_id: `L-${index}` }, processId: null, completionStatus: 'NOT_STARTED' },
    ...{ outcome: null, errors: [], line: index + 2, attempts: 0, completedAt: 0 },
    plan: { completionStatus: 'SUCCESS', outcome: 'APPLIED', errors: [], before: {}, after: {}, ...plan },
    ...changes,
  };
}

const change = (index: number, before: object, after: object, changes: Partial<Entry> = {}) =>
  entry(index, { before: { ...before }, after: { ...after } }, changes);
const failure = (index: number, ...codes: string[]) =>
  entry(index, {
    completionStatus: 'ERROR',
    outcome: null,
    errors: codes.map((code) => ({ code, message: `About ${code}.` }) as Entry['errors'][number]),
  });

function reportOf(limit: number, ...entries: Entry[]): PlanReport {
  const report = new PlanReport(limit);
  for (const each of entries) report.take(each);
  return report;
}

test('rows are counted by what becomes of them, by field and by cause', () => {
  const {
    changes: _rows,
    failures: _failures,
    ...counts
  } = reportOf(
    20,
    change(0, { state: null }, { state: 'NEW' }),
    change(1, { state: 'X', a: 1 }, { state: 'Y', a: 2 }),
    entry(2, { outcome: 'UNCHANGED' }),
    failure(3, 'A', 'A', 'B'),
    failure(4, 'A'),
  ).toJSON();
  expect(counts).toEqual({
    ...{ changed: 2, created: 0, unchanged: 1, failing: 2, creations: [] },
    ...{ fields: { state: 2, a: 1 }, causes: { A: 2, B: 1 } },
  });
});

test('rows that create are told apart from those that change', () => {
  const create = (index: number) =>
    entry(index, {
      outcome: 'CREATED',
      before: { 'data.lead_id': null },
      after: { 'data.lead_id': `L-${index}` },
    });
  const report = reportOf(1, create(0), change(1, { a: 1 }, { a: 2 }), create(2));
  expect(report.toJSON()).toMatchObject({
    ...{ changed: 1, created: 2, unchanged: 0, changes: [{ index: 1 }], creations: [{ index: 0 }] },
  });
  const [counts, , ...tables] = report.paragraphs();
  expect(counts?.split('\n')).toEqual([
    ...['would change      1', 'would be created  2', 'unchanged         0', 'would fail        0'],
  ]);
  expect(tables).toEqual([
    'line  process  field  before  after\n3     L-1      a      1       2',
    'line  would be created  field         value\n2     L-0               data.lead_id  L-0',
    'Not shown: 1 row that would be created. See more with --limit.',
  ]);
});

test('a value reads as what it is, and does not break the table', () => {
  const before = { a: null, b: '', c: ' x', d: '(none)', e: 'a\nb' };
  const after = { a: 5, b: true, c: 'x'.repeat(100), d: { y: 1 }, e: '\u001b[2J' };
  const table = reportOf(20, change(0, before, after))
    .paragraphs()
    .at(-1);
  expect(
    table
      ?.split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/).slice(3)),
  ).toEqual([
    ['(none)', '5'],
    ['""', 'true'],
    ['" x"', `${'x'.repeat(40)}…`],
    ['"(none)"', '{"y":1}'],
    ['a\\u000ab', '\\u001b[2J'],
  ]);
});

test('the first rows of each kind are listed, and how many are not', () => {
  const rows = [0, 1, 2].map((index) => change(index, { a: 1 }, { a: 2 }));
  const report = reportOf(1, ...rows, failure(3, 'A'), failure(4, 'A'));
  expect(report.paragraphs().slice(-3)).toEqual([
    'line  process  field  before  after\n2     L-0      a      1       2',
    'line 5, L-3: About A. (A)',
    'Not shown: 2 rows that would change, 1 row that would fail. See more with --limit.',
  ]);
  expect(report.toJSON()).toMatchObject({ changed: 3, changes: [{ index: 0 }], failures: [{ index: 3 }] });
});

test('rows without a line are told by their number', () => {
  const report = reportOf(1, change(7, { a: 1 }, { a: 2 }, { line: null }));
  expect(report.paragraphs().at(-1)).toBe(
    'index  process  field  before  after\n7      L-7      a      1       2',
  );
});

test.for([null, { index: 0 }, { ...entry(0, {}), plan: { before: {}, after: null } }])(
  '%j is no entry of a plan',
  (listed) => {
    expect(() => new PlanReport(1).take(listed as Entry)).toThrow('other than the entries of a plan');
  },
);
