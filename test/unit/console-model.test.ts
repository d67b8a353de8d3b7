import { describe, expect, test } from 'vitest';
import { FileError } from '../../lambdas/rows/row.ts';
import {
  ApiError,
  type BulkUpdateClient,
  type Entry,
  type Job,
  type ProcedureView,
} from '../../lib/client/index.ts';
import {
  cellsOf,
  entriesAsCsv,
  entriesAsLines,
  failedRowsFile,
  readFailedEntries,
} from '../../lib/console/model/failed-rows.ts';
import { failureOf, isUnauthorized, NotCarriedError } from '../../lib/console/model/failure.ts';
import { announcementOf, percentOf, rateOf, withSample } from '../../lib/console/model/progress.ts';
import { readSource } from '../../lib/console/model/read-source.ts';
import { hashOf, type Route, routeOf } from '../../lib/console/model/route.ts';
import { rowsOf } from '../../lib/console/model/source.ts';
import { aProcedure } from '../support/builders.ts';
import { entry } from '../support/entry.ts';

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

describe('a route', () => {
  test.for<Route>([{ page: 'send' }, { page: 'jobs' }, { page: 'job', jobId: 'a/b c' }])(
    '%j is an address',
    (route) => {
      expect(routeOf(hashOf(route))).toEqual(route);
    },
  );

  test.for(['', '#', '#/else', '#jobs-', '#/send/x'])('%j is the start', (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'send' });
  });

  test('that cannot be decoded lists the jobs', () => {
    expect(routeOf('#/jobs/%E0%A4%A')).toEqual({ page: 'jobs' });
  });
});

describe('a source', () => {
  test('is CSV with its own delimiter, whose lines are those of the file', async () => {
    const source = await file('\uFEFFlead_id;city\n\nLEAD-1;"a\nb"\nLEAD-2;c\n', 'a.CSV');
    if (source.format !== 'csv') throw new Error('CSV was expected');
    expect(source.head).toEqual({ headers: ['lead_id', 'city'], delimiter: ';' });
    const columns = [
      { is: 'identifier', name: 'lead_id' },
      { is: 'attribute', name: 'city', type: 'string' },
    ] as const;
    expect(rowsOf(source, columns, '\\N').map(({ line }) => line)).toEqual([3, 5]);
  });

  test.for([
    ['"Lead ID","City"\nLEAD-1,"Goa; Panjim"\n', ','],
    ['Lead ID;"City"\nLEAD-1;"Goa, Panjim"\n', ';'],
  ] as const)('has quotes in its first line: %j', async ([text, delimiter]) => {
    expect(await file(text, 'a.csv')).toMatchObject({
      ...{ head: { headers: ['Lead ID', 'City'], delimiter }, records: [{}] },
    });
  });

  test('is known by how it begins, and its numbers stay as they are written', async () => {
    const items = '{"lead_id":"LEAD-1","data":{"score":9007199254740993.10}}';
    expect(await file(`[${items}]`, 'pasted text')).toMatchObject({
      format: 'json',
      rows: [{ text: items }],
    });
    expect(await file(`${items}\n${items}\n`, 'pasted text')).toMatchObject({
      ...{ format: 'ndjson', rows: [{ line: 1, text: items }, { line: 2 }] },
    });
  });

  test.for([
    ['', 'a.csv', 'The file is empty'],
    ['lead_id"x",city\n', 'a.csv', 'The first row is not valid CSV'],
    ['lead_id,city\n', 'a.csv', 'The file has no items'],
    ['lead_id,city\nLEAD-1,"Goa', 'a.csv', 'The row after line 1 is not valid CSV: a quote is never closed'],
    ['\n', 'a.ndjson', 'The file has no items'],
    ['{"lead_id":\n', 'a.ndjson', 'Line 1 is not valid JSON'],
    ['[{"lead_id"}]', 'a.json', 'Line 1 is not valid JSON'],
  ] as const)('%j as %s is refused: %s', async ([text, name, fault]) => {
    await expect(file(text, name)).rejects.toThrow(fault);
  });

  test('that is not in UTF-8 is refused', async () => {
    await expect(file(new Uint8Array([0x4c, 0xfc, 0x0a]), 'a.csv')).rejects.toThrow('line 1, byte 2 (0xFC)');
  });
});

