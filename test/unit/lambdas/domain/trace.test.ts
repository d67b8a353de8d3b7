import { expect, test } from 'vitest';
import { traceOf } from '../../../../lambdas/domain/trace.ts';
import { aMessage } from '../../../support/builders.ts';
import { MemoryProcesses } from '../../../support/memory.ts';

const ORDER = 10_000;
const aProcess = (id: string, clocks: Record<string, number> = { 'data.city': ORDER }, team = 'local') => ({
  ...{ id, team, procedure: 'lead', primaryKey: 'KEY', clocks },
});
const byKey = aMessage({ target: { primaryKey: 'KEY' } });

test('an update that a process carries was applied', async () => {
  const processes = new MemoryProcesses([aProcess('a')]);
  expect(await traceOf(aMessage({ target: { id: 'a' } }), processes)).toEqual({
    index: 0,
    result: { outcome: 'APPLIED' },
  });
});

test('an update that a process refused was refused', async () => {
  const processes = new MemoryProcesses([{ ...aProcess('a', {}), decided: { [ORDER]: 'R' } }]);
  expect(await traceOf(aMessage({ target: { id: 'a' } }), processes)).toEqual({
    index: 0,
    result: { error: 'STATE_NOT_ALLOWED' },
  });
});

test('the process that was found by its primary key is told', async () => {
  expect(await traceOf(byKey, new MemoryProcesses([aProcess('a')]))).toMatchObject({ processId: 'a' });
});

test.each([
  ['shows nothing of it', [aProcess('a', { 'data.city': ORDER + 1 })]],
  ['is one of several of its primary key', [aProcess('a'), aProcess('b')]],
  ['is of another team', [aProcess('a', undefined, 'other')]],
  ['is not there', []],
])('nothing is told when the process %s', async (_what, stored) => {
  expect(await traceOf(byKey, new MemoryProcesses(stored))).toBeUndefined();
});
