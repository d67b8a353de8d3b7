import type { EntryCounts, Job } from '../../client/index.ts';

/** The progress of a job at a time. */
export interface Sample {
  /** Epoch ms. */
  at: number;
  processed: number;
}

/** The rate is measured over the last seconds, so that it is current. */
const WINDOW_MS = 8_000;

export function processedOf({ total, counts }: Pick<Job, 'total' | 'counts'>): number {
  return total - counts.NOT_STARTED;
}

/** Adds a sample, and drops those that are too old. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter(({ at }) => sample.at - at <= WINDOW_MS), sample];
}

/** Returns the entries a second. Undefined until there are two samples. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) return undefined;
  return ((last.processed - first.processed) * 1000) / (last.at - first.at);
}

/** Returns the time until a job in progress ends at its current rate, in ms. Undefined while nothing moves. */
export function timeLeft(job: Pick<Job, 'total' | 'counts'>, samples: readonly Sample[]): number | undefined {
  const rate = rateOf(samples);
  return rate === undefined || rate <= 0 ? undefined : (job.counts.NOT_STARTED * 1000) / rate;
}

/** Returns the entries a second of a job that has ended. */
export function overallRate({ counts, startedAt, completedAt }: Job): number | undefined {
  const applied = counts.SUCCESS + counts.ERROR;
  return startedAt > 0 && completedAt > startedAt ? (applied * 1000) / (completedAt - startedAt) : undefined;
}

/** Whole percent, of which 100 means that all is done. */
export function percentOf(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((done * 100) / total);
}

/** Counts the entries that ended without being applied. */
export function failedCount({ INVALID, ERROR, CANCELLED }: EntryCounts): number {
  return INVALID + ERROR + CANCELLED;
}

const STEP_PERCENT = 25;

/** Returns what screen readers announce: each quarter and the end, not every change. */
export function announcementOf(job: Job): string {
  const { completionStatus, counts, total } = job;
  if (completionStatus !== 'IN_PROGRESS') {
    const what = job.undoes === undefined ? 'applied' : 'done';
    return `The job has ended: ${counts.SUCCESS} of ${total} ${what}, ${failedCount(counts)} failed.`;
  }
  const percent = percentOf(processedOf(job), total);
  return percent < STEP_PERCENT
    ? 'The job is in progress.'
    : `${percent - (percent % STEP_PERCENT)} percent processed.`;
}
