/** What has to hold of file jobs, by the contract alone, as `invariants.ts`. */
import { isDeepStrictEqual } from 'node:util';
import { isOfNewKey } from './creation-invariants.ts';
import { type Evidence, isUndoWrite, type SeenEntry, type SeenJob } from './evidence.ts';
import type { Item } from './expressions.ts';
import type { FilesPlan } from './file-plan.ts';
import type { SentFile, SentRow } from './file-workload.ts';
import {
  abortViolations,
  creationViolations,
  orderViolations,
  safeguardViolations,
  stateViolations,
  undoViolations,
  violationsOfEnd,
  violationsOfJob,
  violationsOfOutcome,
  violationsOfProcess,
  violationsOfRefusal,
} from './invariants.ts';
import type { Plan, Safeguards } from './plan.ts';
import { onceUndoneViolations } from './undo-invariants.ts';
import { isNewKey } from './workload.ts';

/** A file job as it is seen at its end. */
export interface SeenFile {
  job: SeenJob;
  /** As the API tells it. */
  status: string;
  /** Of the API, with the total and how far reading is. */
  meta: Item;
  safeguards: Safeguards;
  /** The file that its rows are from; another job's of an undo or a retry. */
  sent: SentFile;
  /** Whether it has a file of its own. */
  isFirst: boolean;
  /** The texts of its files of results. */
  results: Record<string, string[]> | undefined;
  /** Rows, from 0, that had a job. */
  hadJob: ReadonlySet<number>;
  /** All of its entries, also those that are broken or had no job, which its job does not have any more. */
  all: readonly SeenEntry[];
}

/** @param isRedriven - whether the dead letters were sent again */
export function fileViolations(
  plan: FilesPlan,
  evidence: Evidence,
  files: readonly SeenFile[],
  isRedriven: boolean,
): string[] {
  const usual: Plan = { ...plan, clients: [], others: [] };
  const all = evidence.jobs.flatMap((job) => job.entries);
  const isOfUndo = ({ job }: SeenEntry) => job.header.undoes !== undefined;
  const [sent, undoing] = [all.filter((entry) => !isOfUndo(entry)), all.filter(isOfUndo)];
  const isOfOld = (entry: SeenEntry) => !isOfNewKey(entry);
  const [entries, undos] = [sent.filter(isOfOld), undoing.filter(isOfOld)];
  const isFile = (job: SeenJob) => files.some((file) => file.job === job);
  const old = evidence.processes.filter(({ primaryKey }) => !isNewKey(primaryKey));
  return [
    ...evidence.jobs.flatMap((job) => [
      ...(isFile(job) ? [] : violationsOfJob(job, evidence)),
      ...onceUndoneViolations(job, evidence),
    ]),
    ...files.flatMap((file) => [
      ...violationsOfFile(file, evidence),
      ...resultViolations(file),
      ...canaryViolations(file, sent, evidence),
      ...thresholdViolations(file, evidence),
      ...releaseViolations(file, evidence),
    ]),
    ...orderViolations(evidence),
    ...undos.flatMap((undo) => undoViolations(undo, entries, usual, evidence)),
    ...entries.flatMap((entry) => [
      ...violationsOfEnd(entry, entries, usual, evidence, isRedriven),
      ...violationsOfOutcome(entry, entries, undos, evidence),
      ...violationsOfRefusal(entry, entries, evidence),
    ]),
    ...old.flatMap((process) => violationsOfProcess(process, entries, undos, evidence)),
    ...stateViolations(entries, {
      ...evidence,
      writes: evidence.writes.filter(({ after }) => !isNewKey(after.primaryKey)),
    }),
    ...creationViolations(sent.filter(isOfNewKey), undoing.filter(isOfNewKey), usual, evidence, isRedriven),
  ];
}

const statusOf = (end: string) =>
  ['SUCCESS', 'INVALID', 'CANCELLED', 'NOT_STARTED'].includes(end) ? end : 'ERROR';

