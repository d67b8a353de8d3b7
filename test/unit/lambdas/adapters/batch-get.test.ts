import { type BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { batchGet } from '../../../../lambdas/adapters/batch-get.ts';

/** Reads so many keys of each request as the script says, and leaves the others. */
function scripted(script: readonly number[]) {
  const asked: unknown[][] = [];
  const pauses: number[] = [];
  const client = Object.assign(Object.create(DynamoDBDocumentClient.prototype), {
    send: async ({ input }: BatchGetCommand) => {
      const { Keys = [], ...request } = input.RequestItems?.table ?? {};
      const read = script[asked.length] ?? 0;
      asked.push(Keys);
      const left = Keys.slice(read);
      return {
        Responses: { table: Keys.slice(0, read) },
        ...(left.length === 0 ? {} : { UnprocessedKeys: { table: { ...request, Keys: left } } }),
      };
    },
  }) as DynamoDBDocumentClient;
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  const read = (Keys: Record<string, string>[]) =>
    batchGet(client, 'table', { Keys, ConsistentRead: true }, pause);
  return { read, asked, pauses };
}

const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

it('asks again for the keys that were left unread, at once while some are read', async () => {
  const { read, asked, pauses } = scripted([1, 1, 1]);
  expect(await read([a, b, c])).toEqual([a, b, c]);
  expect(asked).toEqual([[a, b, c], [b, c], [c]]);
  expect(pauses).toEqual([]);
});

it('pauses ever longer while none is read', async () => {
  const { read, asked, pauses } = scripted([0, 0, 0, 0, 2, 0, 1]);
  expect(await read([a, b, c])).toEqual([a, b, c]);
  expect(asked).toHaveLength(7);
  expect(pauses).toHaveLength(5);
  for (const [index, ms] of pauses.entries()) {
    const base = [50, 100, 200, 400, 50][index] ?? 0;
    expect(ms / base).toBeGreaterThanOrEqual(0.5);
    expect(ms / base).toBeLessThan(1.5);
  }
});

it('gives up when none is read for long, and asks for none without keys', async () => {
  const { read, asked } = scripted([1]);
  await expect(read([a, b, c])).rejects.toThrow('2 keys');
  expect(asked).toHaveLength(6);
  const idle = scripted([]);
  expect(await idle.read([])).toEqual([]);
  expect(idle.asked).toEqual([]);
});
