import { isErrorColumn } from './column-names.ts';
import type { CsvRecord } from './csv-format.ts';

/**
 * Delimiters to detect. Spreadsheets write semicolons where the comma is the decimal mark. The comma is last, as it
 * occurs in texts.
 */
export const DELIMITERS = [';', '\t', '|', ','] as const;

/** Number of rows from which the delimiter is detected. */
export const SAMPLE_ROWS = 50;

/**
 * Returns the delimiter that the first line names for Excel: `sep=;`, which is not a row. Spreadsheets that do not know
 * it write it again, followed by the delimiters of the other rows. https://github.com/mechatroner/vscode_rainbow_csv/issues/108; a
 * tab is in quotes: https://github.com/tspence/csharp-csv-reader/issues/28
 */
export function separatorOf(beginning: string): string | undefined {
  const [line = ''] = beginning.split(/\r\n|\r|\n/, 1);
  const [, named = '', rest = ''] = /^"?sep=(\\t|[^\p{L}\p{N}"])"?(.*)$/iu.exec(line) ?? [];
  const separator = named === '\\t' ? '\t' : named;
  return separator !== '' && rest.replaceAll(separator, '') === '' ? separator : undefined;
}

/** Returns the line that names the delimiter for the failed rows, if the file that was sent has one. */
export function separatorLine(beginning: string, delimiter: string): string {
  return separatorOf(beginning) === undefined ? '' : `sep=${delimiter}\n`;
}

/** The first records of a file as one delimiter separates them. */
export interface CsvSample {
  delimiter: string;
  records: readonly CsvRecord[];
  /** Whether a row is not valid with it. */
  isBroken: boolean;
}

/**
 * Chooses the delimiter by which most rows have as many cells as the first one, and of several the one with most columns.
 * @returns undefined when none makes two columns
 */
export function chosenDelimiter(samples: readonly CsvSample[]): string | undefined {
  const scored = samples.flatMap(({ delimiter, records: [head, ...rows], isBroken }) => {
    const columns = head?.record.length ?? 0;
    if (columns < 2) return [];
    const alike = rows.filter(({ record }) => record.length === columns).length;
    const share = rows.length === 0 ? Number(!isBroken) : alike / (rows.length + Number(isBroken));
    // These two columns were written with the delimiter of the file.
    return [{ delimiter, columns, share: head?.record.some(isErrorColumn) ? 1 : share }];
  });
  scored.sort((a, b) => b.share - a.share || b.columns - a.columns);
  return scored[0]?.delimiter;
}
