import { expect, test } from 'vitest';
import { goa, pune, rowFiles } from '../../../support/row-files.ts';

const { open, items, nameOf } = rowFiles();
const openAs = (extension: string, content: string | Uint8Array) => open(content, {}, nameOf(extension));
const itemsAs = (extension: string, content: string | Uint8Array) => items(content, {}, nameOf(extension));

test.for([
  ['plain', 'lead_id,city\nA,Goa\nB,Pune\n'],
  ['with a byte order mark and CRLF', '\uFEFFlead_id,city\r\nA,Goa\r\nB,Pune'],
  ['with semicolons', 'lead_id;city\nA;Goa\nB;Pune\n'],
  ['with tabs', 'lead_id\tcity\nA\tGoa\nB\tPune\n'],
  ['with spaces around the names of columns', ' lead_id , city\nA,Goa\nB,Pune\n'],
] as const)('a CSV %s', async ([, content]) => {
  expect(await itemsAs('csv', content)).toEqual([...[[2, goa] as const, [3, pune] as const]]);
});

test('a name with the other delimiter in quotes does not change how a CSV is cut', async () => {
  expect(await itemsAs('csv', '"lead_id";"city"\nA;"Goa, India"\n')).toEqual([
    [2, { lead_id: 'A', data: { city: 'Goa, India' } }],
  ]);
});

test('quotes, line breaks and characters of any plane in cells; rows without text do not count', async () => {
  const content = 'lead_id,city\nA,"Zürich ""ZH""\n🚀"\n\n,\nB,Pune\n';
  expect(await itemsAs('csv', content)).toEqual([
    [2, { lead_id: 'A', data: { city: 'Zürich "ZH"\n🚀' } }],
    [6, pune],
  ]);
});

test('of very many faults the first are told', async () => {
  const content = `lead_id,city\n${'A\n'.repeat(1_000)}`;
  await expect(openAs('csv', content)).rejects.toMatchObject({ faults: { length: 22 } });
});
