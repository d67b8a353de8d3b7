import { type ApiFlags, apiCommand, clientOf } from '../api-command.ts';
import { lineToWatch } from '../command-lines.ts';
import { print, say } from '../output.ts';

export const cancelCommand = apiCommand('cancel', 'cancel the updates of a job that are not applied yet')
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    const client = await clientOf(flags);
    const job = await client.cancel(jobId);
    print(job, flags, () => say(`The job ends within seconds. Watch it: ${lineToWatch(job.id, flags)}`));
  });
