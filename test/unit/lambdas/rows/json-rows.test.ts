import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ndjsonRows, withErrors } from '../../../../lambdas/rows/json-rows.ts';
import { goa, pune, rowFiles } from '../../../support/row-files.ts';

const wrong = { code: 'INVALID_VALUE', message: 'It is "wrong", and so on.' };
const missing = { code: 'PROCESS_NOT_FOUND', message: 'There is none.' };
const { open, items, nameOf } = rowFiles();
const openAs = (extension: string, content: string | Uint8Array) => open(content, {}, nameOf(extension));
const itemsAs = (extension: string, content: string | Uint8Array) => items(content, {}, nameOf(extension));

test('an item is written again as it was, whatever it holds and however deep', async () => {
  const rowsOf = async (line: string) => (await Array.fromAsync(ndjsonRows([line]))).map((row) => row);
  const name = fc.constantFrom('a', '_errors', 'x"_errors"', '', 'ü');
  const object = fc.dictionary(fc.oneof(fc.string(), name), fc.jsonValue(), { maxKeys: 5 });
  const space = fc.constantFrom(undefined, 1, '\t');
  await fc.assert(
    fc.asyncProperty(object, space, async ({ _errors, ...item }, indent) => {
      const line = JSON.stringify(item, null, indent)
        .replaceAll('\n', ' ')
        .replace(/\s*\}$/, '}');
      expect(await rowsOf(withErrors(line, [wrong, missing]))).toMatchObject([{ text: line }]);
      const [row] = await rowsOf(`{"_errors":[{"a":[1]}],"b" : 1.50 , "_errors" : {} , "c":${line}}`);
      expect(row).toMatchObject({ text: `{"b" : 1.50 , "c":${line}}` });
    }),
  );
  const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(await rowsOf(withErrors(deep, [wrong]))).toMatchObject([{ text: deep }]);
  expect(await rowsOf('["_errors"]')).toMatchObject([{ text: '["_errors"]' }]);
  expect(await rowsOf('{"a":{"_errors":1}}')).toMatchObject([{ text: '{"a":{"_errors":1}}' }]);
});

test('only an object can carry its errors', () => {
  expect(withErrors('[{}]', [wrong])).toBe('[{}]');
});

describe('JSON is known by its content', () => {
  test.for([
    ['nan.ndjson', '{"lead_id":"A","data":{"score":NaN}}\n', 'Line 1 is not valid JSON'],
    ['nan.json', '[{"lead_id":"A","data":{"score":NaN}}]', 'Line 1 is not valid JSON'],
    ['infinity.json', '[{"lead_id":"A","data":{"score":-Infinity}}]', 'Line 1 is not valid JSON'],
    ['undefined.json', '{\n"lead_id":"A","data":{"score":undefined}}', 'Line 2 is not valid JSON'],
    ['hole.json', '[{"lead_id":"A","data":{"extra":[1,,2]}}]', 'Line 1 is not valid JSON'],
    ['cut.json', '{\n"lead_id":"A"}\n{"lead_id"', 'Line 3 is not valid JSON'],
  ] as const)('what is none is refused, and not null: %s', async ([name, text, message]) => {
    await expect(open(text, {}, name)).rejects.toThrow(message);
  });
});

test.for([
  [
    'ndjson',
    '\uFEFF{"lead_id":"A","data":{"city":"Goa"}}\r\n\r\n{"lead_id":"B","data":{"city":"Pune"}}',
    [1, 3],
  ],
  ['json', '[{"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]', [1, 2]],
  [
    'json',
    '{"processes":[{"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]}',
    [1, 2],
  ],
] as const)('%s: %s', async ([extension, content, lines]) => {
  expect(await itemsAs(extension, content)).toEqual([
    ...[[lines[0], goa] as const, [lines[1], pune] as const],
  ]);
});

test.for([
  '{"options":{"plan":true},"processes":[{"lead_id":"A"}]}',
  '{"processes":[{"lead_id":"A"}],"options":{"dryRun":true}}',
  '{"dryRun":true,"processes":[{"lead_id":"A"}]}',
])(
  'what is beside the items is refused, as it may be a safeguard that nothing follows: %s',
  async (content) => {
    await expect(itemsAs('json', content)).rejects.toThrow('Remove it: only items are read');
  },
);

test('a line of NDJSON ends with a line feed only', async () => {
  expect(await itemsAs('ndjson', '{"lead_id":"A","data":{"city":"a\u2028b\u2029c"}}')).toEqual([
    [1, { lead_id: 'A', data: { city: 'a\u2028b\u2029c' } }],
  ]);
});

test.for(['json', 'ndjson'])(
  'numbers and repeated keys in %s stay as they are written',
  async (extension) => {
    const item = '{"a":12345678901234567890,"a":1.50,"b":[1e400,{}],"c":"\\u00fc"}';
    const [row] = await Array.fromAsync(
      (await openAs(extension, extension === 'json' ? `[${item}]` : item)).rows(),
    );
    expect(row?.text).toBe(item.replace('\\u00fc', extension === 'json' ? 'ü' : '\\u00fc'));
  },
);
