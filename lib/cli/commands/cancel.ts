import { type ApiFlags, clientOf } from '../api-command.ts';
import { lineFor } from '../command-lines.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';

export const cancelCommand = subcommand(
  'cancel',
  'cancel the updates of a job that are not applied yet, or discard a plan',
)
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    const client = await clientOf(flags);
    const job = await client.cancel(jobId);
    // A plan ends at once.
    const isDiscarded = job.plannedCounts !== undefined && job.completionStatus === 'CANCELLED';
    // Nor does a job whose file was not uploaded have anything to end.
    const isWithoutFile = job.bytesRead === 0 && job.total === 0 && job.completionStatus === 'CANCELLED';
    print(job, flags, () =>
      say(
        isDiscarded
          ? 'The plan is discarded. Nothing of it was applied.'
          : isWithoutFile
            ? 'The upload is cancelled. Nothing of the file was applied.'
            : `The job ends within seconds. Watch it: ${lineFor('watch', job.id, flags)}`,
      ),
    );
  });
