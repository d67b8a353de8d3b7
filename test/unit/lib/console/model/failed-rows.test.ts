import { describe, expect, test } from 'vitest';
import type { BulkUpdateClient, Entry, ProcedureView } from '../../../../../lib/client/index.ts';
import {
  cellsOf,
  entriesAsCsv,
  entriesAsLines,
  failedRowsFile,
  readFailedEntries,
} from '../../../../../lib/console/model/failed-rows.ts';
import { failureOf, NotCarriedError } from '../../../../../lib/console/model/failure.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import { rowsOf } from '../../../../../lib/console/model/source.ts';
import { aProcedure } from '../../../../support/builders.ts';
import { entry } from '../../../../support/entry.ts';
import { resultOf } from '../../../../support/sliced.ts';

const procedure: ProcedureView = {
  ...aProcedure(),
  attributes: {
    lead_id: { type: 'string' },
    city: { type: 'string' },
    tags: { type: 'multiStringEnum' },
    state: { type: 'string' },
    subscribed: { type: 'boolean' },
    extra: { type: 'json' },
  },
};

const file = (text: string | Uint8Array<ArrayBuffer>, name: string) => readSource(new File([text], name));

describe('rows that failed', () => {
  const wrong: Partial<Entry> = {
    ...{ completionStatus: 'INVALID', outcome: null },
    errors: [{ code: 'INVALID_VALUE', message: 'It is wrong.' }],
  };

  test('of a dry run stand as in the file, with why', async () => {
    const source = await file('lead_id;note;_error_code\nLEAD-1;a;X\nLEAD-2;"b;c";X\n', 'a.csv');
    const rows = resultOf(
      rowsOf(source, [{ is: 'identifier', name: 'lead_id' }, { is: 'left out' }, { is: 'left out' }], ''),
    );
    expect((await failedRowsFile(source, rows, [entry(0), entry(1, wrong)])).content).toBe(
      'lead_id;note;_error_code;_error_message\nLEAD-2;"b;c";INVALID_VALUE;It is wrong.\n',
    );
  });

  test('of a dry run keep the byte order mark and the line that names the delimiter', async () => {
    const columns = [{ is: 'identifier', name: 'lead_id' }, { is: 'left out' }] as const;
    const download = async (text: string) => {
      const source = await file(text, 'a.csv');
      return (await failedRowsFile(source, resultOf(rowsOf(source, columns, '\\N')), [entry(0, wrong)]))
        .content;
    };
    const failed = 'LEAD-1;=1+1;INVALID_VALUE;It is wrong.\n';
    const head = 'lead_id;note;_error_code;_error_message\n';
    expect(await download('lead_id;note\r\nLEAD-1;=1+1\r\n')).toBe(`${head}${failed}`);
    expect(await download('\uFEFFlead_id;note\r\nLEAD-1;=1+1\r\n')).toBe(`\uFEFF${head}${failed}`);
    expect(await download('\uFEFFsep=;\nlead_id;note\nLEAD-1;=1+1\n')).toBe(`\uFEFFsep=;\n${head}${failed}`);
    expect(await download('lead_id;note\nLEAD-1;é\n')).toMatch(/^\uFEFFlead_id/);
  });

  test('of a job begin with a byte order mark if they are not ASCII', () => {
    const csv = (city: string) =>
      entriesAsCsv([{ ...entry(0, wrong), item: { id: 'a', data: { city } } }], procedure);
    expect(csv('São Paulo').content).toMatch(/^\uFEFFid,city/);
    expect(csv('Goa').content).toMatch(/^id,city/);
  });

  test('of several requests of a dry run are those at their place in the file', async () => {
    const source = await file('{"lead_id":"a"}\n{"lead_id":"b"}\n', 'a.ndjson');
    const rows = resultOf(rowsOf(source, [], ''));
    expect((await failedRowsFile(source, rows, [entry(0), entry(0, wrong)])).content).toBe(
      '{"lead_id":"b","_errors":[{"code":"INVALID_VALUE","message":"It is wrong."}]}\n',
    );
  });

  test('of a job have their numbers as they were sent, those too that were refused', async () => {
    const item = '{"id":"a","data":{"score":1e400,"budget":1.0000000000000001,"rating":1.50}}';
    const line = `${JSON.stringify(entry(12, wrong)).slice(0, -1)},"item":${item}}\n`;
    const client = {
      entriesText: async function* () {
        yield line;
      },
    } as unknown as BulkUpdateClient;
    const entries = await readFailedEntries(client, 'job', {
      ...{ INVALID: 1, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 },
    });
    expect(entriesAsLines(entries).content).toContain(item.slice(0, -1));
    expect(entriesAsCsv(entries, procedure).content).toMatch(/^a,1e400,1\.0000000000000001,1\.50,/m);
  });

  test('of a job have the columns that make the same items again', () => {
    const entries = [
      {
        ...entry(0, wrong),
        item: { lead_id: 'L-1', update: { data: { city: null, tags: ['a'] }, state: 'NEW' } },
      },
      {
        ...entry(1, { completionStatus: 'CANCELLED' }),
        item: { id: 'p-2', data: { city: 'Goa', phone: '+91 99' } },
      },
    ];
    expect(entriesAsCsv(entries, procedure).content).toBe(
      [
        'lead_id,city,tags,state,id,phone,_error_code,_error_message',
        'L-1,\\N,"[""a""]",NEW,,,INVALID_VALUE,It is wrong.',
        ',Goa,,,p-2,+91 99,CANCELLED,The job was cancelled or aborted before this item was applied. Send it again.',
        '',
      ].join('\n'),
    );
    expect(entriesAsLines(entries).content.toString().split('\n')[1]).toBe(
      '{"id":"p-2","data":{"city":"Goa","phone":"+91 99"},"_errors":[{"code":"CANCELLED","message":"The job was cancelled or aborted before this item was applied. Send it again."}]}',
    );
  });

  test.for([
    ['an empty text', { lead_id: 'a', data: { city: '' } }],
    ['a text that is the clear marker', { lead_id: 'a', data: { city: '\\N' } }],
    ['a formula', { lead_id: 'a', data: { city: '=1+1' } }],
    ['a name that is a formula', { lead_id: 'a', data: { '@x': 'a' } }],
    ['a list in place of a text', { lead_id: 'a', data: { city: ['Goa'] } }],
    ['a truth in place of a text', { lead_id: 'a', data: { city: true } }],
    ['a text in place of a truth', { lead_id: 'a', data: { subscribed: 'true' } }],
    ['a text in place of a list', { lead_id: 'a', data: { tags: '["a"]' } }],
    ['null as a key', { lead_id: null, data: { city: 'Goa' } }],
    ['data beside a wrapped update', { lead_id: 'a', data: { city: 'Goa' }, update: { state: 'NEW' } }],
    ['data that is no object', { lead_id: 'a', data: 'Goa' }],
    ['an update that is no object', { lead_id: 'a', update: 'Goa' }],
    ['a name with spaces around it', { lead_id: 'a', data: { ' city': 'Goa' } }],
    ['no name', { lead_id: 'a', data: { '': 'Goa' } }],
    ['no object', 'LEAD-1'],
  ] as const)('of a job that hold %s are no CSV', ([, item]) => {
    const carried = {
      ...entry(0, wrong),
      item: { lead_id: 'b', data: { extra: { a: [1] }, subscribed: true } },
    };
    expect(entriesAsCsv([carried], procedure).content).toContain('b,"{""a"":[1]}",true,');
    const entries = [carried, { ...entry(7, wrong), item }];
    expect(() => entriesAsCsv(entries, procedure)).toThrow(NotCarriedError);
    expect(failureOf(new NotCarriedError([7])).messages[0]).toContain('1 entry (item 8)');
  });

  test.for([
    ['an attribute that is called like a field', { data: { state: 'x' } }, { 'data.state': 'x' }],
    [
      'the primary key in data',
      { lead_id: 'a', data: { lead_id: 'a' } },
      { lead_id: 'a', 'data.lead_id': 'a' },
    ],
    ['data that is no object', { data: [1] }, { data: '[1]' }],
    ['an update that is no object', { update: 1 }, { update: '1' }],
    ['no object', 'text', { item: '"text"' }],
  ] as const)('%s keeps a column of its own', ([, item, cells]) => {
    expect(Object.fromEntries(cellsOf(item, 'lead_id'))).toEqual(cells);
  });
});
