import {
  HEADER,
  LATE_RESULT_PREFIX,
  RESULT_PREFIX,
  readHeader,
  readResults,
} from '../../../lambdas/adapters/job-items.ts';
import { type Entry, entryOf } from '../../../lambdas/domain/entry.ts';
import type { Job } from '../../../lambdas/domain/job.ts';
import type { Process } from '../../../lambdas/domain/process.ts';
import { progressOf, progressOfState } from '../../../lambdas/domain/progress.ts';
import { foldResults } from '../../../lambdas/domain/results.ts';
import { readChunk } from '../../../lambdas/domain/submission.ts';
import type { Item } from './expressions.ts';
import type { Pipeline } from './pipeline.ts';
import { FIELDS, type Field } from './plan.ts';

/** A job with everything that is known of it, as the tables hold it. */
export interface KnownJob {
  job: Job;
  entries: KnownEntry[];
}

export interface KnownEntry {
  job: Job;
  entry: Entry;
  item: Item;
  order: number;
}

/** What the clients saw, for comparison with what became of it. */
export interface Acknowledged {
  client: number;
  request: number;
  jobId: string;
  queued: number;
}

/** All jobs, the oldest first. */
export function knownJobs({ tables }: Pipeline): KnownJob[] {
  const items = Map.groupBy(tables.items('jobs'), ({ jobId }) => jobId as string);
  const jobs: KnownJob[] = [];
  for (const parts of items.values()) {
    const header = parts.find(({ part }) => part === HEADER);
    if (header === undefined) continue;
    const job = readHeader(header);
    const results = foldResults(logOf(parts));
    const submitted = parts
      .filter(({ part }) => String(part).startsWith('submission#'))
      .sort((a, b) => (String(a.part) < String(b.part) ? -1 : 1))
      .flatMap(({ chunk }) => readChunk(chunk as Uint8Array));
    const entries = submitted.map((entry, index) => ({
      job,
      entry: entryOf(job, index, entry, results.get(index)),
      item: entry.item as Item,
      // As the contract says it: job by job, and by index within a job.
      order: entry.order ?? job.sequence * 10_000 + index,
    }));
    jobs.push({ job, entries });
  }
  return jobs.sort((a, b) => a.job.sequence - b.job.sequence);
}

function logOf(parts: readonly Item[]) {
  const isResult = ({ part }: Item) =>
    [RESULT_PREFIX, LATE_RESULT_PREFIX].some((prefix) => String(part).startsWith(prefix));
  return parts.filter(isResult).map(readResults);
}

/** Each job has ended, its end was announced, and what clients see of it is what its results come to. */
export function jobViolations(pipeline: Pipeline, jobs: readonly KnownJob[]): string[] {
  const violations: string[] = [];
  const items = Map.groupBy(pipeline.tables.items('jobs'), ({ jobId }) => jobId as string);
  for (const { job, entries } of jobs) {
    const parts = items.get(job.id) ?? [];
    const log = logOf(parts);
    const late = parts.filter(({ part }) => String(part).startsWith(LATE_RESULT_PREFIX));
    const seen = progressOfState({ job, log: job.end !== undefined && late.length === 0 ? [] : log });
    const { counts } = progressOf(job, foldResults(log));
    if (job.end === undefined) violations.push(`${job.id}: has no end, ${JSON.stringify(counts)}`);
    if (job.announcedAt === undefined) violations.push(`${job.id}: its end is not noted as announced`);
    if (!pipeline.events.some(({ id }) => id === job.id)) violations.push(`${job.id}: was never announced`);
    if (JSON.stringify(seen.counts) !== JSON.stringify(counts)) {
      violations.push(
        `${job.id}: shows ${JSON.stringify(seen.counts)}, its results are ${JSON.stringify(counts)}`,
      );
    }
    for (const [status, count] of Object.entries(counts)) {
      const listed = entries.filter(({ entry }) => entry.completionStatus === status).length;
      if (listed !== count) violations.push(`${job.id}: counts ${count} ${status}, lists ${listed}`);
    }
  }
  return violations;
}

/** A job takes that long at most, delays and all attempts included, unless the queue drops an update of it. */
const LONGEST_JOB_MS = 3 * 60 * 60 * 1000;

/**
 * A job ends in good time, and its end is final.
 * @param isDuplicated - whether a second copy may be delivered when the first has failed at every attempt
 * @param expired - entries that the queue dropped
 */
export function endViolations(
  jobs: readonly KnownJob[],
  isDuplicated: boolean,
  expired: ReadonlySet<string>,
): string[] {
  return jobs.flatMap(({ job, entries }) => {
    if (job.end === undefined) return [];
    const violations: string[] = [];
    const isHeldBack = entries.some((_, index) => expired.has(`${job.id}/${index}`));
    const tookMs = job.end.completedAt - job.createdAt;
    if (!isHeldBack && tookMs > LONGEST_JOB_MS) violations.push(`${job.id}: took ${tookMs} ms to end`);
    for (const [status, count] of Object.entries(job.end.counts)) {
      const listed = entries.filter(({ entry }) => entry.completionStatus === status).length;
      if (!isDuplicated && listed !== count) {
        violations.push(`${job.id}: ended with ${count} ${status}, and has ${listed} now`);
      }
    }
    return violations;
  });
}

/**
 * No request is accepted twice, however often it is sent with its Idempotency-Key.
 * @param sent - the items of each request, as text
 */
