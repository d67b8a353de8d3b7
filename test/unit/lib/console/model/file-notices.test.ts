import { expect, test } from 'vitest';
import { guessedMapping } from '../../../../../lib/console/model/chosen-mapping.ts';
import { sheetReadingsOf, warningsOf } from '../../../../../lib/console/model/file-notices.ts';
import { type Checking, flowAfter, type Mapping, START } from '../../../../../lib/console/model/flow.ts';
import { mappedRows } from '../../../../../lib/console/model/mapped-rows.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import type { ChosenSource, SheetSource } from '../../../../../lib/console/model/source.ts';
import { aProcedure } from '../../../../support/builders.ts';
import { pausesOf, resultOf } from '../../../../support/sliced.ts';

const procedure = {
  ...aProcedure(),
  attributes: { lead_id: { type: 'string' }, city: { type: 'string' } },
} as const;
const choice = { procedure: 'lead', file: undefined, text: '' };

/** The check of a source, as its columns are guessed. */
function checkOf(source: ChosenSource): Checking {
  const mapping = guessedMapping(source, procedure);
  const chosen = flowAfter(START, { type: 'chosen', choice, procedure, source, mapping });
  if (chosen.step === 'check') return chosen;
  const rows = resultOf(mappedRows(chosen as Mapping));
  return flowAfter(chosen, { type: 'mapped', rows }) as Checking;
}

const csv = (rows: number) =>
  readSource(new File([`lead_id,remark\n${'LEAD-1 ,x\n'.repeat(rows)}`], 'a.csv'));

test('cells that are probably wrong are told, and of items of JSON none', async () => {
  expect(resultOf(warningsOf(checkOf(await csv(1))))).toEqual([
    expect.stringContaining('keys with spaces around them'),
  ]);
  const json = await readSource(new File(['[{"lead_id":"A "}]'], 'a.json'));
  expect(resultOf(warningsOf(checkOf(json)))).toEqual([]);
});

test('looking for them pauses often', async () => {
  expect(pausesOf(warningsOf(checkOf(await csv(1_000))))).toBeGreaterThan(5);
});

test('how a sheet was read is told of the columns that are sent, apart from what may be wrong', async () => {
  const source = await csv(1);
  const sheet: SheetSource = {
    name: 'Leads',
    readings: [['lead_id: texts.'], ['remark: dates.']],
    notices: ['Hidden rows are read.', 'Times are those of Berlin.'],
  };
  const check = checkOf({ ...source, sheet } as ChosenSource);
  expect(sheetReadingsOf(check)).toEqual(['Times are those of Berlin.', 'lead_id: texts.']);
  expect(resultOf(warningsOf(check))).toContain('Hidden rows are read.');
});
