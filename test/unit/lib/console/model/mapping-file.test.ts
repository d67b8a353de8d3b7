import { expect, test } from 'vitest';
import { readMapFile } from '../../../../../lambdas/rows/map-file.ts';
import type { Mapping } from '../../../../../lib/console/model/flow.ts';
import { mappingFile } from '../../../../../lib/console/model/mapping-file.ts';

test('a mapping is written as the command line reads it, with the columns that are omitted', () => {
  const source = { format: 'csv', head: { headers: ['Lead', 'Umsatz', 'Bemerkung', ''] } };
  const names = ['lead_id', 'budget', '', ''];
  const readings = new Map([
    [1, { number: '1.234,50' }],
    [2, { ignoreCase: true }],
  ]);
  const { name, content } = mappingFile({ source, names, readings } as unknown as Mapping);
  expect(name).toBe('mapping.json');
  expect(readMapFile(String(content))).toEqual(
    new Map([
      ['Lead', { name: 'lead_id', reading: {} }],
      ['Umsatz', { name: 'budget', reading: { number: '1.234,50' } }],
      ['Bemerkung', { name: '', reading: {} }],
    ]),
  );
});
