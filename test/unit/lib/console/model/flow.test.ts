import { expect, test } from 'vitest';
import type { Reading } from '../../../../../lambdas/rows/reading.ts';
import type { DryRunEntry, ProcedureView } from '../../../../../lib/client/index.ts';
import { guessedMapping } from '../../../../../lib/console/model/chosen-mapping.ts';
import {
  type Action,
  type Checking,
  type Flow,
  flowAfter,
  type Mapping,
  type Sending,
  START,
} from '../../../../../lib/console/model/flow.ts';
import { correctedRows, mappedRows } from '../../../../../lib/console/model/mapped-rows.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import type { ChosenSource } from '../../../../../lib/console/model/source.ts';
import { dryRunEntry as entry } from '../../../../support/entry.ts';
import { resultOf } from '../../../../support/sliced.ts';

const procedure: ProcedureView = {
  ...{ id: 'p-1', shortId: 'lead', name: 'Lead', primaryKey: 'lead_id', states: ['NEW'] },
  attributes: { lead_id: { type: 'string' }, city: { type: 'string' } },
};

const csv = await readSource(new File(['lead_id,town\nLEAD-1,Goa\nLEAD-2,-\n'], 'leads.csv'));
const json = await readSource(new File(['[{"lead_id":"LEAD-1"}]'], 'leads.json'));
const choice = { procedure: 'lead', file: undefined, text: 'lead_id,town' };
const after = (flow: Flow, ...actions: Action[]) => actions.reduce(flowAfter, flow);
const chosen = (source: ChosenSource, mapping = guessedMapping(source, procedure)) =>
  after(START, { type: 'chosen', choice, procedure, source, mapping });
const mapping = chosen(csv) as Mapping;
const renamed = after(
  mapping,
  { type: 'renamed', position: 1, name: 'city' },
  { type: 'clear marker', text: '-' },
) as Mapping;
const checking = after(renamed, { type: 'mapped', rows: resultOf(mappedRows(renamed)) });
const rowChecks: DryRunEntry[] = [entry(0), entry(1)];
const checked = after(checking, { type: 'tried', entries: rowChecks });
const invalid = entry(1, { completionStatus: 'INVALID', outcome: null });

test('the columns of a CSV are mapped before it is checked, and those of JSON are not', () => {
  expect(mapping).toMatchObject({ step: 'map', names: ['lead_id', ''], clearMarker: '\\N' });
  expect(chosen(json)).toMatchObject({
    ...{ step: 'check', rowChecks: [], rows: [{ line: 1, text: '{"lead_id":"LEAD-1"}' }] },
  });
});

test('what is mapped decides what is checked', () => {
  expect(checking).toMatchObject({
    step: 'check',
    rows: [
      { line: 2, text: '{"lead_id":"LEAD-1","data":{"city":"Goa"}}' },
      { line: 3, text: '{"lead_id":"LEAD-2","data":{"city":null}}' },
    ],
  });
});

test('results come in parts, and checking again goes on with the rows that have none', () => {
  const tried = after(
    checking,
    { type: 'tried', entries: rowChecks.slice(0, 1) },
    { type: 'failed', error: 'no answer' },
  );
  expect(tried).toMatchObject({ rowChecks: [{ index: 0 }], pending: [1], round: 0, error: 'no answer' });
  const again = after(tried, { type: 'try again' });
  expect(again).toMatchObject({ pending: [1], round: 1 });
  expect(again).not.toHaveProperty('error');
  expect(after(again, { type: 'tried', entries: rowChecks.slice(1) })).toMatchObject({
    ...{ rowChecks, pending: [] },
  });
});

test('another choice of what rows do has all rows checked anew, and stays until the next file', () => {
  const failed = after(checked, { type: 'failed', error: 'no answer' });
  const again = after(failed, { type: 'creates', creates: 'missing' });
  expect(again).toMatchObject({ choice: { creates: 'missing' }, rowChecks: [], pending: [0, 1], round: 1 });
  expect(again).not.toHaveProperty('error');
  expect(flowAfter(again, { type: 'send' })).toBe(again);
  const sending = after(again, { type: 'tried', entries: [entry(0), invalid] }, { type: 'send' });
  expect(sending).toMatchObject({
    choice: { creates: 'missing' },
    unsent: { choice: { creates: 'missing' } },
  });
  const back = after(again, { type: 'back' }, { type: 'back' });
  expect(back).toEqual({ step: 'choose', choice: { ...choice, creates: 'missing' } });
  expect(after(again, { type: 'creates', creates: undefined })).toMatchObject({
    choice: { creates: undefined },
  });
});

test('going back keeps what was mapped and what was chosen, and leaves out what came after', () => {
  const back = after(checking, { type: 'back' });
  expect(back).toEqual(renamed);
  expect(after(back, { type: 'back' })).toEqual({ step: 'choose', choice });
  expect(flowAfter(chosen(json), { type: 'back' })).toEqual({
    step: 'choose',
    choice,
  });
});

test('only rows that would be applied are sent, and the others can be corrected afterwards', () => {
  expect(flowAfter(checking, { type: 'send' })).toBe(checking);
  const sending = after(
    checking,
    { type: 'tried', entries: [entry(0), invalid] },
    { type: 'send' },
  ) as Sending;
  expect(sending.rows).toMatchObject([{ line: 2 }]);
  expect(flowAfter(sending, { type: 'correct the rest' })).toBe(sending);
  expect(after(sending, { type: 'all sent' }, { type: 'correct the rest' })).toMatchObject({
    ...{ step: 'check', rows: [{ line: 3 }], rowChecks: [invalid], pending: [] },
    source: { records: [{ line: 3 }] },
  });
});

