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
    print(job, flags, () =>
      say(
        isDiscarded
          ? 'The plan is discarded. Nothing of it was applied.'
          : `The job ends within seconds. Watch it: ${lineFor('watch', job.id, flags)}`,
      ),
    );
  });
