import { expect, test } from 'vitest';
import type { ProcedureView } from '../../../../../lib/client/index.ts';
import { guessedMapping } from '../../../../../lib/console/model/chosen-mapping.ts';
import { type Checking, flowAfter, type Mapping, START } from '../../../../../lib/console/model/flow.ts';
import { correctedRows, mappedRows } from '../../../../../lib/console/model/mapped-rows.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import { pausesOf, resultOf } from '../../../../support/sliced.ts';

const procedure: ProcedureView = {
  ...{ id: 'p-1', shortId: 'lead', name: 'Lead', primaryKey: 'lead_id', states: ['NEW'] },
  attributes: { lead_id: { type: 'string' }, city: { type: 'string' } },
};

async function mappingOf(text: string): Promise<Mapping> {
  const source = await readSource(new File([text], 'leads.csv'));
  const mapping = guessedMapping(source, procedure);
  const choice = { procedure: 'lead', file: undefined, text };
  return flowAfter(START, { type: 'chosen', choice, procedure, source, mapping }) as Mapping;
}

test('rows are mapped as their cells are read, with pauses', async () => {
  const mapping = await mappingOf(`lead_id,city\n${'LEAD-1,Goa\n'.repeat(1_000)}`);
  const read = { ...mapping, readings: new Map([[1, { values: { Goa: 'GOA' } }]]) };
  const rows = resultOf(mappedRows(read));
  expect(rows).toHaveLength(1_000);
  expect(rows[999]).toMatchObject({ line: 1_001, text: '{"lead_id":"LEAD-1","data":{"city":"GOA"}}' });
  expect(pausesOf(mappedRows(read))).toBeGreaterThan(5);
});

test('corrected cells are mapped by the same rules, without the other rows', async () => {
  const mapping = await mappingOf('lead_id,city\nLEAD-1,Goa\nLEAD-2,-\n');
  const check = flowAfter(mapping, { type: 'mapped', rows: resultOf(mappedRows(mapping)) }) as Checking;
  expect(resultOf(correctedRows(check, new Map([[1, ['LEAD-2', 'Pune']]])))).toMatchObject([
    { line: 3, text: '{"lead_id":"LEAD-2","data":{"city":"Pune"}}' },
  ]);
});
