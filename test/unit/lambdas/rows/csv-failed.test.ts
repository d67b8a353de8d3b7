import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFailed } from '../../../../lib/cli/failed-file.ts';
import type { InputOptions } from '../../../../lib/cli/input.ts';
import { goa, rowFiles } from '../../../support/row-files.ts';

const { folder, open, items, nameOf } = rowFiles();

describe('failed rows', () => {
  const errors = [{ code: 'X', message: 'Y.' }];
  const failed = async (text: string | Uint8Array, options: Partial<InputOptions> = {}) => {
    const input = await open(text, options);
    const path = join(folder, nameOf('failed.csv'));
    async function* all() {
      for (let position = 0; position < input.total; position++) yield { position, errors };
    }
    await writeFailed(path, input, all());
    return readFileSync(path);
  };
  const MARK = Buffer.from('\uFEFF');

  test.for([
    ['the file has one', '\uFEFFlead_id,city\nA,Goa\n', true],
    ['a cell is not ASCII', 'lead_id,city\nA,Zürich\n', true],
    ['a name is not ASCII', 'lead_id,city,Straße\nA,Goa,\n', true],
    ['neither', 'lead_id,city\nA,Goa\n', false],
    ['the file is UTF-16 with one', Buffer.from('\uFEFFlead_id\tcity\nA\tGoa\n', 'utf16le'), true],
  ] as const)('begin with a byte order mark: %s', async ([, text, hasMark]) => {
    const bytes = await failed(text, { map: new Map(String(text).includes('ß') ? [['Straße', '']] : []) });
    expect(bytes.subarray(0, 3).equals(MARK)).toBe(hasMark);
    expect(bytes.indexOf(MARK, 1)).toBe(-1);
  });

  test('of JSON have none', async () => {
    const input = await open('\uFEFF{"lead_id":"Zürich"}\n', {}, 'marked.ndjson');
    expect(input.failed.needsMark({ isAscii: false })).toBe(false);
  });

  test('of JSON are known in an array too, and are sent without their errors', async () => {
    const text = '[{"lead_id":"A","data":{"city":"Goa"},"_errors":[{"code":"X","message":"Y."}]}]';
    expect(await items(text, {}, 'array.json')).toEqual([[1, goa]]);
    const input = await open(text, {}, 'array-again.json');
    expect(input).toMatchObject({
      isOfFailed: true,
      warnings: ['Omitted, as errors of an earlier run: "_errors".'],
    });
  });

  test('are known by their columns, and say which these are', async () => {
    const input = await open('lead_id,_error_message,city\nA,x,Goa\n');
    expect(input.isOfFailed).toBe(true);
    expect(input.warnings).toEqual(['Omitted, as errors of an earlier run: "_error_message".']);
    expect((await open('{"lead_id":"A","_errors":[]}\n', {}, 'failed.ndjson')).isOfFailed).toBe(true);
    expect((await open('lead_id,city\nA,Goa\n')).isOfFailed).toBe(false);
  });
});
