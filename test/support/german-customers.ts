import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Procedure } from '../../lambdas/contract/procedure.ts';
import { serialOf } from '../../lambdas/rows/xlsx-dates.ts';
import { localParts } from './local.ts';
import { workbookWith } from './workbooks.ts';

/** Rows of the workbook. */
export const CUSTOMERS = 3_000;

/** Cells that are wrong, of several kinds. There are 40 of them. */
export const WRONG: readonly WrongCells[] = [
  { column: 'Umsatz (€)', cell: 'viele', count: 12, right: '7.250,50', value: 7250.5 },
  { column: 'Rundbrief', cell: 'vielleicht', count: 7, right: 'false', value: false },
  { column: 'Kundenart', cell: 'Behörde', count: 6, right: 'Öffentlich', value: 'Öffentlich' },
  { column: 'Gründung', cell: '31.02.2020', count: 5, right: '29.02.2020', value: Date.UTC(2020, 1, 29) },
  { column: 'Größe', cell: 1.5, count: 4, right: '1.500', value: 1500 },
  // In summer time.
  {
    column: 'Wiedervorlage',
    cell: 'morgen',
    count: 3,
    right: '1.7.2026 9:15',
    value: Date.UTC(2026, 6, 1, 7, 15),
  },
  { column: 'Kundennr.', cell: 'K-Übung', count: 3, right: undefined, value: undefined },
];

interface WrongCells {
  column: Header;
  /** A number is one in the workbook, too. */
  cell: string | number;
  /** Number of rows that have it. */
  count: number;
  /** What a person types instead; undefined for the row's own number. */
  right: string | undefined;
  /** What is stored then. */
  value: unknown;
}

/** What the API calls the columns of the workbook; empty for a column that is left out. */
export const COLUMNS = {
  'Kundennr.': 'customer_id',
  Name: 'last_name',
  Straße: 'street',
  'Umsatz (€)': 'revenue',
  Größe: 'employees',
  Rundbrief: 'newsletter',
  Kundenart: 'category',
  Gründung: 'founded',
  Vertragsende: 'contract_end',
  Wiedervorlage: 'nextActionAt',
  Bemerkung: '',
} as const;
type Header = keyof typeof COLUMNS;
export const HEADERS = Object.keys(COLUMNS) as Header[];

/** Row of the sheet that names the columns, below a title. */
export const HEADER_ROW = 3;
export const SHEET = 'Kunden für März';

export function customerProcedure(shortId: string): Procedure {
  return {
    ...{ team: 'local', id: `procedure-${shortId}`, shortId, name: 'Kunde', primaryKey: 'customer_id' },
    states: ['NEW', 'ACTIVE'],
    attributes: {
      customer_id: { type: 'string' },
      last_name: { type: 'name' },
      street: { type: 'string' },
      revenue: { type: 'decimal' },
      employees: { type: 'integer' },
      newsletter: { type: 'boolean' },
      category: { type: 'stringEnum', options: ['Gewerbe', 'Privat', 'Öffentlich'] },
      founded: { type: 'date' },
      contract_end: { type: 'date' },
    },
  };
}

/** Number of items in a BatchWriteItem. */
const BATCH = 25;

/** Puts the procedure and its customers into the local stack, as another system does. */
export async function createCustomers(shortId: string): Promise<void> {
  const { documents, tables } = localParts();
  await documents.send(new PutCommand({ TableName: tables.procedures, Item: customerProcedure(shortId) }));
  const processes = Array.from({ length: CUSTOMERS }, (_, at) => {
    const [primaryKey, now] = [keyOf(at), Date.now()];
    return {
      ...{ id: crypto.randomUUID(), team: 'local', procedure: shortId, primaryKey },
      ...{ status: 'OPEN', state: 'NEW', data: { customer_id: primaryKey }, clocks: {} },
      ...{ createdAt: now, updatedAt: now },
    };
  });
  const batches = Array.from({ length: CUSTOMERS / BATCH }, (_, at) =>
    processes.slice(at * BATCH, (at + 1) * BATCH),
  );
  await pMap(
    batches,
    (batch) => {
      const requests = batch.map((Item) => ({ PutRequest: { Item } }));
      return documents.send(new BatchWriteCommand({ RequestItems: { [tables.processes]: requests } }));
    },
    { concurrency: 4 },
  );
}

/** @param at - place of the customer, from 0 */
export const keyOf = (at: number) => `K-${String(at + 1).padStart(5, '0')}`;

/** Number of the row of the sheet. */
export const rowOf = (at: number) => HEADER_ROW + 1 + at;

const NAMES = ['Müller', 'Größwein', 'Weiß', 'Jäger', 'Çelik', 'Øster'];
const STREETS = ['Königsallee', 'Schloßstraße', 'Am Übersee', 'Straße „An der Börse“'];
const KINDS = ['Gewerbe', 'privat', ' ÖFFENTLICH '] as const;
const STORED_KINDS = ['Gewerbe', 'Privat', 'Öffentlich'];

const day = (at: number) => Date.UTC(2000, 0, 1 + at * 3);
const contractEnd = (at: number) => Date.UTC(2027, 0, 1 + (at % 700));
/** As the clock of the user shows it, whichever the time zone is: in summer and in winter. */
const nextAction = (at: number) => Date.UTC(2026, at % 12, 1 + (at % 28), 8, 30);

