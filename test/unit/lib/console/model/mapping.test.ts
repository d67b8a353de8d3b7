import { expect, test } from 'vitest';
import type { ProcedureView } from '../../../../../lib/client/index.ts';
import {
  columnsOf,
  mappingFaults,
  meaningsOf,
  sentText,
  shownColumns,
} from '../../../../../lib/console/model/mapping.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';

const procedure: ProcedureView = {
  ...{ id: 'p-1', shortId: 'lead', name: 'Lead', primaryKey: 'lead_id', states: ['NEW'] },
  attributes: {
    lead_id: { type: 'string' },
    first_name: { type: 'string' },
    phone_number: { type: 'phone' },
    city: { type: 'string' },
    size: { type: 'integer' },
    state: { type: 'string' },
  },
};

test('how many columns are sent is told', () => {
  expect(sentText(columnsOf(['lead_id', '', 'city'], procedure), 3)).toBe('2 of 3 columns are sent.');
  expect(sentText(columnsOf(['lead_id', ''], procedure), 2)).toBe('1 of 2 columns is sent.');
});

test('a column is read as the user has decided, if its meaning can be read so', () => {
  const readings = new Map([
    [0, { values: { a: 'b' } }],
    [1, { number: '1.234,50' }],
    [2, { number: '1.234,50' }],
    [3, {}],
  ]);
  expect(columnsOf(['lead_id', 'size', 'city', 'state'], procedure, readings)).toEqual([
    { is: 'identifier', name: 'lead_id' },
    { is: 'attribute', name: 'size', type: 'integer', reading: { number: '1.234,50' }, options: [] },
    { is: 'attribute', name: 'city', type: 'string', options: [] },
    { is: 'field', name: 'state', options: ['NEW'] },
  ]);
});

test('an attribute that is called like a field can be chosen beside it', () => {
  const names = meaningsOf(procedure).flatMap(({ meanings }) => meanings.map(({ name }) => name));
  expect(names).toEqual(
    expect.arrayContaining(['lead_id', 'id', 'city', 'state', 'data.state', 'isDeleted', 'nextActionAt']),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(columnsOf(['state', 'data.state', ''], procedure)).toEqual([
    { is: 'field', name: 'state', options: ['NEW'] },
    { is: 'attribute', name: 'state', type: 'string', options: [] },
    { is: 'left out' },
  ]);
});

test.for([
  [['lead_id', 'city'], []],
  [['id', 'lead_id', 'state'], []],
  [['city'], ['No column identifies the lead', 'such as sep=:']],
  [['lead_id', ''], ['No column changes anything']],
  [['lead_id', 'city', 'city'], ['Several columns are the attribute city']],
] as const)('of the columns %j it is told that %j', ([names, faults]) => {
  const found = mappingFaults(columnsOf(names, procedure), procedure, '\\N');
  expect(found).toEqual(faults.map((fault) => expect.stringContaining(fault)));
});

test.for([
  [['lead_id', ''], []],
  [['lead_id', 'city'], []],
  [['id', 'lead_id'], ['Leave the column of the id out.']],
  [
    ['id', 'city'],
    ['Leave the column of the id out.', 'No column is the lead_id.'],
  ],
  [['city'], ['No column identifies the lead', 'such as sep=:']],
] as const)('of the columns %j, whose rows create, it is told that %j', ([names, faults]) => {
  const found = mappingFaults(columnsOf(names, procedure), procedure, '\\N', 'all');
  expect(found).toEqual(faults.map((fault) => expect.stringContaining(fault)));
});

test('a column of what a new record needs is asked for where every row creates one', () => {
  const needing = { ...procedure, required: ['lead_id', 'city', 'size'], defaults: { size: 1 } };
  const faultsOf = (creates?: 'all' | 'missing') =>
    mappingFaults(columnsOf(['lead_id', 'first_name'], needing), needing, '\\N', creates);
  expect(faultsOf('all')).toEqual([
    'No lead is created without its city. Choose the column with it, or add one to the file.',
  ]);
  expect([faultsOf('missing'), faultsOf()]).toEqual([[], []]);
  expect(mappingFaults(columnsOf(['lead_id', 'city'], needing), needing, '\\N', 'all')).toEqual([]);
});

test('columns without a name and without any text are not shown', () => {
  const head = { headers: ['lead_id', '', 'city', ''], delimiter: ',' };
  const records = [
    { record: ['A', ' ', 'Goa', ''], line: 2 },
    { record: ['B', '', 'Pune', 'x'], line: 3 },
  ];
  const source = { format: 'csv', name: 'a.csv', hasMark: false, separatorLine: '', head, records } as const;
  expect(shownColumns(source)).toEqual([
    { header: 'lead_id', position: 0 },
    { header: 'city', position: 2 },
    { header: '', position: 3 },
  ]);
});

test('a file of one column is told how to name its delimiter, and is read by it', async () => {
  const faults = async (text: string) => {
    const source = await readSource(new File([text], 'a.csv'));
    if (source.format !== 'csv') throw new Error('CSV was expected');
    const { headers } = source.head;
    return mappingFaults(columnsOf(headers, procedure), procedure, '\\N');
  };
  expect(await faults('lead_id:city\nA:Goa\n')).toContainEqual(
    expect.stringContaining('such as sep=: for a colon.'),
  );
  expect(await faults('sep=:\nlead_id:city\nA:Goa\n')).toEqual([]);
});

test('an empty text clears nothing, and cannot be chosen to', () => {
  const columns = columnsOf(['lead_id', 'city'], procedure);
  expect(mappingFaults(columns, procedure, '')).toEqual([
    'An empty cell leaves the field unchanged. Enter another text for cells that clear a field, such as \\N.',
  ]);
});
