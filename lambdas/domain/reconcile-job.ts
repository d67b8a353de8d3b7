import pMap from 'p-map';
import { UPDATE_RETENTION_MS } from '../contract/limits.ts';
import {
  COUNT_AGAIN_MS,
  FINALIZE_LIMIT_MS,
  IN_FLIGHT_MS,
  orderIn,
  RECONCILE_MS,
  type StoredJob,
} from './job.ts';
import type { JobState, Jobs, Processes, Submissions } from './ports.ts';
import { progressOfState } from './progress.ts';
import { heldBack, releasedTo } from './release.ts';
import { type EntryResult, foldResults, type Result } from './results.ts';
import { possibleReferencesOf, type SubmittedEntry } from './submission.ts';
import { traceOf } from './trace.ts';

export interface ReconcilePorts {
  jobs: Jobs;
  submissions: Submissions;
  processes: Processes;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
}

export interface Reconciled {
  /** How many entries were reconciled. */
  count: number;
  /** Whether there was no time for the rest: the next invocation goes on. */
  isCutShort: boolean;
}

/** What an entry without a result ends as, and from when on none can come any more. */
interface Reconciliation {
  result: Result;
  at: number;
}

/** Processes read at a time. */
const READS_IN_FLIGHT = 32;
/** How many are reconciled and recorded before the time is checked again. */
const ENTRIES_AT_A_TIME = 500;
/** No more are begun when less time than this remains: several times what that number usually takes. */
const RESERVE_MS = 10_000;

/**
 * What becomes of an entry that is left without a result: not queued when accepting broke off or the queue
 * refused it, cancelled after the job was stopped, given up when the queue keeps no update of that age. Each from the
 * time on when no invocation is left that might still apply it. An entry that waits for its release waits on, or is
 * cancelled at once: none is released after a stop.
 */
function reconciliationOf(job: StoredJob, index: number): Reconciliation {
  const { queuedAt, stopped } = job;
  const queuedUntil = job.releasedAt === undefined ? job.acceptingUntil : job.releasedAt + FINALIZE_LIMIT_MS;
  const isReleased = index < releasedTo(job);
  const reconciliations: Reconciliation[] = [
    {
      result: { error: 'PROCESSING_FAILED' },
      at: isReleased ? queuedUntil + UPDATE_RETENTION_MS + RECONCILE_MS : Number.POSITIVE_INFINITY,
    },
  ];
  if (queuedAt === undefined) {
    reconciliations.push({
      result: { error: 'NOT_QUEUED' },
      at: job.acceptingUntil + IN_FLIGHT_MS + RECONCILE_MS,
    });
  } else if (job.notQueued?.includes(index)) {
    reconciliations.push({ result: { error: 'NOT_QUEUED' }, at: queuedAt + RECONCILE_MS });
  }
  if (stopped !== undefined) {
    // Of a plan and of an undo, the job check itself records some results, and it has more time than apply.
    const isRecordedByCheck = job.plan !== undefined || job.undoes !== undefined;
    const at = isReleased ? stopped.at + (isRecordedByCheck ? COUNT_AGAIN_MS : RECONCILE_MS) : 0;
    reconciliations.push({ result: { cancelled: true }, at });
  }
  return reconciliations.reduce((earliest, other) => (other.at < earliest.at ? other : earliest));
}

/** The next time, from `now` on, at which entries of a job may be reconciled. */
export function nextReconciliation(job: StoredJob, now: number): number {
  const all = [
    reconciliationOf(job, -1),
    ...(job.notQueued ?? []).map((index) => reconciliationOf(job, index)),
  ];
  return Math.min(...all.map(({ at }) => at).filter((at) => at > now));
}

/**
 * Records the end of the entries that have no result and can get none any more. An invocation may have applied
 * such an update and died before it recorded that: the process tells, since nothing writes to it now that the
 * update's order number could come from.
 *
 * Results are recorded in steps, as far as the time of the invocation goes.
 */
export async function reconcileEntries({ job, log }: JobState, ports: ReconcilePorts): Promise<Reconciled> {
  const now = ports.now();
  const isDue = (index: number) => reconciliationOf(job, index).at <= now;
  const results = foldResults(log);
  let count = 0;
  const isRefusedDue = job.notQueued?.some((index) => !results.has(index) && isDue(index));
  const ended = results.keys().filter((index) => index >= releasedTo(job));
  const isHeldBackDue = job.stopped !== undefined && [...ended].length < heldBack(job);
  if (!isDue(-1) && !isRefusedDue && !isHeldBackDue) return { count, isCutShort: false };
  for (const [number, start] of job.chunkStarts.entries()) {
    const open = (await ports.submissions.readChunk(job.id, number))
      .map((submitted, offset) => ({ submitted, index: start + offset }))
      .filter(
        ({ submitted, index }) => submitted.errors === undefined && !results.has(index) && isDue(index),
      );
    for (let first = 0; first < open.length; first += ENTRIES_AT_A_TIME) {
      if (ports.now() > ports.deadline() - RESERVE_MS) return { count, isCutShort: true };
      const some = open.slice(first, first + ENTRIES_AT_A_TIME);
      const ended = await pMap(some, (entry) => endOf(entry, job, ports), {
        concurrency: READS_IN_FLIGHT,
      });
      const left = await withoutResult(job.id, ended, ports.jobs);
      if (left.length === 0) continue;
      await ports.jobs.appendResults(job.id, { startedAt: now, completedAt: ports.now(), results: left });
      count += left.length;
    }
  }
  return { count, isCutShort: false };
}

/**
 * Leaves out what another invocation has reconciled meanwhile. The job may have ended with that and been retried, and a
 * retried entry keeps its order: then the process shows the retry's update, not the entry's own.
 */
async function withoutResult(jobId: string, ended: EntryResult[], jobs: Jobs): Promise<EntryResult[]> {
  const isShown = ended.some(({ attempts }) => attempts > 0);
  if (!isShown) return ended;
  const state = await jobs.read(jobId);
  if (state === undefined || progressOfState(state).status !== 'IN_PROGRESS') return [];
  const results = foldResults(state.log);
  return ended.filter(({ index }) => !results.has(index));
}

async function endOf(
  { submitted, index }: { submitted: SubmittedEntry; index: number },
  job: StoredJob,
  { processes }: ReconcilePorts,
): Promise<EntryResult> {
  const left: EntryResult = { index, result: reconciliationOf(job, index).result, attempts: 0 };
  if (index >= releasedTo(job)) return left;
  const order = submitted.order ?? orderIn(job, index);
  for (const target of possibleReferencesOf(submitted, job.primaryKey)) {
    const { team, procedure } = job;
    const { creates: create } = job;
    const traced = await traceOf({ team, procedure, target, order, index, create }, processes);
    if (traced !== undefined) return { attempts: 1, ...traced };
  }
  return left;
}
