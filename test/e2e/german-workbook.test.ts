import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CsvRecord } from '../../lambdas/rows/csv-format.ts';
import { workbookOf } from '../../lambdas/rows/xlsx-failed.ts';
import { openTable } from '../../lambdas/rows/xlsx-table.ts';
import { openWorkbook } from '../../lambdas/rows/xlsx-workbook.ts';
import { readProcess } from '../support/api.ts';
import { place, told } from '../support/bulk-place.ts';
import {
  COLUMNS,
  createCustomers,
  germanWorkbook,
  HEADER_ROW,
  HEADERS,
  keyOf,
  SHEET,
  someCustomers,
  storedCustomer,
  WRONG,
} from '../support/german-customers.ts';
import { stack } from '../support/stack.ts';

test.skipIf(stack.local === undefined)(
  'a German workbook is applied to the last of 3,000 rows: what failed comes back as a workbook, is corrected, and sent as told',
  async () => {
    await createCustomers('kunde-datei');
    const { run, type, cwd } = place({ 'Kunden März.xlsx': await germanWorkbook() });
    const maps = HEADERS.flatMap((header) => ['--map', `${header}=${COLUMNS[header]}`]);
    const flags = ['--locale', 'de', '--time-zone', 'Europe/Berlin', '--sheet', SHEET];
    const first = await run(
      ...['submit', 'Kunden März.xlsx', '-p', 'kunde-datei', ...maps, ...flags],
      ...['--header-row', String(HEADER_ROW), '--watch'],
    );
    expect(first).toMatchObject({ code: 1 });
    expect(first.stdout).toMatch(/^applied +2,960\ninvalid +37\nfailed +3\n/);
    expect(first.stdout).toContain('The failed rows (40 of 3,000) are in Kunden März.failed.xlsx.');
    expect(first.stderr).toContain('"Umsatz (€)": 14.507,50 is read as 14507.50 (2,390 cells).');
    expect(first.stderr).toMatch(/12 cells are not a number like 1\.234,50.* "viele" \(rows 74, 145/);
    expect(first.stderr).toContain('"Rundbrief": Ja is read as true (2,993 cells).');

    const path = join(cwd, 'Kunden März.failed.xlsx');
    const failed = await openTable(await openWorkbook(new Blob([readFileSync(path)])));
    expect(failed.sheet.name).toBe(SHEET);
    expect(failed.head.headers).toEqual([...HEADERS, '_error_code', '_error_message']);
    const records = await Array.fromAsync(failed.records());
    expect(records).toHaveLength(40);
    const corrected = [{ cells: failed.head.headers }, ...records.map(correctedRow)];
    writeFileSync(path, Buffer.concat(await Array.fromAsync(workbookOf(SHEET, corrected))));

    const second = await type(told(first.stdout));
    expect(second, second.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^applied +40\n/) });
    for (const at of someCustomers()) {
      const { body } = await readProcess(`customer_id/${keyOf(at)}`, { procedure: 'kunde-datei' });
      expect(body._data, keyOf(at)).toMatchObject(storedCustomer(at));
    }
  },
);

/** A row of the workbook of failed rows, as a person corrects it: what is typed is text. */
function correctedRow({ record, exact = new Set() }: CsvRecord) {
  const position = HEADERS.findIndex((header, at) =>
    WRONG.some(({ column, cell }) => column === header && String(cell) === record[at]),
  );
  const { right } = WRONG.find(({ column }) => column === HEADERS[position]) ?? {};
  // Each customer has the number of employees that its key has.
  const own = record[HEADERS.indexOf('Straße')]?.split(' ').at(-1);
  const cells = record.with(position, right ?? keyOf(Number(own) - 1));
  return { cells, exact: new Set([...exact].filter((at) => at !== position)) };
}
