import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { Job } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { checkCounts } from '../counts.ts';
import { exitCodeOf } from '../exit-code.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';
import { countsTable } from '../summary.ts';
import { progress, REPORT_EVERY_SECONDS } from '../terminal.ts';

export const watchCommand = subcommand('watch', 'wait until a job has ended')
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    const client = await clientOf(flags);
    let last: Job | undefined;
    for await (const job of client.watch(jobId, { everySeconds: REPORT_EVERY_SECONDS })) {
      checkCounts(job.counts, job.total);
      progress.update('processed', job.total - job.counts.NOT_STARTED, job.total);
      last = job;
    }
    progress.stop();
    if (last !== undefined) showJob(last, flags);
  });

function showJob(job: Job, flags: ApiFlags): void {
  print(job, flags, () => {
    say(oneLine([job.id, job.completionStatus, job.statusMessage ?? ''].join(' ').trimEnd()));
    say(countsTable(job.counts));
  });
  process.exitCode = exitCodeOf(job.counts);
}
