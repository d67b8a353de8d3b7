import { counted } from '../../../lambdas/contract/counted.ts';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { Job } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { lineFor } from '../command-lines.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { complain, print, say } from '../output.ts';
import { subcommand } from '../program.ts';
import { askWhether, isInteractive } from '../prompts.ts';
import { plannedTable } from '../summary.ts';
import { UsageError } from '../usage-error.ts';
import { watchJob } from '../watch-job.ts';

interface ApproveFlags extends ApiFlags {
  yes?: true;
  watch?: true;
}

export const approveCommand = subcommand('approve', 'apply a plan, where nothing has changed since')
  .argument('<job>', 'id of the job that "submit --plan" printed')
  .option('--yes', 'approve without asking')
  .option('--watch', 'wait until the updates are applied')
  .action(async (jobId: string, flags: ApproveFlags) => {
    const client = await clientOf(flags);
    const job = await client.job(jobId);
    if (job.completionStatus === 'PLANNED' && !(await isConfirmed(job, flags))) {
      complain('Nothing was approved.');
      process.exitCode = EXIT_CODES.notApproved;
      return;
    }
    // To approve again is the same as once, and the API says why another job cannot be.
    const accepted = await client.approve(jobId, definedOf({ etag: job.etag }));
    if (flags.watch === true) {
      await watchJob(client, jobId, flags);
      return;
    }
    print(accepted, flags, () => {
      const entries = counted(accepted.queued, 'entry is', 'entries are');
      say(`The plan is approved: ${entries} queued. Watch the job: ${lineFor('watch', jobId, flags)}`);
    });
  });

/** Shows what is approved, and asks. */
async function isConfirmed({ id, plannedCounts }: Job, flags: ApproveFlags): Promise<boolean> {
  // The result of the command is what comes of the approval.
  if (plannedCounts !== undefined) complain(plannedTable(plannedCounts));
  if (flags.yes === true) return true;
  if (isInteractive()) return askWhether('Apply it?');
  throw new UsageError(
    `Nothing was approved, as nobody can be asked. Look at the plan with ${lineFor('plan', id, flags)}, and approve it with --yes.`,
  );
}