/** The job has ended as its entries say, and its file is read to its end. */
function violationsOfFile(
  { job, status, meta, sent, isFirst, all }: SeenFile,
  { announced, cancelAsked }: Evidence,
): string[] {
  const { id, counts, header } = job;
  const wrong: string[] = [];
  const say = (text: string) => wrong.push(`${id} ${text}`);
  const isUploaded = (header.fileJob as Item).accepted !== undefined;
  if (!isUploaded) {
    if (status !== 'CANCELLED') say(`is ${status}, and was never uploaded`);
    if (all.length > 0) say('has entries, and was never uploaded');
    return wrong;
  }
  const statuses = all.map(({ end }) => statusOf(end));
  for (const [counted, count] of Object.entries(counts)) {
    const listed = statuses.filter((one) => one === counted).length;
    if (listed !== count) say(`counts ${count} ${counted} and lists ${listed}`);
  }
  if (meta.isTotalFinal !== true) say('has no final total');
  if (meta.bytesRead !== meta.size) say(`has read ${meta.bytesRead} of ${meta.size} bytes`);
  if (meta.total !== all.length) say(`has ${all.length} entries of ${meta.total}`);
  const indexes = all.map(({ index }) => index);
  if (indexes.some((index, place) => index !== place)) say(`has the entries ${indexes}`);
  if (isFirst && sent.faultRow !== undefined && all.length !== sent.rows.length)
    say(`has ${all.length} entries of ${sent.rows.length} rows`);
  if (!announced.has(id)) say('was never announced');
  if (header.end === undefined) say('has no end');

  const hasCancelled = statuses.includes('CANCELLED');
  const isBroken = isFirst && sent.damage !== undefined;
  // What stops a job first decides.
  const isStopped = header.stopped !== undefined && ['CANCELLED', 'ABORTED'].includes(status);
  if (isBroken !== (status === 'FAILED') && !isStopped)
    say(`is ${status}, and its file is ${sent.damage ?? 'whole'}`);
  if (status === 'CANCELLED' && !cancelAsked.has(id)) say('is CANCELLED, and nobody asked for that');
  if (status !== 'FAILED' && hasCancelled !== ['CANCELLED', 'ABORTED'].includes(status))
    say(`is ${status} with ${JSON.stringify(counts)}`);
  for (const { index, end, item } of all) {
    const row = sent.rows[index];
    const isProcessed = sent.faultRow === undefined || index < sent.faultRow;
    if (!isFirst) continue;
    if (!isProcessed && end !== 'CANCELLED') say(`has row ${index + 1} as ${end}, after the fault`);
    if (row !== undefined && isProcessed && end !== 'CANCELLED' && !isSame(item, row.item))
      say(`has ${JSON.stringify(item)} for row ${row.text}`);
  }
  if (isFirst) {
    for (const { index, line } of all)
      if (line !== null && sent.rows[index]?.line !== line) say(`has line ${line} for row ${index + 1}`);
  }
  if (all.some(({ end }) => end === 'NOT_QUEUED')) say('has entries that are NOT_QUEUED');
  return wrong;
}

function isSame({ data, ...item }: Item, { data: sentData, ...sent }: Item): boolean {
  return isDeepStrictEqual(item, sent) && isDeepStrictEqual(data ?? {}, sentData ?? {});
}

/** A row of a file of results. */
interface ResultRow {
  kind: string;
  row: number;
  line: number;
  status: string | undefined;
  code: string | undefined;
  /** Whether it is as it was sent, as far as its number tells. */
  isAsSent: (sent: SentRow) => boolean;
  /** As it is written. */
  text: string;
}

/** Together the files have each row once, in its order, as it was sent, and with what its entry says. */
function resultViolations({ job, sent, results, isFirst, all }: SeenFile): string[] {
  if (results === undefined) return [];
  const wrong: string[] = [];
  const say = (text: string) => wrong.push(`The files of ${job.id} ${text}`);
  const rows = Object.entries(results).flatMap(([kind, texts]) => {
    const found = texts.flatMap((text) =>
      sent.format === 'csv' ? csvRows(kind, text, sent) : ndjsonRows(kind, text),
    );
    if (texts.includes('')) say('have an empty one');
    const numbers = found.map(({ row }) => row);
    if (job.header.undoes === undefined && numbers.some((row, i) => i > 0 && row <= (numbers[i - 1] ?? 0)))
      say(`have ${kind} in the order ${numbers}`);
    return found;
  });
  const numbers = rows.map(({ row }) => row).sort((a, b) => a - b);
  if (new Set(numbers).size < numbers.length) say(`have a row twice: ${numbers}`);
  if (numbers.length !== all.length) say(`have the rows ${numbers}, of ${all.length} entries`);
  const known = job.entries.length;
  // A line of which nobody knows whether it is a row is not as it was sent.
  const isWhole = (row: SentRow) => sent.rows.indexOf(row) < (sent.faultRow ?? known);
  for (const { row, line, kind, status, code, text, isAsSent } of rows) {
    const sentRow = sent.rows[row - 1];
    const entry = all.find((each) => (isFirst ? each.index === row - 1 : each.line === line));
    if (entry === undefined) {
      say(`have row ${row}, and there is no entry`);
      continue;
    }
    const due = statusOf(entry.end);
    const kindDue = due === 'SUCCESS' ? 'succeeded' : due === 'CANCELLED' ? 'unprocessed' : 'failed';
    if (kind !== kindDue || (status !== undefined && status !== due))
      say(`have row ${row} as ${status ?? kind}, and entry ${entry.name} is ${due}`);
    if (due === 'ERROR' && code !== entry.end) say(`have row ${row} as ${code}, and it is ${entry.end}`);
    if (sentRow === undefined || !isWhole(sentRow)) continue;
    if (line !== sentRow.line) say(`have row ${row} on line ${line}, and it is on ${sentRow.line}`);
    if (!isAsSent(sentRow))
      say(`have row ${row} of ${kind} otherwise than ${JSON.stringify(sentRow.text)}: ${text}`);
  }
  return wrong;
}

