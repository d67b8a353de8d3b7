import { type ApiFlags, clientOf } from '../api-command.ts';
import { subcommand } from '../program.ts';
import { watchJob } from '../watch-job.ts';

export const watchCommand = subcommand('watch', 'wait until a job has ended')
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    await watchJob(await clientOf(flags), jobId, flags);
  });
