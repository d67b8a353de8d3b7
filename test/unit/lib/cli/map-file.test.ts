import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { columnOptionsOf } from '../../../../lib/cli/map-file.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const folder = temporaryFolder();
function written(text: string): string {
  const path = join(folder, 'map.json');
  writeFileSync(path, text);
  return path;
}

test('a map file names the columns and how they are read, and a flag overrides it', async () => {
  const mapFile = written('\uFEFF{"columns":{"Ort":"city","Umsatz":{"name":"budget","number":"1.234,50"}}}');
  const { map, readings } = await columnOptionsOf({ mapFile, map: new Map([['Ort', 'country']]) });
  expect(Object.fromEntries(map ?? [])).toEqual({ Ort: 'country', Umsatz: 'budget' });
  expect(readings?.get('Umsatz')).toEqual({ number: '1.234,50' });
});

test('without a map file, the flags stay', async () => {
  const flags = { map: new Map([['Ort', 'city']]) };
  expect(await columnOptionsOf(flags)).toBe(flags);
});

test.for([
  ['{"columns":{"a":1}}', /^The map file .*map\.json is not valid\.\n\/columns\/a must be/],
  ['lead_id,city', /is not valid JSON/],
] as const)('a map file that is %s is refused', async ([text, message]) => {
  await expect(columnOptionsOf({ mapFile: written(text) })).rejects.toThrow(message);
});

test('a map file that cannot be read is refused', async () => {
  await expect(columnOptionsOf({ mapFile: join(folder, 'none.json') })).rejects.toThrow(
    'The map file cannot be read: ENOENT',
  );
});
