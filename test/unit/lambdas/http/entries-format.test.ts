import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../../lambdas/domain/entry.ts';
import { entriesFormat, formatEntries } from '../../../../lambdas/http/entries-format.ts';
import { aJob } from '../../../support/builders.ts';

describe('entries', () => {
  const named = (lead_id: string, index: number) => {
    const item = { lead_id, state: 'NEW' };
    return { entry: entryOf(aJob({ total: 10 }), index, { item }, undefined), item };
  };
  const listed = ['=1+1', '+1', '-1', '@x', '\tx', '"a", b', 'LEAD-1'].map(named);
  const ENDS = String.raw`[,;\|\t-\r\x85\u2028\u2029]`;
  const GUARD = new RegExp(
    String.raw`(?<=^|${ENDS})'(?=[[\s\p{C}\p{DI}\u2800"']--${ENDS}]*[=+\-@＝＋－＠﹦﹢﹣﹫])|^'(?='*[\0\t-\r])`,
    'gv',
  );
  /** Without the apostrophes of the guard, and with all others. */
  const bare = (field = '') => field.replace(GUARD, '');
  /** Parts of a file that would be formulas in a spreadsheet that splits it at any of the separators, quoted or not. */
  const formulasIn = (text: string) =>
    text
      .split(new RegExp(ENDS, 'v'))
      .map((part) => part.replace(/^[\s\p{C}\p{DI}\u2800"]+/u, ''))
      .filter((part) => /^[-=+@]/.test(part.normalize('NFKC')));
  const readCsv = (text: string) =>
    parse<Record<string, string>>(text, { columns: true, record_delimiter: ['\r\n', '\n', '\r'] });

  it.each([
    [undefined, undefined],
    ['*/*', undefined],
    ['application/json', undefined],
    ['text/html', undefined],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['application/x-ndjson, application/json', 'application/x-ndjson'],
    ['text/csv;q=0.5, application/json', undefined],
    ['text/csv;q=0', undefined],
    ['constructor', undefined],
    ['__proto__, text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/*;q=0.5, application/json', undefined],
  ])('are given for Accept: %s as %s', (accept, format) => expect(entriesFormat(accept)).toBe(format));

  it('as JSON lines are the entries with their items', () => {
    const lines = formatEntries('application/x-ndjson', listed, { primaryKey: 'lead_id' })
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      listed.map(({ entry, item }) => ({ ...entry, item })),
    );
  });

  it('as CSV hold nothing that a spreadsheet takes for a formula', () => {
    const [head, ...rows] = formatEntries('text/csv', listed, { primaryKey: 'lead_id' })
      .trimEnd()
      .split('\r\n');
    expect(head).toBe(
      'index,id,lead_id,processId,completionStatus,outcome,errorCodes,errorMessages,errorPointers,line,attempts,completedAt,item',
    );
    const keys = rows.map((row) => row.split(',')[2]);
    expect(keys.slice(0, 5)).toEqual(["'=1+1", "'+1", "'-1", "'@x", "'\tx"]);
    expect(rows[5]).toContain('"""a"", b"');
    expect(rows[6]).toContain('LEAD-1');
  });

  it('of an undo tell what is kept, as JSON lines and as CSV', () => {
    const outcome = 'REVERTED' as const;
    const { item } = named('LEAD-1', 0);
    const result = { outcome, kept: ['data.city', 'data.=1'] as `data.${string}`[] };
    const entry = entryOf(
      aJob(),
      0,
      { item },
      { index: 0, result, attempts: 1, startedAt: 1, completedAt: 1 },
    );
    const undone = [{ entry, item }];
    expect(
      JSON.parse(formatEntries('application/x-ndjson', undone, { primaryKey: 'lead_id' })),
    ).toMatchObject(result);
    const [row] = readCsv(formatEntries('text/csv', undone, { primaryKey: 'lead_id', undoes: 'job-0' }));
    expect(row).toMatchObject({ outcome, kept: 'data.city\ndata.=1' });
  });

  const unit = fc.oneof(
    fc.constantFrom(
      ...'=+-@＝﹣',
      ..."'",
      ...'"',
      ...',;|\t\n\r\v\u0085\u2028 \u00a0\u3000\ufeff\u200b\u202e\u00ad\0',
      'a',
    ),
    fc.string(),
  );
  const texts = fc.array(fc.string({ unit }), { minLength: 1 });

  it('as CSV are read again as they were, whatever characters they have', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        const rows = readCsv(formatEntries('text/csv', keys.map(named), { primaryKey: 'lead_id' }));
        expect(rows.map(({ lead_id }) => bare(lead_id))).toEqual(keys);
        expect(rows.map(({ item }) => JSON.parse(bare(item)))).toEqual(keys.map((key) => named(key, 0).item));
      }),
    );
  });

  const LENIENT = {
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  };
  it('as CSV hold no formula, wherever a spreadsheet splits them', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        const csv = formatEntries('text/csv', keys.map(named), { primaryKey: 'lead_id' });
        expect(formulasIn(csv)).toEqual([]);
        for (const delimiter of [',', ';', '\t', '|']) {
          const rows: string[][] = parse(csv, { ...LENIENT, delimiter });
          expect(rows.flat().filter((cell) => /^[\s\p{C}"]*[-=+@＝＋－＠]/u.test(cell))).toEqual([]);
        }
      }),
    );
  });

  it.each([
    '=1',
    '\n=1',
    '\r=1',
    '\t=1',
    '\r\n\t =1',
    ' =1',
    '\u0000=1',
    '\ufeff@x',
    'a\n-1',
    'a\r\u200b+1',
    '＝1',
    'a;=1+1',
    'a\t=1+1',
    'a,=1+1',
    'a|=1+1',
    'a;"=1+1"',
    'a; \u00a0\u3000\u00ad\ufe0f\u2060=1',
    'a;\u3164@SUM(1)',
    "a\u2028+cmd|'/C calc'!A0",
    'a;\u202e＠x',
    "a;'=1",
    "' =1",
    "'=1",
    '"=1',
    '-1',
  ])('as CSV hold nothing that a spreadsheet takes for the formula of %j', (key) => {
    const csv = formatEntries('text/csv', [named(key, 0)], { primaryKey: 'lead_id' });
    expect(formulasIn(csv)).toEqual([]);
    expect(bare(readCsv(csv)[0]?.lead_id)).toBe(key);
  });

  it('as CSV hold an item as it is where nothing in it begins a formula', () => {
    const item = { lead_id: 'a', data: { score: -1, note: 'b-c = d+e', phone: '+81 3', mail: 'x@y.z' } };
    const [row] = readCsv(
      formatEntries('text/csv', [{ ...named('a', 0), item, text: JSON.stringify(item) }], {
        primaryKey: 'lead_id',
      }),
    );
    expect(row?.item).toBe(JSON.stringify(item));
  });

  it('as CSV take a time in proportion to their length', () => {
    const key = ['\n', ' ', '"', "'", '\u200b'].map((character) => character.repeat(120_000)).join('');
    expect(formatEntries('text/csv', [named(key, 0)], { primaryKey: 'lead_id' }).length).toBeGreaterThan(
      600_000,
    );
  }, 2_000);
});
