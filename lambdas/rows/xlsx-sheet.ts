import { type CellContext, cellOf, type RawCell, type SheetCell } from './xlsx-cells.ts';
import type { NumberFormat } from './xlsx-number-formats.ts';
import { damaged, type XlsxPackage } from './xlsx-package.ts';
import { isSet, unescaped, visitXml, type XmlAttributes } from './xlsx-xml.ts';

/** A row of a sheet with the cells that have a value. */
export interface SheetRow {
  /** As the spreadsheet shows it, from 1. */
  number: number;
  isHidden: boolean;
  cells: SheetCell[];
}

/** What a sheet has beside its rows. It is complete once they were read. */
export interface SheetFacts {
  /** Positions of hidden columns: first and last. */
  hiddenColumns: [number, number][];
  /** Last rows of merged cells. */
  mergedTo: number[];
  hasFilter: boolean;
}

/** The last cell that a sheet can have: XFD1048576. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;

/** About 500,000 rows of 20 columns. */
const MAX_SHEET_BYTES = 512 * 1024 ** 2;

/** Reads the rows of a sheet that have a value, in their order. What the sheet says of its size is not looked at. */
export async function* readSheet(
  parts: XlsxPackage,
  path: string,
  formats: readonly NumberFormat[],
  context: CellContext,
  facts: SheetFacts,
): AsyncGenerator<SheetRow, void, void> {
  const reader = new SheetReader(formats, context, facts);
  for await (const _ of visitXml(parts.read(path, MAX_SHEET_BYTES), reader)) yield* reader.taken();
}

class SheetReader {
  readonly #formats: readonly NumberFormat[];
  readonly #context: CellContext;
  readonly #facts: SheetFacts;
  #rows: SheetRow[] = [];
  #row: SheetRow = { number: 0, isHidden: false, cells: [] };
  #cell: RawCell | undefined;
  /** Position of the last column. */
  #column = -1;
  /** Whether text belongs to the value of the cell. */
  #isValue = false;
  /** Depth of phonetic text, which is no part of a value. */
  #phonetic = 0;

  constructor(formats: readonly NumberFormat[], context: CellContext, facts: SheetFacts) {
    this.#formats = formats;
    this.#context = context;
    this.#facts = facts;
  }

  /** Takes the rows that are complete. */
  taken(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open = (name: string, attributes: XmlAttributes): void => {
    switch (name) {
      case 'row':
        this.#row = { number: this.#rowNumber(attributes.r), isHidden: isSet(attributes.hidden), cells: [] };
        this.#column = -1;
        break;
      case 'c':
        this.#column = this.#columnOf(attributes.r);
        this.#cell = {
          column: this.#column,
          type: attributes.t ?? 'n',
          value: undefined,
          hasFormula: false,
          format: this.#formats[Number(attributes.s ?? 0)] ?? { is: 'number' },
        };
        break;
      case 'f':
        if (this.#cell !== undefined) this.#cell.hasFormula = true;
        break;
      case 'rPh':
        this.#phonetic += 1;
        break;
      case 'v':
      case 't':
        this.#isValue = this.#cell !== undefined && this.#phonetic === 0;
        if (this.#isValue && this.#cell !== undefined) this.#cell.value ??= '';
        break;
      case 'col':
        if (isSet(attributes.hidden))
          this.#facts.hiddenColumns.push([Number(attributes.min) - 1, Number(attributes.max) - 1]);
        break;
      case 'mergeCell':
        this.#facts.mergedTo.push(lastRowOf(attributes.ref ?? ''));
        break;
      case 'autoFilter':
        this.#facts.hasFilter = true;
    }
  };

  text = (text: string): void => {
    if (this.#isValue && this.#cell !== undefined) this.#cell.value += text;
  };

  close = (name: string): void => {
    switch (name) {
      case 'row':
        if (this.#row.cells.some(({ text, fault }) => fault !== undefined || text.trim() !== ''))
          this.#rows.push(this.#row);
        break;
      case 'c':
        this.#takeCell();
        break;
      case 'rPh':
        this.#phonetic -= 1;
        break;
      case 'v':
      case 't':
        this.#isValue = false;
    }
  };

  #takeCell(): void {
    const raw = this.#cell;
    this.#cell = undefined;
    if (raw === undefined) return;
    const hasText = raw.type === 'str' || raw.type === 'inlineStr';
    if (hasText && raw.value !== undefined) raw.value = unescaped(raw.value);
    const cell = cellOf(raw, this.#context);
    if (cell !== undefined) this.#row.cells.push(cell);
  }

  #rowNumber(reference: string | undefined): number {
    const number = reference === undefined ? this.#row.number + 1 : Number(reference);
    if (!Number.isInteger(number) || number <= this.#row.number || number > MAX_ROWS)
      throw damaged(`row ${reference ?? number} comes after row ${this.#row.number}`);
    return number;
  }

  #columnOf(reference: string | undefined): number {
    const letters = reference === undefined ? undefined : /^[A-Z]{1,3}(?=\d+$)/.exec(reference)?.[0];
    if (reference !== undefined && letters === undefined) throw damaged(`it has a cell ${reference}`);
    const column = letters === undefined ? this.#column + 1 : columnOfLetters(letters);
    if (column <= this.#column || column >= MAX_COLUMNS)
      throw damaged(`row ${this.#row.number} has a cell ${reference ?? ''} out of place`);
    return column;
  }
}

/** Returns the last row of a range such as `A4:C6`. */
function lastRowOf(range: string): number {
  return Number(range.slice(range.indexOf(':') + 1).replace(/^[A-Z]+/, ''));
}

function columnOfLetters(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
