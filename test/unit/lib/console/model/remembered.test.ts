import { expect, test } from 'vitest';
import {
  forgetMapping,
  rememberedMapping,
  rememberMapping,
} from '../../../../../lib/console/model/remembered.ts';
import { aStorage } from '../../../../support/storage.ts';

const key = { team: 'local', procedure: 'p-1', headers: ['Lead', 'Umsatz'] };
const mapping = { names: ['lead_id', 'budget'], readings: new Map([[1, { number: '1.234,50' }]]) };

test('a mapping is remembered for the same team, procedure and columns, and for no others', () => {
  const storage = aStorage();
  rememberMapping(storage, key, mapping);
  expect(rememberedMapping(storage, key)).toEqual(mapping);
  for (const other of [{ team: 'other' }, { procedure: 'p-2' }, { headers: ['Umsatz', 'Lead'] }]) {
    expect(rememberedMapping(storage, { ...key, ...other })).toBeUndefined();
  }
});

test('a file of failed rows is mapped as its file, wherever its errors stand', () => {
  const storage = aStorage();
  rememberMapping(storage, key, mapping);
  const headers = ['_error_code', 'Lead', '_error_message', 'Umsatz'];
  const moved = { names: ['', 'lead_id', '', 'budget'], readings: new Map([[3, { number: '1.234,50' }]]) };
  expect(rememberedMapping(storage, { ...key, headers })).toEqual(moved);
  rememberMapping(storage, { ...key, headers }, { ...moved, names: ['', 'id', '', 'score'] });
  expect(rememberedMapping(storage, key)).toEqual({ ...mapping, names: ['id', 'score'] });
});

test('the last mapping counts, and can be forgotten', () => {
  const storage = aStorage();
  rememberMapping(storage, key, mapping);
  rememberMapping(storage, { ...key, headers: ['x'] }, { names: ['id'], readings: new Map() });
  rememberMapping(storage, key, { ...mapping, names: ['id', 'score'] });
  expect(rememberedMapping(storage, key)?.names).toEqual(['id', 'score']);
  forgetMapping(storage, key);
  expect(rememberedMapping(storage, key)).toBeUndefined();
  forgetMapping(storage, { ...key, headers: ['x'] });
  expect(storage.length).toBe(0);
});

test('only the last twenty are kept', () => {
  const storage = aStorage();
  const keys = Array.from({ length: 21 }, (_, number) => ({ ...key, headers: [`${number}`] }));
  for (const each of keys) rememberMapping(storage, each, { names: ['id'], readings: new Map() });
  expect(keys.filter((each) => rememberedMapping(storage, each) !== undefined)).toEqual(keys.slice(1));
});

test.for([
  'no JSON',
  '{}',
  '[null, 5, {"team":"local"}]',
  '[{"team":"local","procedure":"p-1","headers":["Lead","Umsatz"],"names":["id","x"],"readings":[[1,{"number":"?"}]]}]',
  '[{"team":"local","procedure":"p-1","headers":["Lead","Umsatz"],"names":["id"],"readings":[]}]',
])('what is stored as %s is ignored', (content) => {
  expect(rememberedMapping(aStorage({ 'bulk-update.mappings.v1': content }), key)).toBeUndefined();
});

test('a browser that stores nothing maps anew', () => {
  const storage = aStorage();
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  rememberMapping(storage, key, mapping);
  expect(rememberedMapping(storage, key)).toBeUndefined();
});