/** What is stored of a customer in the end, with the moments of Europe/Berlin. */
export function storedCustomer(at: number): { data: Record<string, unknown>; nextActionAt: number } {
  const data: Record<string, unknown> = {
    customer_id: keyOf(at),
    last_name: NAMES[at % NAMES.length],
    street: `${STREETS[at % STREETS.length]} ${at + 1}`,
    revenue: 14_507.5 + at,
    employees: at + 1,
    newsletter: at % 2 === 0,
    category: STORED_KINDS[at % KINDS.length],
    founded: day(at),
    contract_end: contractEnd(at),
  };
  const nextActionAt = nextAction(at) - berlinOffset(nextAction(at));
  const { column, value } = wrongCellOf(at) ?? {};
  if (column === undefined || value === undefined) return { data, nextActionAt };
  if (column === 'Wiedervorlage') return { data, nextActionAt: Number(value) };
  return { data: { ...data, [COLUMNS[column]]: value }, nextActionAt };
}

/** Summer time is from the last Sunday of March to that of October: in 2026, the 29th and the 25th. */
function berlinOffset(local: number): number {
  const isSummer = local >= Date.UTC(2026, 2, 29, 2) && local < Date.UTC(2026, 9, 25, 3);
  return (isSummer ? 2 : 1) * 3_600_000;
}

const NUMBER = new Intl.NumberFormat('de', { minimumFractionDigits: 2 });
const germanDay = (moment: number) => {
  const [year, month, dayOfMonth] = new Date(moment).toISOString().slice(0, 10).split('-');
  return `${dayOfMonth}.${month}.${year}`;
};

/** A cell of a workbook: a text, or a number with the style that shows it. */
type Cell = string | { value: number; style: number };
const number = (value: number, style = 0): Cell => ({ value, style });

/** The cells of a customer, by header. */
function cellsOf(at: number): Record<Header, Cell> {
  const revenue = 14_507.5 + at;
  return {
    'Kundennr.': keyOf(at),
    Name: NAMES[at % NAMES.length] ?? '',
    Straße: `${STREETS[at % STREETS.length]} ${at + 1}`,
    // Some are numbers, as when half of a column was imported.
    'Umsatz (€)': at % 5 === 4 ? number(revenue) : NUMBER.format(revenue),
    Größe: at % 2 === 0 ? number(at + 1) : new Intl.NumberFormat('de').format(at + 1),
    Rundbrief: at % 2 === 0 ? 'Ja' : 'Nein',
    Kundenart: KINDS[at % KINDS.length] ?? '',
    Gründung: germanDay(day(at)),
    Vertragsende: number(serialOf(contractEnd(at)), DATE),
    Wiedervorlage: number(serialOf(nextAction(at)), DATE_TIME),
    Bemerkung: at % 3 === 0 ? 'ruft zurück' : '',
  };
}

const DATE = 1;
const DATE_TIME = 2;
/** Number formats of these styles. */
const FORMATS = ['dd\\.mm\\.yyyy', 'dd\\.mm\\.yyyy hh:mm'];

/** Rows with a wrong cell are spread over the file. */
const WRONG_EVERY = 71;

/** Returns the wrong cell of a customer, if there is one. */
export function wrongCellOf(at: number): WrongCells | undefined {
  if (at % WRONG_EVERY !== WRONG_EVERY - 1) return undefined;
  let place = Math.floor(at / WRONG_EVERY);
  for (const wrong of WRONG) {
    if (place < wrong.count) return wrong;
    place -= wrong.count;
  }
  return undefined;
}

/** Places of customers that stand for all: those with a wrong cell, and each fiftieth. */
export function someCustomers(): number[] {
  return Array.from({ length: CUSTOMERS }, (_, at) => at).filter(
    (at) => at % 50 === 0 || wrongCellOf(at) !== undefined,
  );
}

/** The workbook as Excel writes it, with its title, a hidden sheet and 40 wrong cells. */
export function germanWorkbook(): Promise<Uint8Array<ArrayBuffer>> {
  const texts = new Map<string, number>();
  const textCell = (place: string, text: string) => {
    if (text === '') return '';
    if (!texts.has(text)) texts.set(text, texts.size);
    return `<c r="${place}" t="s"><v>${texts.get(text)}</v></c>`;
  };
  const rowXml = (row: number, cells: readonly Cell[]) => {
    const written = cells.map((cell, column) => {
      const place = `${String.fromCharCode(65 + column)}${row}`;
      return typeof cell === 'string'
        ? textCell(place, cell)
        : `<c r="${place}" s="${cell.style}"><v>${cell.value}</v></c>`;
    });
    return `<row r="${row}">${written.join('')}</row>`;
  };
  const rows = Array.from({ length: CUSTOMERS }, (_, at) => {
    const cells = cellsOf(at);
    const { column, cell } = wrongCellOf(at) ?? {};
    if (column !== undefined && cell !== undefined)
      cells[column] = typeof cell === 'number' ? number(cell) : cell;
    return rowXml(
      rowOf(at),
      HEADERS.map((header) => cells[header]),
    );
  });
  const sheets = {
    Hinweise: rowXml(1, ['Nur für den Vertrieb']),
    [SHEET]: [rowXml(1, ['Größte Kunden, Stand November']), rowXml(HEADER_ROW, HEADERS), ...rows].join(''),
  };
  const items = [...texts.keys()].map((text) => `<si><t xml:space="preserve">${text}</t></si>`);
  return workbookWith({
    ...{ sheets, formats: FORMATS, texts: items.join('') },
    attributes: { Hinweise: 'state="hidden"' },
  });
}
