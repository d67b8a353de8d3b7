import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { RowError } from '../../lambdas/rows/row.ts';
import { type Input, type InputOptions, openInput } from '../../lib/cli/input.ts';
import { openSource, type SourceOptions } from '../../lib/cli/source.ts';
import { aProcedure } from './builders.ts';
import { temporaryFolder } from './folder.ts';

/** With an attribute of each kind that a cell may be read as. */
export const procedure = aProcedure({
  attributes: { ...aProcedure().attributes, tags: { type: 'multiStringEnum' }, extra: { type: 'json' } },
});

export const goa = { lead_id: 'A', data: { city: 'Goa' } };
export const pune = { lead_id: 'B', data: { city: 'Pune' } };

/** Files of a test file, opened as the command opens them. */
export function rowFiles() {
  const folder = temporaryFolder();
  let files = 0;

  function write(content: string | Uint8Array, name = `${files++}.csv`): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  async function open(
    content: string | Uint8Array,
    options: Partial<InputOptions & SourceOptions> = {},
    name?: string,
  ) {
    const source = await openSource(write(content, name), Readable.from([]), options);
    return openInput(source, procedure, { clearMarker: '\\N', ...options });
  }

  /** Its items, with the lines where they begin. */
  async function items(
    content: string | Uint8Array,
    options: Partial<InputOptions & SourceOptions> = {},
    name?: string,
  ): Promise<[number, unknown][]> {
    const rows = await Array.fromAsync((await open(content, options, name)).rows());
    return rows.map(({ line, text }) => [line, JSON.parse(text)]);
  }

  return { folder, write, open, items, nameOf: (extension: string) => `${files++}.${extension}` };
}

/** What a file of failed rows would be if all rows failed with these errors. */
export async function failedText(input: Input, errors: readonly RowError[] = []): Promise<string> {
  async function* rows() {
    for await (const row of input.rows()) yield { row, errors };
  }
  return (await Array.fromAsync(input.failed.content(rows()))).join('');
}