function csvRows(kind: string, text: string, { header }: SentFile): ResultRow[] {
  const [first, ...records] = recordsOf(text);
  const added = '_row,_line,_status,_outcome,_error_code,_error_message,_process_id';
  const due = `${header},${kind === 'unprocessed' ? '_row,_line' : added}`;
  if (first !== due) throw new Error(`A file of results begins with ${first}, not with ${due}`);
  return records.map((record) => {
    const cells = cellsOf(record);
    const count = kind === 'unprocessed' ? 2 : 7;
    const [row, line, status, , code] = cells.slice(header.split(',').length).slice(0, count);
    return {
      ...{ kind, row: Number(row), line: Number(line), status, code, text: record },
      isAsSent: (sent: SentRow) => record.startsWith(`${sent.text},${row},`),
    };
  });
}

/** The records of a CSV, as they are written. */
function recordsOf(text: string): string[] {
  const records: string[] = [];
  let isQuoted = false;
  let record = '';
  for (const line of text.split('\n')) {
    record += (record === '' ? '' : '\n') + line;
    isQuoted = (record.split('"').length - 1) % 2 === 1;
    if (isQuoted) continue;
    records.push(record.replace(/\r$/, ''));
    record = '';
  }
  return records.filter((each) => each !== '');
}

function cellsOf(record: string): string[] {
  const cells = record.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return cells.map((cell) => cell.replace(/,$/, '').replace(/^"([\s\S]*)"$/, '$1'));
}

function ndjsonRows(kind: string, text: string): ResultRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((record) => {
      const members = JSON.parse(record) as Item;
      const own = Object.fromEntries(Object.entries(members).filter(([name]) => !name.startsWith('_')));
      return {
        ...{ kind, row: Number(members._row), line: Number(members._line), text: record },
        status: members._status as string | undefined,
        code: members._error_code as string | undefined,
        isAsSent: (sent: SentRow) => isDeepStrictEqual(own, JSON.parse(sent.text)),
      };
    });
}

/** Nothing beyond a canary is applied before it has passed. */
function canaryViolations(
  { job, safeguards: { canary, abortOn } }: SeenFile,
  all: readonly SeenEntry[],
  evidence: Evidence,
): string[] {
  if (canary === undefined) return [];
  const errorPercent = abortOn?.errorPercent ?? 0;
  const seen = { ...job, safeguards: { canary, abortOn: { errorPercent, after: 0 } } };
  return safeguardViolations(seen, all, evidence);
}

/** A job is aborted only if at some time too many of its processed entries had failed. */
function thresholdViolations({ job, safeguards, all }: SeenFile, evidence: Evidence): string[] {
  return abortViolations({ ...job, safeguards, entries: [...all] }, evidence);
}

/** What got no job, since its file job was stopped before, is not applied. */
function releaseViolations({ hadJob, all }: SeenFile, { writes }: Evidence): string[] {
  const given = all.filter(({ index }) => !hadJob.has(index));
  return given.flatMap(({ name, item, end }) => {
    const values = [item.assignedTo, (item.data as Item)?.city, (item.data as Item)?.score];
    const isOurs = (process: Item) =>
      [process.assignedTo, (process.data as Item)?.city, (process.data as Item)?.score].some(
        (value, i) => value !== undefined && value !== null && value === values[i],
      );
    const isWritten = writes.some((write) => !isUndoWrite(write) && isOurs(write.after));
    if (end !== 'CANCELLED') return [`${name} is ${end}, and had no job`];
    return isWritten ? [`${name} had no job, and was written`] : [];
  });
}
