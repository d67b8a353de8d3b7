import { expect, test } from 'vitest';
import { BulkUpdateClient } from '../../lib/client/index.ts';
import { tryRows } from '../../lib/console/model/send.ts';
import { type ScriptedResponse, startScriptedApi } from '../support/scripted-api.ts';

test('of items whose dry run is too large to be told, the halves are tried', async () => {
  const rows = ['a', 'b', 'c'].map((id, i) => ({ line: i + 2, text: `{"id":"${id}"}`, cells: [] }));
  const tooLarge: ScriptedResponse = {
    status: 413,
    errors: [{ code: 'ANSWER_TOO_LARGE', message: 'Send fewer items at a time.' }],
  };
  const dry = (...ids: string[]): ScriptedResponse => ({
    status: 200,
    data: { entries: ids.map((id, index) => ({ index, identifier: { id } })) },
  });
  const { url, requests } = await startScriptedApi(
    tooLarge,
    tooLarge,
    dry('a'),
    dry('b'),
    dry('c'),
    tooLarge,
  );
  const client = new BulkUpdateClient({ url, apiKey: 'key' });
  const tried = await Array.fromAsync(tryRows(client, 'lead', rows));
  expect(tried.flat().map(({ identifier }) => identifier.id)).toEqual(['a', 'b', 'c']);
  expect(requests.map(({ body }) => JSON.parse(body).processes.length)).toEqual([3, 2, 1, 1, 1]);
  await expect(Array.fromAsync(tryRows(client, 'lead', rows.slice(0, 1)))).rejects.toThrow('fewer items');
});