export function onceViolations(jobs: readonly KnownJob[], sent: readonly string[]): string[] {
  const accepted = jobs.filter(({ job }) => job.queuedAt !== undefined && job.parent === undefined);
  const itemsOf = ({ entries }: KnownJob) => JSON.stringify(entries.map(({ item }) => item));
  return [...Map.groupBy(accepted, itemsOf)].flatMap(([items, group]) => {
    const requests = sent.filter((request) => request === items).length;
    if (group.length <= requests) return [];
    return [`${group.map(({ job }) => job.id)} are ${group.length} jobs of ${requests} requests`];
  });
}

/** Each entry ended as it should. */
export function entryViolations(
  jobs: readonly KnownJob[],
  processes: readonly Process[],
  expired: ReadonlySet<string>,
): string[] {
  const all = jobs.flatMap(({ entries }) => entries);
  return all.flatMap((known) => {
    const { job, entry } = known;
    const ended = entry.errors[0]?.code ?? entry.completionStatus;
    const allowed = allowedEnds(known, all, processes, expired);
    return allowed.includes(entry.completionStatus === 'INVALID' ? 'INVALID' : ended)
      ? []
      : [
          `${job.id}/${entry.index}: ended as ${ended}, not as ${allowed.join(' or ')}: ${JSON.stringify(known.item)}`,
        ];
  });
}

function allowedEnds(
  known: KnownEntry,
  all: readonly KnownEntry[],
  processes: readonly Process[],
  expired: ReadonlySet<string>,
): string[] {
  const { job, entry, item, order } = known;
  if (item.status !== undefined) return ['INVALID'];
  const allowed: string[] = [];
  // A redrive does not bring back what was given up in a job that is cancelled.
  if (job.cancelledAt !== undefined) allowed.push('CANCELLED', 'PROCESSING_FAILED');
  if (job.queuedAt === undefined || job.notQueued?.includes(entry.index)) allowed.push('NOT_QUEUED');
  if (expired.has(`${job.id}/${entry.index}`)) allowed.push('PROCESSING_FAILED');

  const found = processesOf(job, item, processes);
  const [process] = found;
  if (process === undefined) return [...allowed, 'PROCESS_NOT_FOUND'];
  if (found.length > 1) return [...allowed, 'AMBIGUOUS_PRIMARY_KEY'];
  const isMismatch = item.lead_id !== undefined && item.lead_id !== process.primaryKey;
  if (isMismatch) return [...allowed, 'PRIMARY_KEY_MISMATCH'];
  // Which of a deletion and a later update arrives first is not promised.
  const isAfterDeletion = all.some(
    (other) =>
      other.entry.completionStatus === 'SUCCESS' &&
      other.item.isDeleted === true &&
      other.order < order &&
      processesOf(other.job, other.item, processes)[0] === process,
  );
  return [...allowed, 'SUCCESS', ...(isAfterDeletion ? ['PROCESS_DELETED'] : [])];
}

/** Each process holds, field by field, what the last accepted entry brought that succeeded, and nothing else. */
export function processViolations(jobs: readonly KnownJob[], processes: readonly Process[]): string[] {
  const violations: string[] = [];
  const all = jobs.flatMap(({ entries }) => entries).sort((a, b) => a.order - b.order);
  for (const process of processes) {
    const concerning = all.filter(({ job, item }) => processesOf(job, item, processes)[0] === process);
    for (const field of [...FIELDS, 'isDeleted'] as const) {
      const setting = concerning.filter(({ item }) => valueIn(item, field) !== undefined);
      const last = setting.findLast(({ entry }) => entry.completionStatus === 'SUCCESS');
      const expected = last === undefined ? null : valueIn(last.item, field);
      // Given up: it may have been written before that.
      const unsure = setting
        .filter(({ entry, order }) => isGivenUp(entry) && order > (last?.order ?? -1))
        .map(({ item }) => valueIn(item, field));
      const actual = valueIn(process as unknown as Item, field) ?? null;
      if (actual !== expected && !unsure.includes(actual)) {
        violations.push(
          `${process.id}.${field} is ${actual}, not ${expected} of ${last?.job.id}/${last?.entry.index}`,
        );
      }
    }
  }
  return violations;
}

function isGivenUp({ errors }: Entry): boolean {
  return errors[0]?.code === 'PROCESSING_FAILED';
}

/** The processes that an item of a job names, by the id if it has one. */
function processesOf({ team }: Job, { id, lead_id }: Item, processes: readonly Process[]): Process[] {
  return processes.filter(
    (process) =>
      process.team === team && (id === undefined ? process.primaryKey === lead_id : process.id === id),
  );
}

function valueIn(item: Item, field: Field | 'isDeleted'): unknown {
  if (!field.startsWith('data.')) return item[field];
  return (item.data as Item | undefined)?.[field.slice('data.'.length)];
}

/** Clients that had an acknowledgment before they sent their next request are served in that order. */
export function orderViolations(jobs: readonly KnownJob[], acknowledged: readonly Acknowledged[]): string[] {
  const known = new Map(jobs.map((one) => [one.job.id, one]));
  return acknowledged.flatMap(({ client, jobId, queued }, position) => {
    const found = known.get(jobId);
    if (found === undefined) return [`${jobId}: was acknowledged and does not exist`];
    const violations: string[] = [];
    const before = acknowledged.slice(0, position).findLast((other) => other.client === client);
    const earlier = before === undefined ? undefined : known.get(before.jobId);
    if (earlier !== undefined && earlier.job.sequence >= found.job.sequence) {
      violations.push(`${jobId}: comes before ${earlier.job.id}, which was acknowledged before it was sent`);
    }
    const { job } = found;
    const onQueue = job.total - job.invalid - (job.notQueued?.length ?? 0);
    if (queued !== onQueue) violations.push(`${jobId}: ${queued} were said to be queued, ${onQueue} are`);
    return violations;
  });
}
