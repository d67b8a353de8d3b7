import { expect, test } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { plannedFields } from '../../../../lambdas/domain/planned-fields.ts';

test('what the fields of an update have is noted, and nothing of other fields', () => {
  const process: Process = {
    ...{ id: 'a', team: 'local', procedure: 'lead', state: 'NEW', assignedTo: 'Ada' },
    data: { city: 'Goa', score: 7, phone: '1' },
  };
  const update = { data: { city: 'Pune', score: null, name: 'x' }, state: 'WON' };
  expect(plannedFields(process, { order: 1, update })).toEqual({
    'data.city': '"Goa"',
    'data.score': '7',
    'data.name': 'null',
    state: '"NEW"',
  });
});
