import { type ApiFlags, clientOf } from '../api-command.ts';
import { lineToWatch } from '../command-lines.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';

export const cancelCommand = subcommand('cancel', 'cancel the updates of a job that are not applied yet')
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    const client = await clientOf(flags);
    const job = await client.cancel(jobId);
    print(job, flags, () => say(`The job ends within seconds. Watch it: ${lineToWatch(job.id, flags)}`));
  });
