import { oneLine } from '../../lambdas/contract/printable.ts';
import type { BulkUpdateClient, Job } from '../client/index.ts';
import type { ApiFlags } from './api-command.ts';
import { lineFor } from './command-lines.ts';
import { checkCounts } from './counts.ts';
import { exitCodeOf } from './exit-code.ts';
import { print, say } from './output.ts';
import { countsTable } from './summary.ts';
import { progress, REPORT_EVERY_SECONDS } from './terminal.ts';

/** Waits until a job has ended, shows it, and sets the exit code of the process. A plan is shown at once. */
export async function watchJob(client: BulkUpdateClient, jobId: string, flags: ApiFlags): Promise<void> {
  let last: Job | undefined;
  for await (const job of client.watch(jobId, { everySeconds: REPORT_EVERY_SECONDS })) {
    checkCounts(job.counts, job.total);
    if (job.completionStatus !== 'PLANNED') {
      progress.update('processed', job.total - job.counts.NOT_STARTED, job.total);
    }
    last = job;
  }
  progress.stop();
  if (last !== undefined) showJob(last, flags);
}

function showJob(job: Job, flags: ApiFlags): void {
  print(job, flags, () => {
    say(oneLine([job.id, job.completionStatus, job.statusMessage ?? ''].join(' ').trimEnd()));
    say(countsTable(job.counts));
    if (job.completionStatus === 'PLANNED') {
      say(`\nIt waits for your approval. Look at it: ${lineFor('plan', job.id, flags)}`);
    }
  });
  process.exitCode = exitCodeOf(job.counts);
}
