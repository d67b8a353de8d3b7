import { describe, expect, test } from 'vitest';
import { readSource } from '../../../../lib/console/model/read-source.ts';
import { goa, pune, rowFiles } from '../../../support/row-files.ts';

const { items } = rowFiles();

describe('JSON is known by its content', () => {
  test.for([
    ['lines.json', '{"lead_id":"A","data":{"city":"Goa"}}\n{"lead_id":"B","data":{"city":"Pune"}}\n', [1, 2]],
    [
      'lines-crlf.json',
      '{"lead_id":"A","data":{"city":"Goa"}}\r\n{"lead_id":"B","data":{"city":"Pune"}}',
      [1, 2],
    ],
    [
      'marked.json',
      '\uFEFF\n{"lead_id":"A","data":{"city":"Goa"}}\n{"lead_id":"B","data":{"city":"Pune"}}\n',
      [2, 3],
    ],
    [
      'array.jsonl',
      '[{"lead_id":"A","data":{"city":"Goa"}},\n{"lead_id":"B","data":{"city":"Pune"}}]',
      [1, 2],
    ],
    [
      'wrapped.ndjson',
      '{"processes":[{"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]}',
      [1, 2],
    ],
    [
      'pretty.json',
      '{\n  "lead_id": "A",\n  "data": { "city": "Goa" }\n}\n{\n  "lead_id": "B",\n  "data": { "city": "Pune" }\n}\n',
      [1, 2],
    ],
    [
      'pretty.jsonl',
      '{\n  "lead_id": "A",\n  "data": { "city": "Goa" }\n}\n{\n  "lead_id": "B",\n  "data": { "city": "Pune" }\n}\n',
      [1, 2],
    ],
    ['joined.json', '{"lead_id":"A","data":{"city":"Goa"}}{"lead_id":"B","data":{"city":"Pune"}}', [1, 2]],
    ['lines.csv', '{"lead_id":"A","data":{"city":"Goa"}}\n{"lead_id":"B","data":{"city":"Pune"}}\n', [1, 2]],
    ['array.csv', '[ {"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]', [1, 2]],
    ['pretty.txt', '{\n"lead_id":"A","data":{"city":"Goa"}} {"lead_id":"B","data":{"city":"Pune"}}', [1, 2]],
  ] as const)('%s', async ([name, text, lines]) => {
    expect(await items(text, {}, name)).toEqual([
      [lines[0], goa],
      [lines[1], pune],
    ]);
    expect(await readSource(new File([text], name))).toMatchObject({
      rows: [{ line: lines[0] }, { line: lines[1] }],
    });
  });

  test('one line alone is an item', async () => {
    expect(await items('{"lead_id":"A","data":{"city":"Goa"}}', {}, 'one.json')).toEqual([[1, goa]]);
  });
});
