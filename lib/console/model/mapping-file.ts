import { mapFileOf } from '../../../lambdas/rows/map-file.ts';
import type { Download } from './failed-rows.ts';
import type { Mapping } from './flow.ts';

/** Makes a file of a mapping, which the command line takes with --map-file. */
export function mappingFile({ source, names, readings }: Mapping): Download {
  const headers = source.format === 'csv' ? source.head.headers : [];
  const columns = headers.flatMap((header, position) => {
    const name = names[position] ?? '';
    // A column without a name is nothing unless it is sent.
    if (header === '' && name === '') return [];
    return [[header, { name, reading: name === '' ? {} : (readings.get(position) ?? {}) }] as const];
  });
  return { name: 'mapping.json', type: 'application/json', content: mapFileOf(new Map(columns)) };
}