describe('rows that failed', () => {
  const wrong: Partial<Entry> = {
    ...{ completionStatus: 'INVALID', outcome: null },
    errors: [{ code: 'INVALID_VALUE', message: 'It is wrong.' }],
  };

  test('of a dry run stand as in the file, with why', async () => {
    const source = await file('lead_id;note;_error_code\nLEAD-1;a;X\nLEAD-2;"b;c";X\n', 'a.csv');
    const rows = rowsOf(
      source,
      [{ is: 'identifier', name: 'lead_id' }, { is: 'left out' }, { is: 'left out' }],
      '',
    );
    expect(failedRowsFile(source, rows, [entry(0), entry(1, wrong)]).text).toBe(
      'lead_id;note;_error_code;_error_message\nLEAD-2;"b;c";INVALID_VALUE;It is wrong.\n',
    );
  });

  test('of a dry run keep the byte order mark and the line that names the delimiter', async () => {
    const columns = [{ is: 'identifier', name: 'lead_id' }, { is: 'left out' }] as const;
    const download = async (text: string) => {
      const source = await file(text, 'a.csv');
      return failedRowsFile(source, rowsOf(source, columns, '\\N'), [entry(0, wrong)]).text;
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
    expect(csv('São Paulo').text).toMatch(/^\uFEFFid,city/);
    expect(csv('Goa').text).toMatch(/^id,city/);
  });

  test('of several requests of a dry run are those at their place in the file', async () => {
    const source = await file('{"lead_id":"a"}\n{"lead_id":"b"}\n', 'a.ndjson');
    const rows = rowsOf(source, [], '');
    expect(failedRowsFile(source, rows, [entry(0), entry(0, wrong)]).text).toBe(
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
    expect(entriesAsLines(entries).text).toContain(item.slice(0, -1));
    expect(entriesAsCsv(entries, procedure).text).toMatch(/^a,1e400,1\.0000000000000001,1\.50,/m);
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
    expect(entriesAsCsv(entries, procedure).text).toBe(
      [
        'lead_id,city,tags,state,id,phone,_error_code,_error_message',
        'L-1,\\N,"[""a""]",NEW,,,INVALID_VALUE,It is wrong.',
        ',Goa,,,p-2,+91 99,CANCELLED,The job was cancelled before this item was applied. Send it again.',
        '',
      ].join('\n'),
    );
    expect(entriesAsLines(entries).text.split('\n')[1]).toBe(
      '{"id":"p-2","data":{"city":"Goa","phone":"+91 99"},"_errors":[{"code":"CANCELLED","message":"The job was cancelled before this item was applied. Send it again."}]}',
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
    expect(entriesAsCsv([carried], procedure).text).toContain('b,"{""a"":[1]}",true,');
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

describe('progress', () => {
  test('has the rate of the last seconds', () => {
    expect(rateOf([])).toBeUndefined();
    expect(rateOf([{ at: 1000, processed: 1 }])).toBeUndefined();
    const early = withSample([], { at: 0, processed: 0 });
    const later = withSample(withSample(early, { at: 10_000, processed: 5000 }), {
      at: 12_000,
      processed: 5100,
    });
    expect(rateOf(later)).toBe(50);
  });

  test('is complete only when it is', () => {
    expect([percentOf(0, 3), percentOf(9999, 10_000), percentOf(3, 3), percentOf(0, 0)]).toEqual([
      0, 99, 100, 100,
    ]);
  });

  test('is told at each quarter and at the end', () => {
    const at = (SUCCESS: number, completionStatus: Job['completionStatus'] = 'IN_PROGRESS') =>
      announcementOf({
        ...{ total: 100, completionStatus },
        counts: { SUCCESS, NOT_STARTED: 100 - SUCCESS, INVALID: 0, ERROR: 0, CANCELLED: 0 },
      } as Job);
    expect([at(3), at(24)]).toEqual(Array(2).fill('The job is in progress.'));
    expect([at(25), at(49)]).toEqual(Array(2).fill('25 percent processed.'));
    expect(at(100, 'COMPLETED')).toBe('The job has ended: 100 of 100 applied, 0 failed.');
  });
});

describe('a failure', () => {
  test('of the API has its codes and messages, and what to do', () => {
    const errors = [{ code: 'JOB_NOT_FOUND', message: 'There is none.' }] as const;
    expect(failureOf(new ApiError('There is none.', { status: 404, errors, requestId: 'r-1' }))).toEqual({
      title: 'The API refused the request.',
      codes: ['JOB_NOT_FOUND'],
      messages: ['There is none.'],
      remedy: expect.stringMatching(/^[A-Z][^`]*\.$/),
      requestId: 'r-1',
    });
  });

  test('of the network says that nothing is sent twice', () => {
    expect(failureOf(new ApiError('no answer', { status: 0 })).remedy).toMatch(/Nothing is sent twice/);
  });

  test('of a file has each of its faults', () => {
    expect(failureOf(new FileError(['One.', 'Two.'])).messages).toEqual(['One.', 'Two.']);
  });

  test('that nobody expected is told too', () => {
    expect(failureOf(new TypeError('oops')).messages).toEqual(['oops']);
  });

  test('of the key is one, and no other is', () => {
    const answers = [401, 403].map((status) => isUnauthorized(new ApiError('', { status })));
    expect([...answers, isUnauthorized(new Error())]).toEqual([true, false, false]);
  });
});
