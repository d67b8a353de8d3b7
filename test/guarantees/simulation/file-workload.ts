import { gzipSync } from 'node:zlib';
import type { Item } from './expressions.ts';
import type { Damage, FileItemPlan, FileRequestPlan } from './file-plan.ts';
import type { ItemPlan, Team } from './plan.ts';
import { itemOf } from './workload.ts';

/** A file as a client has made it, and what it knows about it. */
export interface SentFile {
  request: number;
  format: 'csv' | 'ndjson';
  /** The bytes that are uploaded. */
  bytes: Uint8Array;
  header: string;
  rows: SentRow[];
  damage: Damage | undefined;
  /** The first row that is not to be processed; undefined where the damage does not tell. */
  faultRow: number | undefined;
  creates: boolean;
  /** The body that begins its job, but for its options. */
  frame: Item;
}

export interface SentRow {
  /** As it is written, without its line end. */
  text: string;
  /** The physical line on which it begins, from 1. */
  line: number;
  item: Item;
}

const COLUMNS = {
  ...{ Id: 'id', Lead: 'lead_id', State: 'state', Status: 'status', Assigned: 'assignedTo' },
  ...{ City: 'city', Score: 'score' },
};
const CSV_HEADER = 'Id,Lead,State,Status,Assigned,City,Score,Note';

/** What a damage becomes that a file cannot have. */
function damageOf({ damage, format, isPacked }: FileRequestPlan): Damage | undefined {
  if (damage === undefined) return undefined;
  if (format === 'ndjson' && ['notCsv', 'header'].includes(damage)) return 'notUtf8';
  return !isPacked && ['gzipCut', 'gzipDamaged', 'notGzip'].includes(damage) ? 'cut' : damage;
}

/** What is missing is created by no request but by the keys called new. */
export function fullItem({ target, by, fields, isInvalid }: FileItemPlan, creates: boolean): ItemPlan {
  const named = creates && target === 'MISSING' ? 'NEW1' : target;
  return { target: named, by, fields, isInvalid, clears: false, deletes: false };
}

/**
 * Writes the file of a request.
 * @param numbers - gives each row a number of its own
 */
export function fileOf(plan: FileRequestPlan, team: Team, request: number, numbers: () => number): SentFile {
  const { format, isPacked } = plan;
  const damage = damageOf(plan);
  const items = plan.rows.map((row) => ({
    ...itemOf(fullItem(row, plan.creates), team, request, numbers(), () => undefined),
  }));
  const isCsv = format === 'csv';
  const lineEnd = items.length % 2 === 1 ? '\r\n' : '\n';
  const texts = items.map((item, index) =>
    isCsv ? csvRow(item, damage === 'notCsv' ? index % 3 : index % 4) : JSON.stringify(item),
  );
  const at = Math.floor(items.length / 2);
  const broken = brokenRow(damage, isCsv);
  const faultRow = broken === undefined ? items.length : damage === 'cut' ? items.length : at;
  if (broken !== undefined) {
    texts.splice(faultRow, 0, broken);
    items.splice(faultRow, 0, {});
  }
  const header = damage === 'header' ? CSV_HEADER.replace('City', 'Town') : CSV_HEADER;
  let line = isCsv ? 2 : 1;
  const rows = texts.map((text, index): SentRow => {
    const row = { text, line, item: items[index] ?? {} };
    line += 1 + (text.match(/\n/g)?.length ?? 0);
    return row;
  });
  const lines = [...(isCsv ? [header] : []), ...texts];
  const end = damage === 'cut' || lines.length === 0 ? '' : lineEnd;
  const text = Buffer.from(lines.join(lineEnd) + end || '\n', 'latin1');
  const bytes = isPacked && damage !== 'notGzip' ? damaged(gzipSync(text), damage) : text;
  return {
    ...{ request, format, bytes, header, rows, damage, creates: plan.creates },
    faultRow: damage === 'gzipCut' || damage === 'notGzip' ? undefined : damage === 'header' ? 0 : faultRow,
    frame: {
      ...{ format, compression: isPacked ? 'gzip' : null, size: bytes.length },
      ...(isCsv && { columns: COLUMNS }),
    },
  };
}

/** What a whole file would be, of the same size. */
export function otherFile(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('assignee-', 'somebody-'), 'latin1');
}

/** Each with a cell that is not sent, and is to come back as it is. */
const NOTES = ['', ' x ', '"a, ""b"""', '"two\nlines"'];

function csvRow({ id, lead_id, state, status, assignedTo, data }: Item, note: number): string {
  const { city, score } = data as Item;
  const cells = [id, lead_id, state, status, assignedTo, city, score].map((value) => value ?? '');
  return [...cells, NOTES[note]].join(',');
}

function brokenRow(damage: Damage | undefined, isCsv: boolean): string | undefined {
  if (damage === 'cut') return isCsv ? 'x,KEY-A,,,"cut' : '{"lead_id":"KEY';
  if (damage === 'notUtf8') return isCsv ? ',KEY-A,,,\xff,,,' : '{"lead_id":"KEY-A","assignedTo":"\xff"}';
  return damage === 'notCsv' ? ',KEY-A,,,"a"b,,,' : undefined;
}

function damaged(packed: Buffer, damage: Damage | undefined): Buffer {
  if (damage === 'gzipCut') return packed.subarray(0, -12);
  if (damage === 'gzipDamaged')
    packed.writeUInt32LE((packed.readUInt32LE(packed.length - 8) ^ 1) >>> 0, packed.length - 8);
  return packed;
}
