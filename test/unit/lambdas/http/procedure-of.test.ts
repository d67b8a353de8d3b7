import { expect, test } from 'vitest';
import type { ApiRequest } from '../../../../lambdas/http/api-handler.ts';
import { procedureOf } from '../../../../lambdas/http/procedure-of.ts';
import { refusalOf } from '../../../support/accepting.ts';
import { aProcedure } from '../../../support/builders.ts';

const procedures = {
  find: async (team: string, name: string) => {
    if (name === '' || Buffer.byteLength(name) > 1024) throw new Error('DynamoDB takes no such key');
    return team === 'local' && ['lead', 'procedure-1'].includes(name) ? aProcedure() : undefined;
  },
};
const find = (procedure: string, { team = 'local', allowed }: { team?: string; allowed?: string[] } = {}) =>
  procedureOf(
    { path: { procedure }, caller: { team, procedures: allowed } } as unknown as ApiRequest,
    procedures,
  );

test.each(['lead', 'procedure-1'])('a procedure is found by its short id and its id: %s', async (name) => {
  expect(await find(name)).toEqual(aProcedure());
});

test.each(['deal', '', 'x'.repeat(1_025), 'ü'.repeat(513)])('%s does not exist', async (name) => {
  expect(await refusalOf(find(name))).toBe('404 PROCEDURE_NOT_FOUND');
});

test('a procedure of another team does not exist', async () => {
  expect(await refusalOf(find('lead', { team: 'other' }))).toBe('404 PROCEDURE_NOT_FOUND');
});

test('the key lists short ids, and refuses by the id too', async () => {
  expect(await refusalOf(find('procedure-1', { allowed: ['contact'] }))).toBe('403 PROCEDURE_FORBIDDEN');
});

test('a name that looks like another is told with what cannot be seen in it', async () => {
  await expect(find('lead\u200b')).rejects.toThrow('U+200B');
});
