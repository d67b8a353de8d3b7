const QUOTE = 0x22;

/** Where a cell is in its row, with its quotation marks. */
export interface CellRange {
  start: number;
  end: number;
}

/**
 * Finds the cells of a row of a CSV, as they are written.
 * @param row - that csv-parse reads without an error, without its line end
 */
export function cellsOf(row: Uint8Array, delimiter: Uint8Array): CellRange[] {
  const cells: CellRange[] = [];
  let start = 0;
  for (;;) {
    const from = row[start] === QUOTE ? afterQuotes(row, start) : start;
    const end = nextDelimiter(row, from, delimiter);
    cells.push({ start, end });
    if (end === row.length) return cells;
    start = end + delimiter.length;
  }
}

/** Returns the position after the quotation mark that closes the one at the start. */
function afterQuotes(row: Uint8Array, start: number): number {
  let position = start + 1;
  while (position < row.length) {
    if (row[position] !== QUOTE) position += 1;
    else if (row[position + 1] === QUOTE) position += 2;
    else return position + 1;
  }
  return row.length;
}

/** Returns the position of the next delimiter, or of the end. */
function nextDelimiter(row: Uint8Array, start: number, delimiter: Uint8Array): number {
  for (let position = start; position < row.length; position++) {
    if (delimiter.every((byte, place) => row[position + place] === byte)) return position;
  }
  return row.length;
}
