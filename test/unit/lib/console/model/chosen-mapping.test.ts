import { expect, test } from 'vitest';
import type { ProcedureView } from '../../../../../lib/client/index.ts';
import { chosenMapping, guessedMapping } from '../../../../../lib/console/model/chosen-mapping.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import { rememberMapping } from '../../../../../lib/console/model/remembered.ts';
import { aStorage } from '../../../../support/storage.ts';

const procedure: ProcedureView = {
  ...{ id: 'p-1', shortId: 'lead', name: 'Lead', primaryKey: 'lead_id', states: ['NEW'] },
  attributes: { lead_id: { type: 'string' }, city: { type: 'string' } },
};
const csv = await readSource(new File(['lead_id,town\nLEAD-1,Goa\n'], 'leads.csv'));
const json = await readSource(new File(['[{"lead_id":"LEAD-1"}]'], 'leads.json'));
const guessed = { names: ['lead_id', ''], isRemembered: false, clearMarker: '\\N' };

test('columns are guessed, and items of JSON have none', () => {
  expect(guessedMapping(csv, procedure)).toMatchObject(guessed);
  expect(guessedMapping(json, procedure)).toMatchObject({ names: [], guesses: [] });
});

test('the mapping of the last file with the same columns counts before a guess', () => {
  const storage = aStorage();
  const remembered = { names: ['lead_id', 'city'], readings: new Map([[1, { values: { Goa: 'GOA' } }]]) };
  const key = { team: 'local', procedure: 'p-1', headers: ['lead_id', 'town'] };
  rememberMapping(storage, key, remembered);
  expect(chosenMapping(csv, procedure, 'local', storage)).toMatchObject({
    ...remembered,
    isRemembered: true,
    guesses: [{ name: 'lead_id' }, { name: '' }],
  });
  for (const team of ['other', undefined]) {
    expect(chosenMapping(csv, procedure, team, storage)).toMatchObject(guessed);
  }
  expect(chosenMapping(json, procedure, 'local', storage)).toMatchObject({ isRemembered: false });
});
