import { expect, test } from 'vitest';
import type { BulkUpdateClient, EntriesOptions } from '../../../../../lib/client/index.ts';
import { readSentItem } from '../../../../../lib/console/model/sent-item.ts';
import { entry } from '../../../../support/entry.ts';

/** A client whose job has these lines, one a page. */
function clientOf(...lines: string[]) {
  const asked: EntriesOptions[] = [];
  const client = {
    entriesText: async function* (_job: string, _format: string, options: EntriesOptions) {
      asked.push(options);
      for (const line of lines) yield `${line}\n`;
    },
  } as unknown as BulkUpdateClient;
  return { client, asked };
}

const line = (index: number, item: string) => `${JSON.stringify(entry(index)).slice(0, -1)},"item":${item}}`;

test('what was sent is found by its process, and its numbers stay as they are written', async () => {
  const { client, asked } = clientOf(line(11, '{"index":1,"a":2}'), line(1, '{"score":1.50}'));
  expect(await readSentItem(client, 'job', entry(1))).toBe('{\n  "score": 1.50\n}');
  expect(asked).toEqual([{ identifier: 'LEAD-1' }]);
});

test.for([{}, { lead_id: 7 }, { lead_id: '' }])(
  'an entry whose process cannot be searched, %j, is looked for among all',
  async (identifier) => {
    const { client, asked } = clientOf(line(0, '1'), line(1, 'null'));
    expect(await readSentItem(client, 'job', entry(1, { identifier }))).toBe('null');
    expect(asked).toEqual([{}]);
  },
);

test('what the API does not have any more is not made up', async () => {
  expect(await readSentItem(clientOf(line(0, '{}')).client, 'job', entry(1))).toBeUndefined();
});
