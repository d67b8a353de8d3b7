import { counted } from '../../../lambdas/contract/counted.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { lineFor } from '../command-lines.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';

export const retryCommand = subcommand(
  'retry',
  'retry the entries that failed for a transient reason, as a new job',
)
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    const client = await clientOf(flags);
    const accepted = await client.retry(jobId);
    print(accepted, flags, () => {
      const items = counted(accepted.total, 'entry is', 'entries are');
      say(`${items} queued again. Watch the job: ${lineFor('watch', accepted.job.id, flags)}`);
    });
  });
