import { expect, test } from 'vitest';
import {
  matchingProcedures,
  procedureCalled,
  procedureLike,
} from '../../../../../lib/console/model/procedures.ts';

const procedure = (shortId: string, name: string) => ({
  id: `id-${shortId}`,
  shortId,
  name,
  primaryKey: 'id',
});
const lead = procedure('lead', 'Lead');
const old = procedure('misleading', 'Old ones');
const contact = procedure('contact', 'Business partner');
const all = [old, contact, lead];

test('what contains the typed text is found, what begins with it first', () => {
  expect(matchingProcedures(all, ' LEAD')).toEqual([lead, old]);
  expect(matchingProcedures(all, 'partner')).toEqual([contact]);
  expect(matchingProcedures(all, ' ')).toBe(all);
  expect(matchingProcedures(all, 'x')).toEqual([]);
});

test.for([
  ['lead', lead],
  [' Lead ', lead],
  ['id-contact', contact],
  ['business partner', contact],
  ['lea', undefined],
  ['', undefined],
] as const)('%j calls one procedure, or none', ([typed, called]) => {
  expect(procedureCalled(all, typed)).toBe(called);
});

test('a name that two procedures have calls neither, and a short id its own', () => {
  const twins = [procedure('a', 'Lead'), procedure('b', 'Lead')];
  expect(procedureCalled(twins, 'lead')).toBeUndefined();
  expect(procedureCalled([...twins, procedure('Lead', 'C')], 'Lead')).toMatchObject({ shortId: 'Lead' });
});

test.for([
  ['leed', lead],
  ['Busines partner', contact],
  ['invoice', undefined],
] as const)('%s is like one of them, or none', ([typed, like]) => {
  expect(procedureLike(all, typed)).toBe(like);
});
