import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { oneLine } from '../../lambdas/contract/printable.ts';
import type { BulkUpdateClient, Job } from '../client/index.ts';
import type { ApiFlags } from './api-command.ts';
import { lineFor } from './command-lines.ts';
import { checkCounts } from './counts.ts';
import { exitCodeOf } from './exit-code.ts';
import { showReading } from './job-progress.ts';
import { print, say } from './output.ts';
import { countsTable } from './summary.ts';
import { progress, REPORT_EVERY_SECONDS } from './terminal.ts';
import { tallyUndo, undoTable } from './undo-counts.ts';

/** Waits until a job has ended, shows it, and sets the exit code of the process. A plan is shown at once, and so is
 * a job that waits for its file. */
export async function watchJob(client: BulkUpdateClient, jobId: string, flags: ApiFlags): Promise<void> {
  let last: Job | undefined;
  const show = showReading(progress);
  for await (const job of client.watch(jobId, { everySeconds: REPORT_EVERY_SECONDS })) {
    checkCounts(job.counts, job.total);
    if (job.completionStatus !== 'PLANNED' && job.completionStatus !== 'AWAITING_UPLOAD') show(job);
    last = job;
  }
  progress.stop();
  if (last !== undefined) await showJob(client, last, flags);
}

async function showJob(client: BulkUpdateClient, job: Job, flags: ApiFlags): Promise<void> {
  // An undo that succeeded may have left everything as it was: its outcomes tell.
  const outcomes = job.undoes === undefined ? undefined : await tallyUndo(client.entries(job.id));
  print({ ...job, ...definedOf({ outcomes }) }, flags, () => {
    say(oneLine([job.id, job.completionStatus, job.statusMessage ?? ''].join(' ').trimEnd()));
    for (const line of undoLines(job)) say(line);
    if (job.completionStatus === 'AWAITING_UPLOAD') say(UPLOAD);
    else say(outcomes === undefined ? countsTable(job.counts) : undoTable(outcomes));
    if (outcomes !== undefined) say(`\nSee each entry: ${lineFor('entries', job.id, flags)}`);
    if (job.completionStatus === 'PLANNED') {
      say(`\nIt waits for your approval. Look at it: ${lineFor('plan', job.id, flags)}`);
    }
  });
  process.exitCode = exitCodeOf(job.counts);
}

const UPLOAD = 'Send its file by the same command that began the job, or cancel the job.';

/** Returns which job a job undoes, and which one undoes it. */
function undoLines({ undoes, undoneBy }: Job): string[] {
  return [
    ...(undoes === undefined ? [] : [oneLine(`It undoes the job ${undoes}.`)]),
    ...(undoneBy === undefined ? [] : [oneLine(`The job ${undoneBy} undoes it.`)]),
  ];
}
