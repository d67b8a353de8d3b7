import { NotUtf8Error } from '../../../lambdas/rows/characters.ts';
import { encodingOf } from '../../../lambdas/rows/encoding.ts';
import { maybeWorkbook } from '../../../lambdas/rows/file-kind.ts';
import { FileError } from '../../../lambdas/rows/row.ts';
import { part } from './part.ts';
import type { SheetPreview } from './preview-sheets.ts';
import { bytesOf, readCsv, textOf } from './read-source.ts';

/** What there is to choose about a file, before it is read. */
export type Inspection =
  | { is: 'clear' }
  /** It is not UTF-8, and reads like this in Windows-1252. */
  | { is: 'not UTF-8'; message: string; samples: CellSample[] }
  | { is: 'workbook'; sheets: SheetPreview[] }
  | { is: 'wrong'; faults: readonly string[] };

/** A cell with letters that depend on the encoding. */
export interface CellSample {
  line: number;
  header: string;
  text: string;
}

/** Maximum number of cells that show how a file reads in Windows-1252. */
const MAX_SAMPLES = 6;

/** Finds out what there is to choose about a file. */
export async function inspectSource(file: File): Promise<Inspection> {
  try {
    const bytes = await bytesOf(file);
    if (maybeWorkbook(bytes)) {
      const { previewSheets } = await part(() => import('./preview-sheets.ts'));
      return { is: 'workbook', sheets: await previewSheets(file) };
    }
    try {
      await textOf(bytes, encodingOf(bytes, file.name));
      return { is: 'clear' };
    } catch (error) {
      if (!(error instanceof NotUtf8Error) || !error.maybeWindows1252) throw error;
      const [message = ''] = error.faults;
      return { is: 'not UTF-8', message, samples: await samplesOf(bytes) };
    }
  } catch (error) {
    if (error instanceof FileError) return { is: 'wrong', faults: error.faults };
    throw error;
  }
}

/** Returns the first cells that Windows-1252 makes something of, each text once. */
async function samplesOf(bytes: Uint8Array): Promise<CellSample[]> {
  const text = await textOf(bytes, { name: 'windows-1252', hasMark: false });
  const { head, records } = readCsv(text);
  const samples = new Map<string, CellSample>();
  for (const { record, line } of [{ record: head.headers, line: 1 }, ...records]) {
    for (const [position, cell] of record.entries()) {
      if (!/[\u0080-\uFFFF]/.test(cell) || samples.has(cell)) continue;
      samples.set(cell, { line, header: head.headers[position] ?? '', text: cell });
      if (samples.size === MAX_SAMPLES) return [...samples.values()];
    }
  }
  return [...samples.values()];
}