test('a corrected cell is checked before anything is sent, and stays when the columns are mapped again', () => {
  const wrong = after(checking, { type: 'tried', entries: [entry(0), invalid] }) as Checking;
  const edited = after(wrong, { type: 'edited', position: 1, cells: ['LEAD-2', 'Pune'] }) as Checking;
  expect(flowAfter(edited, { type: 'send' })).toBe(edited);
  const rows = resultOf(correctedRows(edited, edited.corrections));
  const again = after(edited, { type: 'corrected', corrections: edited.corrections, rows });
  expect(again).toMatchObject({
    ...{ pending: [1], round: 1, correctedCells: 1 },
    rows: [{ line: 2 }, { line: 3, text: '{"lead_id":"LEAD-2","data":{"city":"Pune"}}' }],
  });
  expect(after(again, { type: 'tried', entries: [entry(0)] }, { type: 'send' })).toMatchObject({
    ...{ step: 'send', unsent: undefined, rows: [{ line: 2 }, { line: 3 }] },
  });
  for (const left of [edited, again]) {
    const back = flowAfter(left, { type: 'back' }) as Mapping;
    expect(back).toMatchObject({ step: 'map', correctedCells: 1 });
    expect(resultOf(mappedRows(back))[1]?.text).toContain('Pune');
  }
  expect(csv).toMatchObject({ records: [{}, { record: ['LEAD-2', '-'] }] });
});

test('a second click on sending changes nothing, and one after a failure begins anew', () => {
  const sending = after(checked, { type: 'send' });
  expect(sending).toMatchObject({ step: 'send', jobs: [], isBusy: true });
  expect(flowAfter(sending, { type: 'send' })).toBe(sending);
  expect(flowAfter(sending, { type: 'back' })).toBe(sending);
  const job = { id: 'j-1', total: 2, isReplay: false, isPlan: false };
  const failed = after(sending, { type: 'sent', job }, { type: 'failed', error: 'no answer' });
  expect(failed).toMatchObject({ jobs: [job], isBusy: false, error: 'no answer' });
  expect(flowAfter(failed, { type: 'send' })).toEqual(sending);
  expect(flowAfter(failed, { type: 'send', salt: 'again' })).toEqual({ ...sending, salt: 'again' });
  expect(after(sending, { type: 'sent', job }, { type: 'all sent' })).toMatchObject({
    jobs: [job],
    isBusy: false,
  });
  expect(flowAfter(failed, { type: 'start again' })).toBe(START);
});

test('rows are saved as a plan, also when they are saved again', () => {
  expect(after(checked, { type: 'way', isPlan: true }, { type: 'try again' })).toMatchObject({
    isPlan: true,
  });
  const saving = after(checked, { type: 'send', isPlan: true });
  expect(saving).toMatchObject({ isPlan: true, isBusy: true });
  const failed = flowAfter(saving, { type: 'failed', error: 'no answer' });
  expect(flowAfter(failed, { type: 'send', salt: 'again' })).toMatchObject({ isPlan: true, salt: 'again' });
});

test('safeguards are sent with the rows, also with those that are sent again, and may stop them', () => {
  const safeguards = { canary: 1 };
  const sending = after(checked, { type: 'send', safeguards });
  expect(sending).toMatchObject({ safeguards });
  const job = { id: 'j-1', total: 1, isReplay: false, isPlan: false };
  const stopped = after(sending, { type: 'sent', job }, { type: 'aborted' }, { type: 'all sent' });
  expect(stopped).toMatchObject({ jobs: [job], isAborted: true, isBusy: false });
  const again = flowAfter(stopped, { type: 'send', salt: 'again' });
  expect(again).toMatchObject({ safeguards, isAborted: false, isBusy: true });
});

test.for<Action>([{ type: 'send' }, { type: 'tried', entries: [] }, { type: 'all sent' }])(
  '%j of another step changes nothing',
  (action) => {
    expect(flowAfter(START, action)).toBe(START);
    expect(flowAfter(mapping, action)).toBe(mapping);
  },
);

test('how cells are read is decided column by column, and a column of another meaning is undecided again', () => {
  const number: Reading = { number: '1.234,50' };
  const read = after(
    renamed,
    { type: 'read', readings: new Map([[1, number]]) },
    { type: 'read', readings: new Map([[0, {}]]) },
  ) as Mapping;
  expect(read.readings).toEqual(
    new Map<number, Reading>([
      [1, number],
      [0, {}],
    ]),
  );
  expect(after(read, { type: 'renamed', position: 1, name: '' })).toMatchObject({
    readings: new Map([[0, {}]]),
  });
});

test('a mapping that is remembered is forgotten for the one that is guessed', () => {
  const guessed = guessedMapping(csv, procedure);
  const remembered = chosen(csv, { ...guessed, names: ['lead_id', 'city'], isRemembered: true });
  expect(remembered).toMatchObject({ step: 'map', names: ['lead_id', 'city'], isRemembered: true });
  expect(after(remembered, { type: 'forget', mapping: guessed })).toEqual(mapping);
});

test('a cell that is corrected while others are taken over stays to be checked', () => {
  const taken = after(checked, { type: 'edited', position: 1, cells: ['LEAD-2', 'Pune'] }) as Checking;
  const edited = after(taken, { type: 'edited', position: 0, cells: ['LEAD-1', 'Delhi'] });
  const rows = resultOf(correctedRows(taken, taken.corrections));
  expect(after(edited, { type: 'corrected', corrections: taken.corrections, rows })).toMatchObject({
    ...{ pending: [1], corrections: new Map([[0, ['LEAD-1', 'Delhi']]]) },
  });
});
